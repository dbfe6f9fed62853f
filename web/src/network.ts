// The network: the same ties, without the globe.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import { h, s } from "./dom.ts";
import * as label from "./label.ts";
import { home, type Drawn } from "./map.ts";
import type { Place, Tie } from "./model.ts";
import { Names } from "./names.ts";
import { frame, sized, type Size } from "./picture.ts";
import * as route from "./route.ts";
import type { Selected } from "./selection.ts";
import { tip } from "./tip.ts";
import { number, t, tiesWord } from "./words.ts";

const WIDE = { width: 1200, height: 760 };
const NARROW = { width: 560, height: 620 };
const MOST = { wide: 700, narrow: 160 };

interface Node extends SimulationNodeDatum {
  place: Place;
  ties: number;
  x: number;
  y: number;
}

interface Edge {
  source: Node;
  target: Node;
  tie: Tie;
  // Of several ties between two places each has its own bend.
  bend: number;
}

export function network(selected: Selected): Drawn {
  const size = sized(WIDE, NARROW);
  const { nodes, edges } = graph(selected, size === WIDE ? MOST.wide : MOST.narrow);
  settle(nodes, edges, size);
  const circles: { circle: SVGCircleElement; radius: number }[] = [];
  const names = new Names(
    nodes.map((node) => ({ text: label.place(node.place), x: node.x, y: node.y, radius: radiusOf(node) })),
    size,
    size === WIDE ? 120 : 36,
  );
  const { svg, scene, element } = frame(size, t("network.label"), (view) => {
    for (const { circle, radius } of circles) circle.setAttribute("r", String(radius / view.k ** 0.75));
    names.arrange(view);
  });
  const lines = s("g", { class: "arcs" });
  for (const edge of edges) {
    const d = curve(edge);
    lines.append(
      s(
        "a",
        { class: "arc", href: route.agreement(edge.tie.id), tabindex: -1, "aria-label": label.line(edge.tie) },
        s("path", { class: "catch", d }),
        s("path", { class: `arc kind-${edge.tie.kind} status-${edge.tie.status}`, d }),
      ),
    );
  }
  const spots = s("g", { class: "spots" });
  nodes.forEach((node, index) => {
    const radius = radiusOf(node);
    const circle = s("circle", { cx: node.x, cy: node.y, r: radius });
    circles.push({ circle, radius });
    const name = label.place(node.place);
    spots.append(
      s(
        "a",
        {
          href: route.city(node.place.key),
          class: `stop ${home(node.place) ? "home" : "away"}`,
          tabindex: index ? -1 : 0,
          "aria-label": `${name}, ${label.country(node.place.country)}, ${tiesWord(node.ties)}`,
        },
        circle,
      ),
    );
  });
  scene.append(lines, spots, names.group);
  names.arrange({ k: 1, x: 0, y: 0 });
  tip(svg, (target) => target.closest("a")?.getAttribute("aria-label") ?? null);
  if (nodes.length < selected.places.length)
    element.append(h("p", { class: "cut" }, t("network.cut", { n: number(nodes.length), all: number(selected.places.length) })));
  return { element, svg };
}

const radiusOf = (node: Node): number => 3 + 1.6 * Math.sqrt(node.ties);

function graph(selected: Selected, most: number): { nodes: Node[]; edges: Edge[] } {
  const chosen = choose(selected, most);
  const kept = selected.places.filter(({ place }) => chosen.has(place.key));
  // On a spiral, as d3 begins, but wide: the picture is.
  const nodes = kept.map(({ place, ties }, index) => {
    const radius = 14 * Math.sqrt(index + 0.5);
    const angle = index * Math.PI * (3 - Math.sqrt(5));
    return { place, ties: ties.length, x: radius * Math.cos(angle) * 1.5, y: radius * Math.sin(angle) };
  });
  const at = new Map(nodes.map((node) => [node.place.key, node]));
  const pairs = new Map<string, number>();
  const edges: Edge[] = [];
  for (const tie of selected.ties) {
    const source = at.get(tie.a.key);
    const target = at.get(tie.b.key);
    if (!source || !target || source === target) continue;
    const pair = [tie.a.key, tie.b.key].sort().join(" ");
    const bend = pairs.get(pair) ?? 0;
    pairs.set(pair, bend + 1);
    edges.push({ source, target, tie, bend });
  }
  return { nodes, edges };
}

// The places with most ties, each with a partner: where not all are drawn, those whose
// partners are not drawn would hang in the air, and hubs are seldom tied to each other.
function choose({ places, ties }: Selected, most: number): Set<string> {
  const rank = new Map(places.map(({ place }, index) => [place.key, index]));
  const of = ({ a, b }: Tie): number => (rank.get(a.key) ?? places.length) + (rank.get(b.key) ?? places.length);
  const chosen = new Set<string>();
  for (const { a, b } of [...ties].sort((one, other) => of(one) - of(other))) {
    if (chosen.size + Number(!chosen.has(a.key)) + Number(!chosen.has(b.key)) > most) continue;
    chosen.add(a.key).add(b.key);
  }
  return chosen;
}

function settle(nodes: Node[], edges: Edge[], size: Size): void {
  const simulation = forceSimulation(nodes)
    .force("links", forceLink<Node, Edge>(edges).distance(34).strength(0.5))
    .force("apart", forceManyBody<Node>().strength(-46).distanceMax(260))
    .force("room", forceCollide<Node>((node) => radiusOf(node) + 5))
    .force("x", forceX<Node>(0).strength(0.045))
    .force("y", forceY<Node>(0).strength(0.085))
    .stop();
  simulation.tick(nodes.length > 400 ? 160 : 260);
  fit(nodes, size);
}

function fit(nodes: Node[], size: Size): void {
  const edge = 40;
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(2, (size.width - 2 * edge) / (right - left || 1), (size.height - 2 * edge) / (bottom - top || 1));
  for (const node of nodes) {
    node.x = size.width / 2 + (node.x - (left + right) / 2) * scale;
    node.y = size.height / 2 + (node.y - (top + bottom) / 2) * scale;
  }
}

function curve({ source, target, bend }: Edge): string {
  const [x, y] = [(source.x + target.x) / 2, (source.y + target.y) / 2];
  const [dx, dy] = [target.x - source.x, target.y - source.y];
  const turn = bend ? (bend % 2 ? 1 : -1) * Math.ceil(bend / 2) * 0.18 : 0;
  return `M${source.x} ${source.y}Q${x - dy * turn} ${y + dx * turn} ${target.x} ${target.y}`;
}
