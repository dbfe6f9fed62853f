// The timeline: one mark for every tie, above the year in which it began.
import { append, h, s } from "./dom.ts";
import * as label from "./label.ts";
import type { Drawn } from "./map.ts";
import { KINDS, type Kind, type Tie } from "./model.ts";
import { sized, walk, type Size } from "./picture.ts";
import * as route from "./route.ts";
import type { Selected } from "./selection.ts";
import { tip } from "./tip.ts";
import { number, t, term } from "./words.ts";

const WIDE = { width: 1200, height: 520 };
const NARROW = { width: 560, height: 420 };
const EDGE = { left: 34, right: 12, top: 16, bottom: 30 };
// Above this many, a bar for each kind and year.
const SINGLE = 2500;

export function timeline(selected: Selected): Drawn {
  const size = sized(WIDE, NARROW);
  const dated = selected.ties.filter((tie) => tie.year !== null);
  const undated = selected.ties.filter((tie) => tie.year === null);
  const svg = s("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "group", "aria-label": t("timeline.label"), class: "picture" });
  walk(svg);
  const element = h("div", { class: "frame still" }, svg);
  const first = dated.reduce((least, tie) => Math.min(least, tie.year!), 9999);
  const last = dated.reduce((most, tie) => Math.max(most, tie.year!), 0);
  if (dated.length) {
    const years = last - first + 1;
    const width = (size.width - EDGE.left - EDGE.right) / Math.max(years, 12);
    const left = (year: number): number => EDGE.left + (year - first) * width;
    const stacks = new Map<number, Tie[]>();
    for (const tie of dated) stacks.set(tie.year!, [...(stacks.get(tie.year!) ?? []), tie]);
    const most = Math.max(...[...stacks.values()].map((each) => each.length));
    const height = Math.min(width, (size.height - EDGE.top - EDGE.bottom) / most);
    const floor = size.height - EDGE.bottom;
    svg.append(axis(first, last, left, width, floor, height, most, size));
    const marks = s("g", { class: "marks" });
    const single = dated.length <= SINGLE;
    let index = 0;
    for (const [year, ties] of [...stacks].sort(([x], [y]) => x - y)) {
      ties.sort((x, y) => KINDS.indexOf(x.kind) - KINDS.indexOf(y.kind) || ((x.date ?? "") < (y.date ?? "") ? -1 : 1));
      if (single) ties.forEach((tie, n) => marks.append(mark(tie, left(year), floor - (n + 1) * height, width, height, index++)));
      else append(marks, bars(ties, left(year), floor, width, height));
    }
    svg.append(marks);
  }
  tip(svg, (target) => target.closest("[aria-label]:not(svg)")?.getAttribute("aria-label") ?? null);
  if (undated.length) element.append(h("p", { class: "cut" }, t("timeline.undated", { n: number(undated.length) })));
  return { element, svg };
}

function mark(tie: Tie, x: number, y: number, width: number, height: number, index: number): SVGElement {
  const gap = Math.min(1.5, width * 0.1, height * 0.2);
  return s(
    "a",
    { class: "stop", href: route.agreement(tie.id), tabindex: index ? -1 : 0, "aria-label": label.line(tie) },
    s("rect", {
      class: `mark kind-${tie.kind} status-${tie.status}`,
      x: x + gap,
      y: y + gap,
      width: Math.max(0.5, width - 2 * gap),
      height: Math.max(0.5, height - 2 * gap),
      rx: Math.min(2, height / 4),
    }),
  );
}

function bars(ties: Tie[], x: number, floor: number, width: number, height: number): SVGElement[] {
  const counts = new Map<Kind, number>();
  for (const tie of ties) counts.set(tie.kind, (counts.get(tie.kind) ?? 0) + 1);
  let y = floor;
  return [...counts].map(([kind, n]) => {
    y -= n * height;
    return s("rect", { class: `mark kind-${kind}`, role: "img", "aria-label": `${ties[0]!.year} ${term(kind)}: ${n}`, x: x + width * 0.08, y, width: width * 0.84, height: n * height });
  });
}

function axis(first: number, last: number, left: (year: number) => number, width: number, floor: number, height: number, most: number, size: Size): SVGElement {
  const group = s("g", { class: "axis", "aria-hidden": "true" });
  const every = [1, 2, 5, 10, 20, 50].find((each) => each * width >= 44) ?? 100;
  for (let year = Math.ceil(first / every) * every; year <= last; year += every)
    group.append(s("text", { x: left(year) + width / 2, y: floor + 18, "text-anchor": "middle", "font-size": 12 }, year));
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((each) => most / each <= 6) ?? 5000;
  for (let n = step; n <= most; n += step)
    group.append(
      s("line", { x1: EDGE.left, x2: size.width - EDGE.right, y1: floor - n * height, y2: floor - n * height }),
      s("text", { x: EDGE.left - 6, y: floor - n * height + 4, "text-anchor": "end", "font-size": 12 }, n),
    );
  group.append(s("line", { class: "base", x1: EDGE.left, x2: size.width - EDGE.right, y1: floor, y2: floor }));
  return group;
}
