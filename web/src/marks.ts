// A text with what was found in it: offsets are code points, and marks may lie over others.
import { h, shown } from "./dom.ts";

export type Layer = "country" | "place" | "date" | "claim" | "count";

export interface Mark {
  layer: Layer;
  start: number;
  end: number;
  // Which of its layer it is: a click asks for it.
  index: number;
}

export interface Gone {
  at: number;
  why: string;
  text: string;
}

// The text as elements. Every piece between two borders is one, and knows its marks.
export function marked(letters: string[], marks: Mark[], gone: Gone[], current: [number, number] | null): HTMLElement {
  const size = letters.length;
  const inside = marks.filter((each) => each.start >= 0 && each.end <= size && each.start < each.end);
  const borders = new Set([0, size]);
  for (const { start, end } of inside) borders.add(start).add(end);
  for (const { at } of gone) if (at <= size) borders.add(at);
  if (current) for (const at of current) if (at <= size) borders.add(at);
  letters.forEach((letter, at) => letter === "\n" && borders.add(at).add(at + 1));
  const opening = group(inside, (each) => each.start);
  const closing = group(inside, (each) => each.end);
  const removed = group(gone, (each) => each.at);
  const order = [...borders].sort((x, y) => x - y);
  const open = new Set<Mark>();
  const body = h("div", { class: "text", lang: "zh-Hans", dir: "ltr" });
  let line = body.appendChild(h("p"));
  let found = false;
  order.forEach((from, index) => {
    for (const each of closing.get(from) ?? []) open.delete(each);
    for (const each of opening.get(from) ?? []) open.add(each);
    for (const each of removed.get(from) ?? []) line.append(h("del", { title: each.why }, shown(each.text.replace(/\s*\n\s*/g, " ⏎ "))));
    const to = order[index + 1];
    if (to === undefined) return;
    const text = letters.slice(from, to).join("");
    if (text === "\n") {
      line = body.appendChild(h("p"));
      return;
    }
    const here = current !== null && from >= current[0] && to <= current[1];
    if (!open.size && !here) {
      line.append(shown(text));
      return;
    }
    const layers = [...new Set([...open].map((each) => each.layer))];
    const piece = h(here || layers.includes("claim") ? "mark" : "span", {
      class: [...layers.map((each) => `m-${each}`), here ? "current" : ""].join(" ").trim(),
      "data-marks": [...open].map((each) => `${each.layer}:${each.index}`).join(" "),
      id: here && !found ? "at" : null,
      tabindex: here && !found ? -1 : null,
    }, shown(text));
    found ||= here;
    line.append(piece);
  });
  for (const each of [...body.children]) if (!each.textContent) each.remove();
  return body;
}

function group<T>(all: T[], by: (each: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const each of all) {
    const list = groups.get(by(each));
    if (list) list.push(each);
    else groups.set(by(each), [each]);
  }
  return groups;
}
