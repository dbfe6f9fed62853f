// An answer as bars: one for each label, or one column for each year.
import { h, replace, s, shown, type Child } from "./dom.ts";
import { KINDS } from "./model.ts";
import { numeric, type Table } from "./results.ts";
import { tip } from "./tip.ts";
import { number, t, term } from "./words.ts";

const BARS = 60;

export interface Chart {
  element: HTMLElement;
  svg: () => SVGSVGElement | null;
}

interface Bar {
  label: string;
  parts: Map<string, number>;
}

export function chart(table: Table): Chart {
  const years = table.vars.filter((name) => isYear(table, name));
  const numbers = table.vars.filter((name) => numeric(table, name) && !years.includes(name));
  const texts = table.vars.filter((name) => !numbers.includes(name));
  const holder = h("div", { class: "frame still" });
  if (!numbers.length || !texts.length) return { element: h("p", { class: "faint" }, t("chart.none")), svg: () => null };
  let by = years[0] ?? texts[0]!;
  let of = numbers[0]!;
  const render = (): void => {
    // What is told apart within a label, where labels stand there more than once.
    const labels = table.rows.map((row) => row[by]?.value ?? "");
    const apart = new Set(labels).size < labels.length ? texts.find((name) => name !== by) : undefined;
    const bars = new Map<string, Bar>();
    for (const row of table.rows) {
      const label = row[by]?.value ?? "";
      const bar = bars.get(label) ?? { label, parts: new Map<string, number>() };
      const part = apart ? (row[apart]?.value ?? "") : "";
      bar.parts.set(part, (bar.parts.get(part) ?? 0) + Number(row[of]?.value ?? 0));
      bars.set(label, bar);
    }
    const series = [...new Set([...bars.values()].flatMap((bar) => [...bar.parts.keys()]))];
    const upright = years.includes(by);
    const drawn = upright ? columns(filled([...bars.values()]), series) : rows([...bars.values()].slice(0, BARS), series);
    replace(holder, drawn, legend(series), !upright && bars.size > BARS && h("p", { class: "faint small" }, t("chart.cut", { n: BARS })));
    tip(drawn, (target) => target.getAttribute("aria-label"));
  };
  const pick = (word: "chart.label" | "chart.value", from: string[], chosen: string, change: (name: string) => void): Child =>
    h("label", {}, `${t(word)} `, h("select", { change: (event: Event) => { change((event.target as HTMLSelectElement).value); render(); } }, from.map((name) => h("option", { value: name, selected: name === chosen }, name))));
  render();
  const controls = h("p", { class: "controls" }, pick("chart.label", texts, by, (name) => (by = name)), pick("chart.value", numbers, of, (name) => (of = name)));
  return { element: h("div", {}, controls, holder), svg: () => holder.querySelector("svg") };
}

function isYear(table: Table, name: string): boolean {
  const values = table.rows.flatMap((row) => row[name]?.value ?? []);
  return values.length > 0 && values.every((each) => /^(1[89]|20)\d\d$/.test(each));
}

// Years in which there was nothing are years too.
function filled(bars: Bar[]): Bar[] {
  const years = bars.map((bar) => Number(bar.label));
  const known = new Map(bars.map((bar) => [Number(bar.label), bar]));
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, index) => known.get(first + index) ?? { label: String(first + index), parts: new Map() });
}

const sum = (bar: Bar): number => [...bar.parts.values()].reduce((x, y) => x + Math.max(0, y), 0);

// A kind has its own colour; whatever else takes them in turn.
function colour(series: string[], part: string): string {
  return (KINDS as readonly string[]).includes(part) ? part : KINDS[series.indexOf(part) % KINDS.length]!;
}

function piece(series: string[], bar: Bar, part: string, n: number, box: { x: number; y: number; width: number; height: number }): SVGElement {
  const name = [shown(bar.label), part && term(shown(part)), number(n)].filter(Boolean).join(", ");
  return s("rect", { class: `mark kind-${colour(series, part)}`, role: "img", "aria-label": name, ...box });
}

function frame(width: number, height: number): SVGSVGElement {
  return s("svg", { viewBox: `0 0 ${width} ${height}`, class: "picture", role: "group", "aria-label": t("as.chart") });
}

function rows(bars: Bar[], series: string[]): SVGSVGElement {
  const [names, values, line] = [220, 620, 24];
  const svg = frame(names + values + 80, bars.length * line + 12);
  const most = Math.max(...bars.map(sum), 1e-9);
  bars.forEach((bar, index) => {
    const y = 6 + index * line;
    const letters = [...shown(bar.label)];
    const text = letters.length > 17 ? `${letters.slice(0, 16).join("")}…` : letters.join("");
    svg.append(s("text", { x: names - 8, y: y + 16, "text-anchor": "end", "font-size": 13, class: "name" }, text));
    let x = names;
    for (const part of series) {
      const n = bar.parts.get(part) ?? 0;
      const width = (Math.max(0, n) / most) * values;
      if (n) svg.append(piece(series, bar, part, n, { x, y: y + 4, width, height: line - 8 }));
      x += width;
    }
    svg.append(s("text", { x: x + 6, y: y + 16, "font-size": 12, class: "name faint" }, number(sum(bar))));
  });
  return svg;
}

function columns(bars: Bar[], series: string[]): SVGSVGElement {
  const [width, height, floor, left] = [920, 380, 350, 40];
  const svg = frame(width, height);
  const most = Math.max(...bars.map(sum), 1);
  const step = (width - left - 10) / bars.length;
  const every = [1, 2, 5, 10, 20, 50].find((each) => each * step >= 40) ?? 100;
  const grid = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000].find((each) => most / each <= 6) ?? most;
  const axis = s("g", { class: "axis", "aria-hidden": "true" });
  for (let n = grid; n <= most; n += grid) {
    const y = floor - (n / most) * (floor - 12);
    axis.append(s("line", { x1: left, x2: width - 10, y1: y, y2: y }), s("text", { x: left - 6, y: y + 4, "text-anchor": "end", "font-size": 12 }, number(n)));
  }
  svg.append(axis);
  bars.forEach((bar, index) => {
    const x = left + index * step;
    let y = floor;
    for (const part of series) {
      const n = bar.parts.get(part) ?? 0;
      const tall = (Math.max(0, n) / most) * (floor - 12);
      y -= tall;
      if (n) svg.append(piece(series, bar, part, n, { x: x + step * 0.1, y, width: step * 0.8, height: tall }));
    }
    if (Number(bar.label) % every === 0) axis.append(s("text", { x: x + step / 2, y: floor + 18, "text-anchor": "middle", "font-size": 12 }, bar.label));
  });
  axis.append(s("line", { class: "base", x1: left, x2: width - 10, y1: floor, y2: floor }));
  return svg;
}

function legend(series: string[]): Child {
  if (series.length < 2) return null;
  return h("div", { class: "legend" }, series.map((part) => h("span", { class: `kind kind-${colour(series, part)}` }, h("i"), term(shown(part)) || "—")));
}
