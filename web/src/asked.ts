// The named queries in Chinese; in English they explain themselves. The browser tests fail
// when a query has no words here.
import type { NamedQuery } from "./model.ts";
import { chinese } from "./words.ts";

const CHINESE: Record<string, readonly [title: string, answers: string]> = {
  agreements: ["全部协议", "谁与谁结好，是何种协议，是否仍有效，始于何时，有多少篇独立文章报道；一行一个协议"],
  "agreements-by-year": ["各年协议数", "每一年各类协议开始了多少，其中多少已终止"],
  "agreements-new": ["某日以来的新事", "自某日起签署、续签或终止的协议，新的在前"],
  "agreements-of-city": ["一个城市的协议", "一个市、县或省与谁结好，是何种协议，是否仍有效，始于何时，以及一句原文"],
  "agreements-of-country": ["一个国家的协议", "一个国家的哪些地方与谁结好，是何种协议，是否仍有效，始于何时，以及一句原文"],
  "agreements-of-province": ["一个省的协议", "一个省或州及其下属各地的协议"],
  articles: ["文章", "读入了哪些文章：题目、日期、来源，各有多少处说法"],
  "cities-by-partners": ["友城最多的城市", "各地有多少个结好对象，分布在多少个国家，多的在前"],
  claims: ["全部说法", "哪篇文章的哪一句，就谁与谁说了什么；一行一处说法"],
  contradictions: ["说法不一", "各文章所说日期或类别不同的协议，以及各有多少篇独立文章这样说"],
  duplicates: ["转载", "哪些文章与更早的一篇是同一篇，因而不算独立报道"],
  edges: ["网络的边", "现行结好关系（备忘录、意向书、合作协议除外）构成的网络：两端的地方、国家与坐标，以及有多少个现行协议"],
  lifecycle: ["协议的经过", "每个协议先后发生的事：拟议、签署、续签、终止，以及各有多少篇独立文章报道"],
  pair: ["一对地方的图", "图谱里关于两地之间协议的一切：双方、事件、说法、原句、文章"],
  "partners-by-country": ["各国的结好对象", "每个国家有多少地方与多少别处结好，共有多少协议，始于何时"],
  "partners-by-year": ["各国各年的协议数", "每个国家每一年开始了多少协议"],
  "places-not-linked": ["未识别的地方", "没有已知编号的协议方，以及提到它的原句"],
  signings: ["签约详情", "谁与谁签署，在何地、何种场合、线上还是现场，涉及哪些领域，以句子为凭"],
  "single-source": ["仅有一个来源", "只有一篇独立文章报道的协议，最不确定的在前"],
  statistics: ["所说的数与数得的数", "文章说某地有多少友城，图谱里又有多少"],
  terminated: ["已终止", "已终止的协议：何时终止，哪一句这样说"],
  timeline: ["一个城市的时间线", "一个城市与结好对象之间先后发生了什么，早的在前，各附原句"],
};

export function title(query: NamedQuery): string {
  return (chinese() && CHINESE[query.name]?.[0]) || query.title;
}

export function answers(query: NamedQuery): string {
  return (chinese() && CHINESE[query.name]?.[1]) || query.answers;
}

// What a parameter wants, by its name.
const PARAMS: Record<string, string> = {
  city: "地名，如 聊城市 或 聊城",
  partner: "对方的地名",
  province: "省、州名，如 山东省 或 山东",
  country: "国家，如 KZ、哈萨克斯坦 或 Kazakhstan",
  since: "起始日期，如 2023-05-01 或 2023",
  until: "截止日期，如 2023-05-01 或 2023",
  kind: "协议类别",
  status: "状态",
};

export function about(param: NamedQuery["params"][number]): string {
  return (chinese() && PARAMS[param.name]) || param.about;
}
