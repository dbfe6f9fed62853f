// An article: its text with all that was found in it, and why.
import { claim } from "./agreement.ts";
import { h, outward, replace, said, shown, type Child } from "./dom.ts";
import * as label from "./label.ts";
import { marked, type Layer, type Mark } from "./marks.ts";
import type { Article, Extracted } from "./model.ts";
import * as route from "./route.ts";
import { chinese, keep, maybe, number, t, type Word } from "./words.ts";

const LAYERS = ["claim", "country", "place", "date"] as const;

export function article(of: Article, asked: URLSearchParams): [Child, string] {
  const { article: source } = of;
  const document_ = of.document;
  return [
    h(
      "article",
      { class: "page reading" },
      h("p", { class: "crumbs" }, t("article")),
      h("h1", {}, label.title(source)),
      facts(of),
      source.duplicate_of && of.duplicate_of && h("p", { class: "note" }, `${t("duplicate.of")} `, label.source(of.duplicate_of)),
      document_ ? reading(of, document_, span(asked)) : [
            h("p", { class: "note" }, t("nodocument")),
            h("ul", { class: "claims" }, of.claims.map((each) => h("li", {}, claim({ ...each, article: source })))),
          ],
      of.duplicates.length > 0 && [h("h2", {}, t("duplicates")), h("ul", { class: "sources" }, of.duplicates.map((each) => h("li", {}, label.source(each))))],
      document_ && document_.notes.length > 0 && notes(document_),
    ),
    source.title ? shown(source.title) : t("untitled"),
  ];
}

function facts({ article: source }: Article): HTMLElement {
  const rows: Child[] = [
    source.published && h("time", {}, label.date(source.published.slice(0, 10))),
    source.publisher && said(source.publisher),
    outward(source.url),
    source.file && h("bdi", { class: "address" }, shown(source.file)),
  ];
  return h("p", { class: "facts" }, rows.filter(Boolean).map((each) => h("span", {}, each)));
}

function span(asked: URLSearchParams): [number, number] | null {
  const at = /^(\d{1,9})-(\d{1,9})$/.exec(asked.get("at") ?? "");
  return at ? [Number(at[1]), Number(at[2])] : null;
}

function reading(of: Article, document_: Extracted, current: [number, number] | null): HTMLElement {
  const letters = Array.from(document_.text);
  const on = new Set<string>((keep("marks") ?? LAYERS.join(" ")).split(" "));
  const holder = h("div", { class: "paper" });
  const why = h("div", { class: "why", "aria-live": "polite" }, h("p", { class: "faint" }, t("why.pick")));
  let noise = false;
  const draw = (): void => {
    const layers: Layer[] = LAYERS.filter((each) => on.has(each));
    if (on.has("claim")) layers.unshift("count");
    const marks = layers.flatMap((each) => layer(document_, each));
    // White space and characters of another width or script are no noise to a reader.
    const gone = noise ? (of.noise ?? []).filter((each) => each.text.trim() && each.end === each.at) : [];
    replace(holder, marked(letters, marks, gone, current));
  };
  holder.addEventListener("click", (event) => {
    const piece = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-marks]") : null;
    const marks = piece?.dataset["marks"]?.split(" ").filter(Boolean) ?? [];
    if (marks.length) replace(why, marks.map((each) => explain(document_, each)));
  });
  draw();
  const toggle = (name: string, text: Word, checked: boolean, change: (on: boolean) => void): HTMLElement =>
    h("label", { class: `box m-${name}` }, h("input", { type: "checkbox", id: `mark-${name}`, checked, change: (event: Event) => change((event.target as HTMLInputElement).checked) }), h("span", {}, t(text)));
  const toggles = h(
    "fieldset",
    { class: "toggles" },
    h("legend", {}, t("marks")),
    LAYERS.map((each) =>
      toggle(each, `mark.${each}`, on.has(each), (show) => {
        if (show) on.add(each);
        else on.delete(each);
        keep("marks", [...on].join(" "));
        draw();
      }),
    ),
    of.noise && toggle("noise", "mark.noise", false, (show) => { noise = show; draw(); }),
  );
  const { pinyin, repeats, boilerplate } = document_.removed;
  return h(
    "div",
    { class: "columns" },
    h("div", {}, toggles, h("p", { class: "faint small" }, of.noise ? t("noise.count", { p: number(pinyin), r: number(repeats), b: number(boilerplate) }) : t("noise.none")), holder),
    h("aside", {}, h("h2", {}, t("why")), why, lists(document_)),
  );
}

function layer(document_: Extracted, layer: Layer): Mark[] {
  switch (layer) {
    case "country":
      return document_.countries.flatMap((each, index) => each.mentions.map(([start, end]) => ({ layer, start, end, index })));
    case "place":
      return document_.places.flatMap((each, index) => each.mentions.map(([start, end]) => ({ layer, start, end, index })));
    case "date":
      return document_.dates.map(({ start, end }, index) => ({ layer, start, end, index }));
    case "count":
      return document_.statistics.map(({ evidence: { start, end } }, index) => ({ layer, start, end, index }));
    case "claim":
      return document_.agreements.map(({ evidence: { start, end } }, index) => ({ layer, start, end, index }));
  }
}

