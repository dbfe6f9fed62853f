// A place: its ties, the counts that articles state, the articles that name it.
import { csv, download } from "./csv.ts";
import { button, h, outward, said, shown, type Child } from "./dom.ts";
import * as label from "./label.ts";
import type { City, CityTie, Event } from "./model.ts";
import * as route from "./route.ts";
import { chinese, maybe, number, sourcesWord, t, tiesWord } from "./words.ts";

export function city(of: City): [Child, string] {
  const { place, ties } = of;
  const name = label.place(place);
  const countries = new Set(ties.map((tie) => tie.other.country).filter(Boolean));
  return [
    h(
      "article",
      { class: "page" },
      h("p", { class: "crumbs" }, where(of)),
      h("h1", {}, h("bdi", {}, name), " ", label.alias(place) && h("bdi", { class: "alias", lang: chinese() ? "en" : "zh-Hans" }, label.alias(place))),
      of.merged_into && h("p", { class: "note" }, t("city.merged")),
      facts(of),
      h(
        "p",
        { class: "summary" },
        h("strong", {}, tiesWord(ties.length)),
        ties.length > 0 && ` · ${t("shown.places", { n: number(new Set(ties.map((tie) => tie.other.key)).size), c: number(countries.size) })}`,
      ),
      ties.length > 0 &&
        h(
          "p",
          { class: "actions" },
          h("a", { class: "button", href: route.href("map", "", { place: place.key }) }, t("city.map")),
          h("a", { class: "button", href: route.href("network", "", { place: place.key }) }, t("city.network")),
          button(t("save.csv"), () => save(of)),
        ),
      h("h2", {}, t("city.ties")),
      ties.length ? table(ties) : h("p", { class: "faint" }, t("city.none")),
      stated(of),
      articles(of),
    ),
    name,
  ];
}

function where({ place, parents }: City): Child {
  const above = parents.filter((each) => !each.key.startsWith("cc:")).reverse();
  return [
    place.country && h("a", { href: route.href("map", "", { country: place.country }) }, label.country(place.country)),
    above.map((each) => [h("span", { "aria-hidden": "true" }, " › "), label.placeLink(each)]),
  ];
}

function facts(of: City): HTMLElement {
  const { place } = of;
  const position = place.lat !== null && place.lon !== null ? `${place.lat.toFixed(2)}, ${place.lon.toFixed(2)}` : t("city.noposition");
  return h(
    "p",
    { class: "facts" },
    [
      maybe("level", place.level),
      h("span", { title: t("coordinates") }, position, place.guessed && ` (${t("city.guess")})`),
      of.names.length > 0 && h("span", {}, `${t("city.aka")} `, of.names.map((each, index) => [index > 0 && (chinese() ? "、" : ", "), said(each)])),
      of.same_as.map((each) => outward(each, host(each))),
      h("code", {}, shown(place.key)),
    ]
      .flat()
      .filter(Boolean)
      .map((each) => h("span", {}, each as Child)),
  );
}

function host(address: string): string {
  if (address.includes("wikidata.org")) return `Wikidata ${address.split("/").pop()}`;
  if (address.includes("geonames.org")) return `GeoNames ${/(\d+)/.exec(address)?.[1] ?? ""}`;
  return address;
}

// Each tie with what happened to it: one line for an event.
function table(ties: CityTie[]): HTMLElement {
  const heads = (["city.partner", "country", "kind", "status", "date", "sources"] as const).map((word) =>
    h("th", { scope: "col", class: word === "sources" ? "numeric" : "", title: word === "sources" ? t("sources.help") : null }, t(word)),
  );
  const order = [...ties].sort((x, y) => ((x.date ?? "~") < (y.date ?? "~") ? -1 : 1));
  return h(
    "div",
    { class: "list" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, heads)),
      h(
        "tbody",
        {},
        order.map((tie) =>
          h(
            "tr",
            {},
            h("td", {}, label.placeLink(tie.other), tie.instrument && h("div", { class: "instrument" }, said(tie.instrument))),
            h("td", {}, label.country(tie.other.country)),
            h("td", {}, label.kind(tie.kind)),
            h("td", {}, label.status(tie.status)),
            h("td", {}, h("a", { href: route.agreement(tie.id), class: "when" }, label.date(tie.date) || t("nodate")), label.disagreement(tie.contradictions), events(tie)),
            h("td", { class: "numeric", "data-name": t("sources") }, number(tie.articles)),
          ),
        ),
      ),
    ),
  );
}

// What the date of the tie does not already say.
function events(tie: CityTie): Child {
  const more = tie.events.filter((each) => each.date && each.date.edtf !== tie.date);
  return more.map((each) => h("div", { class: "event" }, event(each)));
}

function event(each: Event): Child {
  return [label.status(each.status), " ", label.when(each.date), h("span", { class: "faint" }, ` · ${sourcesWord(each.articles)}`)];
}

function stated({ statistics, counted }: City): Child {
  if (!statistics.length) return null;
  const cell = (n: number | null): HTMLElement => h("td", { class: "numeric" }, n === null ? "" : number(n));
  const rows = [...statistics].sort((x, y) => ((x.as_of?.edtf ?? x.article.published ?? "") < (y.as_of?.edtf ?? y.article.published ?? "") ? 1 : -1));
  return [
    h("h2", {}, t("city.stated")),
    h(
      "table",
      { class: "stated" },
      h(
        "thead",
        {},
        h("tr", {}, h("th", { scope: "col" }, t("asof")), (["n.countries", "n.cities", "n.pairs"] as const).map((word) => h("th", { scope: "col", class: "numeric" }, t(word))), h("th", { scope: "col" }, t("quote"))),
      ),
      h(
        "tbody",
        {},
        h("tr", { class: "counted" }, h("td", {}, t("city.counted")), cell(counted.countries), cell(counted.cities), cell(counted.pairs), h("td", {})),
        rows.map((each) =>
          h(
            "tr",
            {},
            h("td", {}, label.when(each.as_of), each.kind && h("div", {}, label.kind(each.kind))),
            cell(each.countries),
            cell(each.cities),
            cell(each.pairs),
            h("td", {}, h("q", { class: "quote" }, said(each.quote)), h("div", {}, label.source(each.article, [each.start, each.end]))),
          ),
        ),
      ),
    ),
  ];
}

function articles({ articles: { total, first } }: City): Child {
  if (!total) return null;
  return [
    h("h2", {}, t("city.articles")),
    first.length < total && h("p", { class: "faint" }, t("city.articles.n", { n: number(total), m: number(first.length) })),
    h("ul", { class: "sources" }, first.map((each) => h("li", {}, label.source(each)))),
  ];
}

function save({ place, ties }: City): void {
  const header = ["agreement", "place", "partner", "partner_latin", "partner_key", "partner_country", "kind", "status", "date", "independent_articles", "confidence", "instrument", "contradictions"];
  const rows = ties.map((tie) => [tie.id, place.name, tie.other.name, tie.other.latin, tie.other.key, tie.other.country, tie.kind, tie.status, tie.date, tie.articles, tie.confidence, tie.instrument, tie.contradictions.join(" ")]);
  download("youcheng-place.csv", "text/csv", csv(header, rows));
}
