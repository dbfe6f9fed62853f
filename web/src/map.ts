// The map: places as points, ties as arcs, the land behind them. No borders are drawn, so
// none are taken sides in. It is cut in the middle of the Atlantic, and the Pacific is whole.
import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { land } from "./api.ts";
import { append, h, s } from "./dom.ts";
import * as label from "./label.ts";
import type { Place, Tie } from "./model.ts";
import { Names, type Point } from "./names.ts";
import { frame, sized } from "./picture.ts";
import { tip } from "./tip.ts";
import * as route from "./route.ts";
import type { Selected } from "./selection.ts";
import { number, t, tiesWord } from "./words.ts";

const WIDE = { width: 1200, height: 600 };
const NARROW = { width: 560, height: 330 };
// The meridian in the middle: the cut at 30°W goes through no country but Greenland.
const MIDDLE = 150;
// Above this many, arcs of one look are one path: they can be seen, not pointed at.
const SINGLE = 1500;
// How many are named, at most.
const NAMED = { wide: 70, narrow: 22 };

export interface Drawn {
  element: HTMLElement;
  svg: SVGSVGElement;
}

const placed = (place: Place): place is Place & { lat: number; lon: number } => place.lat !== null && place.lon !== null;

export function map(selected: Selected): Drawn {
  const size = sized(WIDE, NARROW);
  const projection = geoNaturalEarth1().rotate([-MIDDLE, 0]).precision(0.2);
  // Without the south, where nobody lives.
  projection.fitExtent([[6, 6], [size.width - 6, size.height - 6]], { type: "LineString", coordinates: rim() });
  const path = geoPath(projection);
  const points = selected.places.filter((each) => placed(each.place));
  const at = new Map(points.map(({ place }) => [place.key, projection([place.lon!, place.lat!])!] as const));
  const dots: { circle: SVGCircleElement; radius: number }[] = [];
  const names: Point[] = [];
  const written = new Names(names, size, size === WIDE ? NAMED.wide : NAMED.narrow);
  const { svg, scene, element } = frame(size, t("map.label"), (view) => {
    for (const { circle, radius } of dots) circle.setAttribute("r", String(radius / Math.sqrt(view.k) / view.k ** 0.2));
    written.arrange(view);
  });
  const ground = s("g", { class: "ground", "aria-hidden": "true" });
  ground.append(s("path", { class: "sea", d: path({ type: "Sphere" }) }), s("path", { class: "grid", d: path(geoGraticule10()) }));
  scene.append(ground);
  void land().then((atlas) => {
    const topology = atlas as Topology<{ land: GeometryCollection }>;
    ground.append(s("path", { class: "land", d: path(feature(topology, topology.objects.land)) }));
  });
  scene.append(arcs(selected.ties.filter((tie) => placed(tie.a) && placed(tie.b) && tie.a !== tie.b), at));
  // Many points, or a small screen: smaller ones.
  const scale = Math.min(1, Math.sqrt(800 / Math.max(1, points.length))) * (size === WIDE ? 1 : 0.75);
  const most = points[0]?.ties.length ?? 1;
  const spots = s("g", { class: "spots" });
  // The largest first, so that small ones are not covered.
  points.forEach(({ place, ties }, index) => {
    const [x, y] = at.get(place.key)!;
    const radius = scale * (2.2 + 5 * Math.sqrt(ties.length / Math.max(most, 12)));
    const circle = s("circle", { cx: x, cy: y, r: radius });
    dots.push({ circle, radius });
    const named = label.place(place);
    const stop = s(
      "a",
      {
        href: route.city(place.key),
        class: `stop ${home(place) ? "home" : "away"}${place.guessed ? " guessed" : ""}`,
        tabindex: index ? -1 : 0,
        "aria-label": `${named}, ${label.country(place.country)}, ${tiesWord(ties.length)}`,
      },
      circle,
    );
    spots.append(stop);
    names.push({ text: named, x, y, radius });
  });
  scene.append(spots, written.group);
  written.arrange({ k: 1, x: 0, y: 0 });
  tip(svg, (target) => {
    const stop = target.closest("a.stop");
    return stop?.getAttribute("aria-label") ?? target.closest("a.arc")?.getAttribute("aria-label") ?? null;
  });
  return { element, svg };
}

// The rim of what is shown: all around, from 58 degrees south to 80 north.
function rim(): [number, number][] {
  const around: [number, number][] = [];
  for (let step = -179.9; step < 180; step += 5) around.push([step + MIDDLE, -56], [step + MIDDLE, 78]);
  return around;
}

const HOME = new Set(["CN", "HK", "MO", "TW"]);
export const home = (place: Place): boolean => HOME.has(place.country ?? "");

// Curves on the paper, not on the globe: none is torn at the edge of the map. Of several
// ties between two places each has its own bend.
function arcs(ties: Tie[], at: Map<string, [number, number]>): SVGGElement {
  const group = s("g", { class: "arcs" });
  const pairs = new Map<string, number>();
  const line = (tie: Tie): string => {
    const pair = `${tie.a.key} ${tie.b.key}`;
    const nth = pairs.get(pair) ?? 0;
    pairs.set(pair, nth + 1);
    const [[x, y], [u, v]] = [at.get(tie.a.key)!, at.get(tie.b.key)!];
    const bend = (u < x ? -1 : 1) * (0.17 + 0.06 * nth);
    const round = (n: number): string => n.toFixed(1);
    return `M${round(x)} ${round(y)}Q${round((x + u) / 2 + (v - y) * bend)} ${round((y + v) / 2 - (u - x) * bend)} ${round(u)} ${round(v)}`;
  };
  if (ties.length > SINGLE) {
    const looks = new Map<string, string[]>();
    for (const tie of ties) {
      const look = `arc kind-${tie.kind} status-${tie.status}`;
      looks.set(look, [...(looks.get(look) ?? []), line(tie)]);
    }
    for (const [look, lines] of looks) group.append(s("path", { class: `${look} many`, d: lines.join("") }));
    return group;
  }
  for (const tie of ties) {
    const d = line(tie);
    group.append(
      s(
        "a",
        { class: "arc", href: route.agreement(tie.id), tabindex: -1, "aria-label": label.line(tie) },
        s("path", { class: "catch", d }),
        s("path", { class: `arc kind-${tie.kind} status-${tie.status}`, d }),
      ),
    );
  }
  return group;
}

// What the map cannot show.
export function unplaced(selected: Selected): HTMLElement | null {
  const lost = selected.places.filter((each) => !placed(each.place));
  if (!lost.length) return null;
  const items = h("ul", { class: "unplaced" });
  append(
    items,
    lost.map(({ place, ties }) =>
      h("li", {}, label.placeLink(place), h("span", { class: "faint" }, ` ${label.country(place.country)} ${number(ties.length)}`)),
    ),
  );
  return h("details", {}, h("summary", {}, t("unplaced.n", { n: number(lost.length) })), h("p", { class: "faint" }, t("unplaced.why")), items);
}