// Why something is marked: what it was taken for, and by what.
function explain(document_: Extracted, mark: string): Child {
  const [layer, at] = mark.split(":");
  const index = Number(at);
  const title = (word: Word): HTMLElement => h("p", { class: "faint small" }, t(word));
  if (layer === "country") {
    const each = document_.countries[index];
    return each && h("div", { class: "reason" }, title("mark.country"), h("p", {}, h("a", { href: route.href("map", "", { country: each.code }) }, label.country(each.code)), ` (${each.code})`));
  }
  if (layer === "place") {
    const each = document_.places[index];
    if (!each) return null;
    const unlisted = each.id.startsWith("x:");
    return h(
      "div",
      { class: "reason" },
      title("mark.place"),
      h("p", {}, h("a", { href: route.city(each.id) }, said(each.name)), ` ${label.country(each.country)} ${maybe("level", each.level)}`),
      h("p", { class: "small" }, t(unlisted ? "unlisted" : "listed"), " ", h("code", {}, shown(each.id))),
      each.link && h("p", { class: "small" }, t("link", { name: shown(each.link.name), score: each.link.score.toFixed(2) })),
    );
  }
  if (layer === "date") {
    const each = document_.dates[index];
    return each && h("div", { class: "reason" }, title("mark.date"), h("p", {}, label.date(each.edtf), " ", h("code", {}, each.edtf)), h("p", { class: "small" }, `${t("basis")}: ${maybe("basis", each.basis)}${each.earliest ? ` · ${each.earliest} – ${each.latest}` : ""}`));
  }
  if (layer === "count") {
    const each = document_.statistics[index];
    return each && h("div", { class: "reason" }, title("statistics"), h("p", {}, said(each.subject), " ", counts(each)), h("p", { class: "small" }, `${t("rule")} `, h("code", {}, shown(each.evidence.rule))));
  }
  const each = document_.agreements[index];
  return (
    each &&
    h(
      "div",
      { class: "reason" },
      title("mark.claim"),
      h("p", {}, tie(each)),
      h("p", {}, label.kind(each.kind), " ", label.status(each.status), " ", each.date && [label.date(each.date.edtf), h("span", { class: "faint" }, ` (${maybe("basis", each.date.basis)})`)]),
      each.instrument && h("p", {}, said(each.instrument)),
      h("p", { class: "small" }, `${t("rule")} `, h("code", {}, shown(each.evidence.rule)), ` · ${t("confidence")} ${each.confidence.toFixed(2)}`),
    )
  );
}

function tie(each: Extracted["agreements"][number]): Child {
  const names = [said(each.a.name), " — ", said(each.b.name)];
  return each.agreement ? h("a", { href: route.agreement(each.agreement) }, names) : h("span", {}, names);
}

// The same for who does not point: every claim, and every place, with where it stands.
function lists(document_: Extracted): Child {
  const id = document_.id;
  return [
    document_.agreements.length > 0 && [
      h("h2", {}, `${t("claims")} (${number(document_.agreements.length)})`),
      h(
        "ol",
        { class: "claimed" },
        document_.agreements.map((each) =>
          h(
            "li",
            {},
            tie(each),
            h("div", { class: "small" }, label.kind(each.kind), " ", label.status(each.status), " ", each.date && label.date(each.date.edtf)),
            h("div", { class: "small" }, h("a", { href: route.article(id, [each.evidence.start, each.evidence.end]) }, t("quote")), " · ", h("code", {}, shown(each.evidence.rule)), ` · ${each.confidence.toFixed(2)}`),
          ),
        ),
      ),
    ],
    document_.statistics.length > 0 && [
      h("h2", {}, t("statistics")),
      h(
        "ul",
        { class: "claimed" },
        document_.statistics.map((each) =>
          h("li", {}, said(each.subject), " ", counts(each), " ", h("a", { class: "small", href: route.article(id, [each.evidence.start, each.evidence.end]) }, t("quote"))),
        ),
      ),
    ],
    document_.places.length > 0 && group(t("cities"), document_.places.map((each) => h("li", {}, h("a", { href: route.city(each.id) }, said(each.name)), h("span", { class: "faint" }, ` ${label.country(each.country)}`), spot(id, each.mentions[0])))),
    document_.countries.length > 0 && group(t("countries"), document_.countries.map((each) => h("li", {}, label.country(each.code), spot(id, each.mentions[0])))),
    document_.dates.length > 0 && group(t("dates"), document_.dates.map((each) => h("li", {}, label.date(each.edtf), h("span", { class: "faint" }, " ", said(each.text), ` ${maybe("basis", each.basis)}`), spot(id, [each.start, each.end])))),
  ];
}

function spot(id: string, at: [number, number] | undefined): Child {
  return at && [" ", h("a", { class: "small", href: route.article(id, at), "aria-label": `${t("incontext")} ${at[0]}` }, "¶")];
}

function group(name: string, items: HTMLElement[]): HTMLElement {
  return h("details", {}, h("summary", {}, `${name} (${number(items.length)})`), h("ul", { class: "claimed" }, items));
}

function counts(each: Extracted["statistics"][number]): string {
  const parts = [each.countries !== null && `${number(each.countries)} ${t("n.countries")}`, each.cities !== null && `${number(each.cities)} ${t("n.cities")}`, each.pairs !== null && `${number(each.pairs)} ${t("pairs")}`];
  return parts.filter(Boolean).join(chinese() ? "，" : ", ");
}

function notes(document_: Extracted): Child {
  return h(
    "details",
    {},
    h("summary", {}, `${t("notes")} (${number(document_.notes.length)})`),
    h("ul", { class: "plain" }, document_.notes.map((each) => h("li", {}, h("code", {}, `${each.stage} ${each.why}`), " ", said(each.text)))),
  );
}

