// Every word of the explorer, in Chinese and in English.

const WORDS = {
  // [Chinese, English]; {n} and its like are filled in.
  app: ["友城", "youcheng"],
  tagline: ["城市外交知识图谱", "a knowledge graph of city diplomacy"],
  skip: ["跳到正文", "Skip to content"],
  views: ["视图", "Views"],
  map: ["地图", "Map"],
  network: ["网络", "Network"],
  timeline: ["时间线", "Timeline"],
  query: ["查询", "Query"],
  search: ["搜索城市、国家、文章", "Search cities, countries, articles"],
  "search.none": ["没有找到", "Nothing found"],
  "search.found": ["找到 {n} 项", "{n} found"],
  cities: ["城市", "Places"],
  countries: ["国家和地区", "Countries and regions"],
  articles: ["文章", "Articles"],
  language: ["English", "中文"],
  "language.label": ["Switch to English", "切换到中文"],
  "theme.light": ["浅色", "Light"],
  "theme.dark": ["深色", "Dark"],
  "theme.label": ["切换浅色与深色", "Switch between light and dark"],
  loading: ["载入中…", "Loading…"],
  failed: ["没有成功", "That did not work"],
  retry: ["再试一次", "Try again"],
  unknown: ["没有这个页面", "There is no such page"],
  "unknown.of": ["图谱里没有：{of}", "The graph does not hold {of}"],
  home: ["回到地图", "To the map"],
  filters: ["筛选", "Filters"],
  "filters.on": ["筛选（{n}）", "Filters ({n})"],
  clear: ["清除筛选", "Clear filters"],
  kind: ["协议类别", "Kind"],
  status: ["状态", "Status"],
  years: ["结好年份", "Years"],
  from: ["从", "from"],
  to: ["到", "to"],
  undated: ["含无日期的", "with those undated"],
  country: ["国家或地区", "Country or region"],
  province: ["省、州", "Province or state"],
  any: ["全部", "all"],
  place: ["地方", "Place"],
  "place.off": ["不再只看 {name}", "No longer only {name}"],
  shownof: ["{n} / {all} 个结好关系", "{n} of {all} ties"],
  shownall: ["{n} 个结好关系", "{n} ties"],
  "shown.places": ["{n} 个地方，{c} 个国家和地区", "{n} places in {c} countries and regions"],
  nothing: ["没有符合筛选条件的结好关系。", "No tie passes these filters."],
  empty: ["图谱还是空的。用 youcheng ingest 读入文章，这里就会有内容。", "The graph is still empty. Read articles with youcheng ingest, and they appear here."],
  table: ["列表", "List"],
  "table.of": ["所选结好关系的列表", "The selected ties, as a list"],
  more: ["再显示 {n} 行", "Show {n} more"],
  unplaced: ["未能落图的地方", "Not on the map"],
  "unplaced.why": ["这些地方没有坐标，地图上画不出来。", "No position is known of these places, so the map cannot show them."],
  "unplaced.n": ["另有 {n} 个地方没有坐标", "{n} places without a position"],
  "map.label": ["结好关系地图。方向键在地方之间移动，回车打开。", "Map of ties. Arrow keys move between places, Enter opens one."],
  "network.label": ["结好关系网络。方向键在地方之间移动，回车打开。", "Network of ties. Arrow keys move between places, Enter opens one."],
  "timeline.label": ["按年份排列的结好关系。方向键移动，回车打开。", "Ties by year. Arrow keys move, Enter opens one."],
  "network.cut": ["只画关系最多的 {n} 个地方，共 {all} 个；列表是全的。", "Only the {n} places with most ties of {all} are drawn; the list is whole."],
  "timeline.undated": ["另有 {n} 个日期不详，见列表", "{n} more without a date are in the list"],
  "legend.home": ["中国的地方", "places of China"],
  "legend.away": ["其他地方", "other places"],
  "zoom.in": ["放大", "Zoom in"],
  "zoom.out": ["缩小", "Zoom out"],
  "zoom.all": ["全图", "Whole picture"],
  legend: ["图例", "Legend"],
  save: ["保存", "Save"],
  "save.svg": ["图 SVG", "SVG"],
  "save.png": ["图 PNG", "PNG"],
  "save.csv": ["数据 CSV", "CSV"],
  "save.json": ["JSON", "JSON"],
  ties: ["{n} 个结好关系", "{n} ties"],
  "ties.1": ["1 个结好关系", "1 tie"],
  a: ["一方", "Party"],
  b: ["另一方", "Other party"],
  date: ["日期", "Date"],
  sources: ["独立来源", "Sources"],
  "sources.help": ["内容独立的文章数，转载只算一次", "independent articles; copies count once"],
  "sources.n": ["{n} 篇独立文章", "{n} independent articles"],
  "sources.1": ["1 篇独立文章", "1 independent article"],
  nodate: ["日期不详", "undated"],
  contradiction: ["说法不一", "Sources disagree"],
  "contradiction.date": ["各文章所说的日期不同", "the articles give different dates"],
  "contradiction.kind": ["各文章所说的类别不同", "the articles name different kinds"],
  "city.map": ["在地图上看", "On the map"],
  "city.network": ["在网络中看", "In the network"],
  "city.ties": ["结好关系", "Ties"],
  "city.partner": ["对方", "Partner"],
  "city.stated": ["文章所说的数与图谱里数得的", "Counts that articles state, and what the graph holds"],
  "city.counted": ["图谱里数得", "counted in the graph"],
  "city.none": ["图谱里没有它的结好关系。", "The graph holds no tie of it."],
  "city.articles": ["提到它的文章", "Articles that name it"],
  "city.articles.n": ["共 {n} 篇，列出最新的 {m} 篇", "{n} in all, the newest {m} listed"],
  "city.aka": ["又作", "also written"],
  "city.guess": ["坐标取自可能同一的 GeoNames 记录", "position of a GeoNames record that may be the same place"],
  "city.noposition": ["没有坐标", "no position known"],
  "city.merged": ["这是它的另一个写法。", "That is another name of this place."],
  asof: ["截至", "as of"],
  quote: ["原文", "Sentence"],
  pairs: ["对", "pairs"],
  "n.countries": ["国家", "countries"],
  "n.cities": ["城市", "cities"],
  "n.pairs": ["结对", "pairs"],
  agreement: ["协议", "Agreement"],
  instrument: ["文件", "Instrument"],
  confidence: ["可信度", "Confidence"],
  lifecycle: ["经过", "Lifecycle"],
  "lifecycle.claims": ["{n} 处说法", "{n} claims"],
  "lifecycle.1": ["1 处说法", "1 claim"],
  "lifecycle.rest": ["其他说法", "Other claims"],
  others: ["同一对地方的其他协议", "Other agreements of the two"],
  rule: ["规则", "Rule"],
  basis: ["日期依据", "Date known"],
  signatories: ["签署人", "Signed by"],
  signedat: ["签署地", "Signed at"],
  occasion: ["场合", "Occasion"],
  mode: ["方式", "Mode"],
  fields: ["合作领域", "Fields"],
  incontext: ["在文中看", "In the article"],
  "basis.stated": ["句中写明", "stated"],
  "basis.dateline": ["按电头", "from the dateline"],
  "basis.relative": ["由发布日期推算", "counted from another day"],
  "basis.anaphoric": ["承上文", "named before"],
  "basis.inferred": ["推断", "inferred"],
  article: ["文章", "Article"],
  untitled: ["无题", "untitled"],
  published: ["发布", "published"],
  publisher: ["发布者", "publisher"],
  original: ["原文网址", "Address"],
  file: ["文件", "File"],
  marks: ["标出", "Mark"],
  "mark.country": ["国家", "countries"],
  "mark.place": ["地方", "places"],
  "mark.date": ["日期", "dates"],
  "mark.claim": ["说法", "claims"],
  "mark.noise": ["已去除的杂质", "removed noise"],
  why: ["为什么", "Why"],
  "why.pick": ["点文中标记，看它为什么被标出。", "Choose a mark in the text to see why it is there."],
  claims: ["说法", "Claims"],
  statistics: ["结好数目", "Stated counts"],
  dates: ["日期", "Dates"],
  notes: ["存疑与略去", "Left out or left open"],
  "noise.count": ["已去除：拼音 {p} 处，重复 {r} 处，页面文字 {b} 处", "Removed: pinyin {p}, repeats {r}, page furniture {b}"],
  "noise.none": ["没有保存去除了什么。", "What was removed was not kept."],
  duplicates: ["同一篇的其他版本", "Copies of this story"],
  "duplicate.of": ["这是另一篇的转载：", "This is a copy of:"],
  nodocument: ["这篇文章的正文没有保存，下面是其中的说法。", "The text of this article is not kept; these are its claims."],
  listed: ["名录中有", "in the gazetteer"],
  unlisted: ["名录中没有，凭字形和所在国认出", "in no list, known by its form and its country"],
  link: ["可能是 GeoNames 的 {name}（{score}）", "may be {name} of GeoNames ({score})"],
  level: ["级别", "Level"],
  coordinates: ["坐标", "Position"],
  "level.province": ["省级", "first level"],
  "level.prefecture": ["地级", "prefecture"],
  "level.county": ["县级", "county"],
  "level.district": ["区", "district"],
  "level.city": ["城市", "city"],
  "level.island": ["岛", "island"],
  run: ["运行", "Run"],
  stop: ["停止", "Stop"],
  "run.help": ["Ctrl+Enter 运行", "Ctrl+Enter runs it"],
  editor: ["SPARQL 查询", "SPARQL query"],
  named: ["现成的查询", "Named queries"],
  "named.pick": ["选一个现成的查询…", "Choose a named query…"],
  param: ["参数", "Parameters"],
  optional: ["可不填", "optional"],
  fill: ["填入", "Put into the editor"],
  prefixes: ["可用的前缀", "Known prefixes"],
  results: ["结果", "Results"],
  "results.rows": ["{n} 行，{ms} 毫秒", "{n} rows in {ms} ms"],
  "results.graph": ["图，{ms} 毫秒", "a graph, in {ms} ms"],
  "results.none": ["没有结果。", "No rows."],
  "results.yes": ["是", "yes"],
  "results.no": ["否", "no"],
  "as.table": ["表", "Table"],
  "as.chart": ["图表", "Chart"],
  "chart.none": ["没有数字列，画不出图表。", "There is no column of numbers to draw."],
  "chart.label": ["列", "Labels"],
  "chart.value": ["数值", "Values"],
  "chart.cut": ["只画前 {n} 行", "the first {n} rows"],
  totals: ["{a} 篇文章，{c} 处说法，{g} 个协议", "{a} articles, {c} claims, {g} agreements"],
  licences: ["所用软件与许可", "Software used and its licences"],
  sortby: ["按{name}排序", "Sort by {name}"],
  "other.place": ["未命名", "unnamed"],
} as const satisfies Record<string, readonly [string, string]>;

