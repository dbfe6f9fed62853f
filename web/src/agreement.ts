// An agreement: what happened to it, by which sentences of which articles.
import { h, said, shown, type Child } from "./dom.ts";
import * as label from "./label.ts";
import type { Agreement, Claim, Event } from "./model.ts";
import * as route from "./route.ts";
import { chinese, maybe, number, sourcesWord, t, term, type Word } from "./words.ts";

export function agreement(of: Agreement): [Child, string] {
  const name = `${label.place(of.a)} — ${label.place(of.b)}`;
  const claims = new Map(of.claims.map((each) => [each.id, each]));
  const told = new Set(of.events.flatMap((each) => each.claims));
  const rest = of.claims.filter((each) => !told.has(each.id));
  const events = [...of.events].sort((x, y) => ((x.date?.edtf ?? "~") < (y.date?.edtf ?? "~") ? -1 : 1));
  return [
    h(
      "article",
      { class: "page" },
      h("p", { class: "crumbs" }, t("agreement")),
      h("h1", { class: "parties" }, party(of.a), h("span", { class: "tie", "aria-hidden": "true" }, "—"), party(of.b)),
      h("p", { class: "chips" }, label.kind(of.kind), label.status(of.status), h("span", {}, label.when(of.date)), h("span", { title: t("sources.help") }, sourcesWord(of.articles)), h("span", {}, `${t("confidence")} ${of.confidence.toFixed(2)}`)),
      of.instrument && h("p", {}, h("span", { class: "faint" }, `${t("instrument")} `), said(of.instrument)),
      disagreement(of),
      h("h2", {}, t("lifecycle")),
      h("ol", { class: "life" }, events.map((each) => event(each, of, claims))),
      rest.length > 0 && [h("h2", {}, t("lifecycle.rest")), h("ul", { class: "claims" }, rest.map((each) => h("li", {}, claim(each))))],
      of.others.length > 0 && [
        h("h2", {}, t("others")),
        h(
          "ul",
          { class: "plain" },
          of.others.map((each) => h("li", {}, label.kind(each.kind), " ", label.status(each.status), " ", h("a", { href: route.agreement(each.id) }, label.date(each.date) || t("nodate")), h("span", { class: "faint" }, ` · ${sourcesWord(each.articles)}`))),
        ),
      ],
    ),
    name,
  ];
}

function party(place: Agreement["a"]): HTMLElement {
  return h("span", {}, label.placeLink(place), place.country && label.country(place.country) !== label.place(place) && h("small", {}, ` ${label.country(place.country)}`));
}

// What the articles do not agree on, side by side.
function disagreement(of: Agreement): Child {
  if (!of.contradictions.length) return null;
  const dated = of.events.filter((each) => each.date && (each.status === "signed" || each.status === "established"));
  return h(
    "div",
    { class: "warning" },
    h("strong", {}, t("contradiction")),
    of.contradictions.includes("date") && h("p", {}, `${t("contradiction.date")}: `, dated.map((each, index) => [index > 0 && (chinese() ? "；" : "; "), label.when(each.date), ` (${sourcesWord(each.articles)})`])),
    of.contradictions.includes("kind") && h("p", {}, `${t("contradiction.kind")}: `, [...new Set(of.events.map((each) => each.kind))].map(term).join(chinese() ? "、" : ", ")),
  );
}

function event(each: Event, of: Agreement, claims: Map<string, Claim>): HTMLElement {
  const told = each.claims.flatMap((id) => claims.get(id) ?? []);
  return h(
    "li",
    { class: `life-${each.status}` },
    h(
      "h3",
      {},
      h("span", { class: "day" }, label.when(each.date)),
      " ",
      label.status(each.status),
      each.kind !== of.kind && [" ", label.kind(each.kind)],
      h("span", { class: "faint" }, ` · ${sourcesWord(each.articles)}${told.length > 1 ? ` · ${t("lifecycle.claims", { n: number(told.length) })}` : ""}`),
    ),
    h("ul", { class: "claims" }, told.map((one) => h("li", {}, claim(one)))),
  );
}

// A sentence where it stands, and all that was read in it.
export function claim(one: Claim): HTMLElement {
  const at: [number, number] = [one.start, one.end];
  const facts: [Word, Child][] = [];
  const fact = (word: Word, value: Child): void => void (value && facts.push([word, value]));
  fact("date", one.date && [label.when(one.date), one.basis && ` (${maybe("basis", one.basis)})`]);
  fact("status", one.status === "anniversary" && term(one.status));
  fact("instrument", one.instrument && said(one.instrument));
  fact("signatories", one.signatories.length > 0 && said(one.signatories.join("；")));
  fact("signedat", one.signed_at && said(one.signed_at));
  fact("occasion", one.occasion && said(one.occasion));
  fact("mode", one.mode && shown(one.mode));
  fact("fields", one.fields.length > 0 && said(one.fields.join("、")));
  fact("confidence", one.confidence.toFixed(2));
  fact("rule", h("code", {}, shown(one.rule)));
  return h(
    "div",
    { class: "claim" },
    h("blockquote", { lang: "zh-Hans" }, h("bdi", {}, h("span", { class: "around" }, shown(one.before)), h("mark", {}, shown(one.quote)), h("span", { class: "around" }, shown(one.after)))),
    h("p", {}, label.source(one.article, at), " ", h("a", { class: "button small", href: route.article(one.article.id, at) }, t("incontext"))),
    h("dl", { class: "inline" }, facts.map(([word, value]) => h("div", {}, h("dt", {}, t(word)), h("dd", {}, value)))),
  );
}
