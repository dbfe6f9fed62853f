// Questions in SPARQL: those that come with the program, and one's own.
import * as api from "./api.ts";
import { about, answers, title } from "./asked.ts";
import { chart } from "./chart.ts";
import { download } from "./csv.ts";
import { announce, button, h, replace, type Child } from "./dom.ts";
import type { Editor, Term } from "./editor.ts";
import { KINDS, STATUSES, type NamedQuery } from "./model.ts";
import { savePng, saveSvg } from "./picture.ts";
import * as results from "./results.ts";
import * as route from "./route.ts";
import { chinese, number, t, term } from "./words.ts";

const FIRST = `SELECT ?a ?b ?kind ?date WHERE {
  ?agreement a yc:Agreement ; yc:kind/skos:notation ?kind ; yc:party ?one , ?two .
  ?one skos:prefLabel ?a ; yc:country/schema:identifier "CN" .
  ?two skos:prefLabel ?b ; yc:country/schema:identifier "JP" .
  OPTIONAL { ?agreement yc:date/yc:edtf ?date }
}
ORDER BY ?date
LIMIT 100
`;

export async function query(asked: URLSearchParams): Promise<Child> {
  const [named, prefixes, { edit }] = await Promise.all([api.queries(), api.prefixes(), import("./editor.js") as Promise<typeof import("./editor.ts")>]);
  const chosen = named.find((each) => each.name === asked.get("name"));
  const place = h("div", { class: "editor" });
  const out = h("section", { class: "out", "aria-label": t("results") });
  const values = new Map(chosen?.params.map((each) => [each.name, asked.get(each.name) ?? ""]));
  const run = (step: boolean): void => void go(step);
  let running: AbortController | undefined;
  const runButton = button(t("run"), () => (running ? running.abort() : run(true)), { class: "main", id: "run" });
  const editor: Editor = edit(place, {
    text: asked.get("q") ?? chosen?.text ?? FIRST,
    label: t("editor"),
    terms: () => terms(named, prefixes),
    run: () => run(true),
    changed: () => undefined,
  });

  async function go(step: boolean): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    const text = editor.text();
    const asNamed = chosen && text === chosen.text;
    const filled = [...values].filter(([, value]) => value.trim());
    const address = asNamed ? route.href("query", "", new URLSearchParams([["name", chosen.name], ...filled, ["run", ""]])) : route.href("query", "", { q: text, run: "" });
    if (step && address !== location.hash) history.pushState(Date.now(), "", address);
    runButton.textContent = t("stop");
    replace(out, h("p", { class: "faint", role: "status" }, t("loading")));
    const begun = performance.now();
    try {
      const answer = asNamed ? await api.named(chosen.name, Object.fromEntries(filled), mine.signal) : await api.sparql(text, mine.signal);
      if (running === mine) show(answer, Math.round(performance.now() - begun));
    } catch (error) {
      if (running !== mine) return;
      if (mine.signal.aborted) replace(out);
      else replace(out, h("div", { class: "warning", role: "alert" }, h("strong", {}, t("failed")), h("pre", {}, error instanceof Error ? error.message : String(error))));
    } finally {
      if (running === mine) {
        running = undefined;
        runButton.textContent = t("run");
      }
    }
  }

  function show(answer: api.Answer, ms: number): void {
    const name = `youcheng-${chosen?.name ?? "query"}`;
    if (!answer.type.includes("json")) {
      announce(t("results.graph", { ms }));
      replace(out, bar(t("results.graph", { ms }), button("Turtle", () => download(`${name}.ttl`, "text/turtle", answer.text))), h("pre", { class: "graph", tabindex: 0 }, answer.text.slice(0, 200_000)));
      return;
    }
    const table = results.read(answer.text);
    if (typeof table === "boolean") {
      replace(out, h("p", { class: "verdict" }, t(table ? "results.yes" : "results.no")));
      return;
    }
    const told = t("results.rows", { n: number(table.rows.length), ms: number(ms) });
    announce(told);
    const body = h("div", {}, results.draw(table, prefixes));
    const drawn = chart(table);
    const tabs = (["as.table", "as.chart"] as const).map((word, index) =>
      button(t(word), () => {
        tabs.forEach((each, at) => each.setAttribute("aria-pressed", String(at === index)));
        replace(body, index ? drawn.element : results.draw(table, prefixes));
        pictures.hidden = !index || !drawn.svg();
      }, { "aria-pressed": String(!index), class: "tab" }),
    );
    const pictures = h("span", { class: "saves", hidden: true }, button(t("save.svg"), () => void (drawn.svg() && saveSvg(drawn.svg()!, name))), button(t("save.png"), () => void (drawn.svg() && savePng(drawn.svg()!, name))));
    replace(
      out,
      bar(told, tabs, button(t("save.csv"), () => download(`${name}.csv`, "text/csv", results.asCsv(table)), { id: "csv" }), button(t("save.json"), () => download(`${name}.json`, "application/sparql-results+json", answer.text)), pictures),
      table.rows.length ? body : h("p", { class: "nothing" }, t("results.none")),
    );
  }

  const ready = chosen ? chosen.params.every((each) => !each.required || values.get(each.name)?.trim()) : true;
  // What an address asks for is run at once, so that a shared one shows its answer.
  if (asked.has("run") && ready) queueMicrotask(() => run(false));
  return h(
    "div",
    { class: "page query" },
    h("h1", { class: "unseen" }, t("query")),
    h("div", { class: "pick" }, picker(named, chosen), chosen && h("p", { class: "answers" }, answers(chosen))),
    chosen && chosen.params.length > 0 && form(chosen, values, () => run(true)),
    place,
    h("p", { class: "actions" }, runButton, h("span", { class: "faint small" }, t("run.help"))),
    out,
    h("details", {}, h("summary", {}, t("prefixes")), h("dl", { class: "prefixes" }, Object.entries(prefixes).map(([name, iri]) => [h("dt", {}, h("code", {}, `${name}:`)), h("dd", {}, h("code", {}, iri))]))),
  );
}