const NAMES = {
  "sister-city": ["友好城市", "sister city"],
  "friendly-cooperation": ["友好合作关系", "friendly cooperation"],
  "friendly-exchange": ["友好交流关系", "friendly exchange"],
  "letter-of-intent": ["意向书", "letter of intent"],
  memorandum: ["备忘录", "memorandum"],
  "cooperation-agreement": ["合作协议", "cooperation agreement"],
  unspecified: ["结好（未详）", "unspecified"],
  other: ["其他", "other"],
  signed: ["已签署", "signed"],
  established: ["已建立", "established"],
  renewed: ["已续签", "renewed"],
  planned: ["拟建立", "planned"],
  terminated: ["已终止", "terminated"],
  anniversary: ["周年", "anniversary"],
} as const satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof WORDS;
export type Language = "zh" | "en";

function remembered(): Language {
  const kept = keep("language");
  if (kept === "zh" || kept === "en") return kept;
  return navigator.languages.some((each) => each.toLowerCase().startsWith("zh")) ? "zh" : "en";
}

// What the browser may remember; it may also forbid it.
export function keep(name: string, value?: string): string | null {
  try {
    if (value !== undefined) localStorage.setItem(`youcheng.${name}`, value);
    return localStorage.getItem(`youcheng.${name}`);
  } catch {
    return value ?? null;
  }
}

let current: Language = remembered();
export const language = (): Language => current;
export const chinese = (): boolean => current === "zh";

export function speak(to: Language): void {
  current = to;
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
}

export function setLanguage(to: Language): void {
  keep("language", to);
  speak(to);
}

export function t(word: Word, values: Record<string, string | number> = {}): string {
  const text: string = WORDS[word][chinese() ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

// A kind or a status; what a later version may add is shown as it is written.
export function term(name: string): string {
  const known = Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : undefined;
  return known ? known[chinese() ? 0 : 1] : name;
}

// A word that may not be there: of a level, of the basis of a date.
export function maybe(group: string, name: string | null): string {
  if (!name) return "";
  const word = `${group}.${name}`;
  return Object.hasOwn(WORDS, word) ? t(word as Word) : name;
}

export function number(n: number): string {
  return n.toLocaleString(chinese() ? "zh-Hans" : "en");
}

export const tiesWord = (n: number): string => (n === 1 ? t("ties.1") : t("ties", { n: number(n) }));
export const sourcesWord = (n: number): string => (n === 1 ? t("sources.1") : t("sources.n", { n: number(n) }));
