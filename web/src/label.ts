// How things are called where they are shown.
import { h, said, shown, type Attributes, type Child } from "./dom.ts";
import type { Country, Day, Kind, Place, Source, Status, Tie } from "./model.ts";
import * as route from "./route.ts";
import { chinese, t, term } from "./words.ts";

let countries: Record<string, Country> = {};
export function know(all: Record<string, Country>): void {
  countries = all;
}

const REGIONS = typeof Intl.DisplayNames === "function";
export function country(code: string | null): string {
  if (!code) return "";
  const known = Object.hasOwn(countries, code) ? countries[code] : undefined;
  if (known) return chinese() ? known.zh : known.en;
  try {
    return (REGIONS && new Intl.DisplayNames([chinese() ? "zh-Hans" : "en"], { type: "region" }).of(code)) || code;
  } catch {
    return code;
  }
}

// The name of a place in the language of the page, where it has one.
export function place(of: Place): string {
  return shown((chinese() ? of.name : (of.latin ?? of.name)) || of.key);
}

// The other name, to stand beside it.
export function alias(of: Place): string | null {
  if (!of.latin || of.latin === of.name) return null;
  return shown(chinese() ? of.latin : of.name);
}

export function placeLink(of: Place, attributes: Attributes = {}): HTMLElement {
  const inChinese = chinese() || !of.latin;
  return h("a", { href: route.city(of.key), ...attributes }, h("bdi", { lang: inChinese ? "zh-Hans" : "en" }, place(of)));
}

export function kind(of: Kind): HTMLElement {
  return h("span", { class: `kind kind-${of}` }, h("i", { "aria-hidden": "true" }), term(of));
}

export function status(of: Status): HTMLElement {
  return h("span", { class: `status status-${of}` }, h("i", { "aria-hidden": "true" }), term(of));
}

// 2023-02 as 2023年2月 or Feb 2023; what is more than a day stays as it is written.
export function date(edtf: string | null): string {
  if (!edtf) return "";
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(edtf);
  if (!parts) return edtf;
  const [, year, month, day] = parts;
  if (chinese()) return `${year}年${month ? `${Number(month)}月` : ""}${day ? `${Number(day)}日` : ""}`;
  if (!month) return year!;
  const name = new Date(Date.UTC(2000, Number(month) - 1, 1)).toLocaleString("en", { month: "short", timeZone: "UTC" });
  return day ? `${Number(day)} ${name} ${year}` : `${name} ${year}`;
}

export function when(day: Day | null, otherwise: Child = h("span", { class: "faint" }, t("nodate"))): Child {
  return day ? h("time", {}, date(day.edtf)) : otherwise;
}

export function title(of: Source): HTMLElement {
  return of.title ? said(of.title) : h("span", {}, t("untitled"));
}

export function source(of: Source, at?: [number, number]): HTMLElement {
  const facts = [of.publisher && said(of.publisher), of.published && h("time", {}, date(of.published.slice(0, 10)))];
  return h(
    "span",
    { class: "source" },
    h("a", { href: route.article(of.id, at) }, title(of)),
    facts.filter(Boolean).map((each) => [h("span", { class: "dot", "aria-hidden": "true" }, " · "), each]),
  );
}

export function disagreement(contradictions: string[]): HTMLElement | null {
  if (!contradictions.length) return null;
  const why = contradictions
    .map((each) => (each === "date" ? t("contradiction.date") : each === "kind" ? t("contradiction.kind") : each))
    .join(chinese() ? "；" : "; ");
  return h("span", { class: "disagree", title: why }, t("contradiction"), h("span", { class: "unseen" }, `: ${why}`));
}

// A tie in one line, for who points at it or hears it read.
export function line(tie: Tie): string {
  return [`${place(tie.a)} — ${place(tie.b)}`, term(tie.kind), term(tie.status), date(tie.date) || t("nodate")].join(", ");
}
