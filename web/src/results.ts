// What a query answered, as a table.
import { csv, type Cell } from "./csv.ts";
import { button, h, outward, shown, type Child } from "./dom.ts";
import * as route from "./route.ts";
import { number, t } from "./words.ts";

export interface Value {
  type: "uri" | "literal" | "bnode" | "triple";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

export interface Table {
  vars: string[];
  rows: Record<string, Value | undefined>[];
}

const PAGE = 100;
const OURS = "https://w3id.org/youcheng/";
const NUMERIC = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

export function read(text: string): Table | boolean {
  const answer = JSON.parse(text) as { boolean?: boolean; head?: { vars?: string[] }; results?: { bindings?: Table["rows"] } };
  if (typeof answer.boolean === "boolean") return answer.boolean;
  return { vars: answer.head?.vars ?? [], rows: answer.results?.bindings ?? [] };
}

export function numeric(table: Table, name: string): boolean {
  const values = table.rows.flatMap((row) => row[name] ?? []);
  return values.length > 0 && values.every((each) => each.type === "literal" && NUMERIC.test(each.value));
}

export function draw(table: Table, prefixes: Record<string, string>): HTMLElement {
  const body = h("tbody");
  const foot = h("div", { class: "more" });
  const numbers = new Set(table.vars.filter((each) => numeric(table, each)));
  let rows = PAGE;
  const fill = (): void => {
    body.replaceChildren(...table.rows.slice(0, rows).map((row) => h("tr", {}, table.vars.map((name) => h("td", { class: numbers.has(name) ? "numeric" : "" }, cell(row[name], prefixes))))));
    const left = table.rows.length - rows;
    foot.replaceChildren(
      ...(left > 0
        ? [
            button(t("more", { n: number(Math.min(left, PAGE * 5)) }), () => {
              rows += PAGE * 5;
              fill();
            }),
          ]
        : []),
    );
  };
  fill();
  return h(
    "div",
    { class: "answer", tabindex: 0, role: "region", "aria-label": t("results") },
    h("table", {}, h("thead", {}, h("tr", {}, table.vars.map((name) => h("th", { scope: "col", class: numbers.has(name) ? "numeric" : "" }, name)))), body),
    foot,
  );
}

function cell(value: Value | undefined, prefixes: Record<string, string>): Child {
  if (!value) return null;
  if (value.type === "uri") {
    const text = short(value.value, prefixes);
    const inside = view(value.value);
    return inside ? h("a", { href: inside }, h("bdi", {}, shown(text))) : (outward(value.value, h("bdi", {}, shown(text))) ?? text);
  }
  if (value.type === "triple") return h("code", {}, JSON.stringify(value.value));
  const language = value["xml:lang"];
  return h("bdi", { lang: language ?? null }, shown(value.value));
}

// The view of what an IRI of ours names.
export function view(iri: string): string | null {
  if (!iri.startsWith(OURS)) return null;
  const [, kind, key] = /^(agreement|article|place)\/([^#?]+)/.exec(iri.slice(OURS.length)) ?? [];
  if (!kind || !key) return null;
  let name = key;
  try {
    name = decodeURIComponent(key);
  } catch {
    // As it is written, then.
  }
  if (kind === "place") return route.city(name);
  return kind === "agreement" ? route.agreement(name) : route.article(`sha256:${name}`);
}

function short(iri: string, prefixes: Record<string, string>): string {
  let best = "";
  let name = "";
  for (const [prefix, space] of Object.entries(prefixes))
    if (iri.startsWith(space) && space.length > best.length) [best, name] = [space, prefix];
  return best ? `${name}:${iri.slice(best.length)}` : iri;
}

export function asCsv(table: Table): string {
  const plain = (value: Value | undefined): Cell => (value === undefined ? "" : value.type === "literal" && NUMERIC.test(value.value) ? value.value : String(value.value));
  return csv(table.vars, table.rows.map((row) => table.vars.map((name) => plain(row[name]))));
}
