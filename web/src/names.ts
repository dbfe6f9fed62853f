// Names beside points, as many as find room: those of the most important points first.
import { s } from "./dom.ts";
import type { Size, View } from "./picture.ts";

export interface Point {
  text: string;
  x: number;
  y: number;
  radius: number;
}

const LETTER = 11.5;

export class Names {
  readonly group = s("g", { class: "names", "aria-hidden": "true" });
  #written = new Map<Point, SVGTextElement>();

  constructor(
    readonly points: Point[],
    readonly size: Size,
    readonly most: number,
  ) {}

  arrange(view: View): void {
    const taken: [number, number, number, number][] = [];
    for (const point of this.points) {
      const place = taken.length < this.most ? this.#room(point, view, taken) : undefined;
      let text = this.#written.get(point);
      if (!place) {
        text?.remove();
        this.#written.delete(point);
        continue;
      }
      taken.push(place.box);
      if (!text) this.#written.set(point, (text = this.group.appendChild(s("text", {}, clip(point.text)))));
      text.setAttribute("x", String(point.x + (place.side * (point.radius + 3)) / view.k));
      text.setAttribute("y", String(point.y + 4 / view.k));
      text.setAttribute("text-anchor", place.side > 0 ? "start" : "end");
      text.setAttribute("font-size", String(LETTER / view.k));
      text.setAttribute("stroke-width", String(3 / view.k));
    }
  }

  // To the right of its point, else to the left.
  #room(point: Point, view: View, taken: [number, number, number, number][]): { side: 1 | -1; box: [number, number, number, number] } | undefined {
    const x = point.x * view.k + view.x;
    const y = point.y * view.k + view.y;
    const wide = width(clip(point.text)) + point.radius + 6;
    for (const side of [1, -1] as const) {
      const box: [number, number, number, number] = [side > 0 ? x - 2 : x - wide, y - LETTER * 0.8, side > 0 ? x + wide : x + 2, y + LETTER * 0.5];
      const inside = box[0] > 0 && box[2] < this.size.width && box[1] > 0 && box[3] < this.size.height;
      if (inside && !taken.some((each) => each[0] < box[2] && box[0] < each[2] && each[1] < box[3] && box[1] < each[3])) return { side, box };
    }
    return undefined;
  }
}

const width = (text: string): number => [...text].reduce((sum, each) => sum + (each > "\u2e80" ? LETTER : LETTER * 0.58), 0);

function clip(text: string): string {
  const letters = [...text];
  return letters.length > 22 ? `${letters.slice(0, 21).join("")}…` : text;
}