function bar(told: string, ...children: Child[]): HTMLElement {
  return h("div", { class: "bar" }, h("p", { class: "told" }, told), h("div", { class: "saves" }, children));
}

function picker(named: NamedQuery[], chosen: NamedQuery | undefined): HTMLElement {
  return h(
    "label",
    {},
    h("span", {}, t("named")),
    h(
      "select",
      {
        id: "named",
        change: (event: Event) => {
          const name = (event.target as HTMLSelectElement).value;
          const one = named.find((each) => each.name === name);
          // What needs nothing more is run at once.
          const run = one && !one.params.some((each) => each.required);
          route.go(route.href("query", "", new URLSearchParams([...(name ? [["name", name]] : []), ...(run ? [["run", ""]] : [])])));
        },
      },
      h("option", { value: "" }, t("named.pick")),
      named.map((each) => h("option", { value: each.name, selected: each === chosen }, `${title(each)} (${each.name})`)),
    ),
  );
}

function form(chosen: NamedQuery, values: Map<string, string>, run: () => void): HTMLElement {
  const CHOICES: Record<string, readonly string[]> = { kind: KINDS, status: STATUSES };
  return h(
    "form",
    { class: "params", "aria-label": t("param"), submit: (event: Event) => { event.preventDefault(); run(); } },
    chosen.params.map((each) => {
      const change = (event: Event): void => void values.set(each.name, (event.target as HTMLInputElement).value);
      const choices = CHOICES[each.type];
      const value = values.get(each.name) ?? "";
      return h(
        "label",
        {},
        h("span", {}, each.name, !each.required && h("span", { class: "faint" }, ` (${t("optional")})`)),
        choices
          ? h("select", { change, id: `param-${each.name}` }, h("option", { value: "" }, t("any")), choices.map((one) => h("option", { value: one, selected: one === value }, chinese() ? `${term(one)} ${one}` : one)))
          : h("input", { type: "text", input: change, value, id: `param-${each.name}`, placeholder: chosen.example?.[each.name] ?? "", required: each.required, maxlength: 200 }),
        h("small", { class: "faint" }, about(each)),
      );
    }),
    h("button", { type: "submit", class: "unseen", tabindex: -1 }, t("run")),
  );
}

// What the editor can complete: the terms that the vocabulary explains, and those of other
// vocabularies that the named queries use.
let known: Promise<Term[]> | undefined;
function terms(named: NamedQuery[], prefixes: Record<string, string>): Promise<Term[]> {
  known ??= own(prefixes).then((all) => {
    const names = new Set(all.map((each) => each.name));
    const used = new Set(named.flatMap((each) => each.text.match(/\b[a-z]+:[A-Za-z][\w-]*/g) ?? []));
    for (const name of used) if (Object.hasOwn(prefixes, name.split(":")[0]!) && !names.has(name)) all.push({ name, about: "" });
    return [...all, ...Object.keys(prefixes).map((name) => ({ name: `${name}:`, about: prefixes[name]! }))];
  });
  return known;
}

async function own(prefixes: Record<string, string>): Promise<Term[]> {
  const space = prefixes["yc"];
  if (!space) return [];
  const text = `SELECT ?term ?label WHERE { ?term rdfs:label ?label FILTER(STRSTARTS(STR(?term), ${JSON.stringify(space)}) && langMatches(lang(?label), "${chinese() ? "zh" : "en"}")) }`;
  const table = results.read((await api.sparql(text, AbortSignal.timeout(10_000))).text);
  if (typeof table === "boolean") return [];
  return table.rows.map((row) => ({ name: `yc:${row["term"]!.value.slice(space.length)}`, about: row["label"]?.value ?? "" }));
}
