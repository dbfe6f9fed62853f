// The land of world-atlas (1:50 million) on a coarser grid and without Antarctica, where no
// city is: half the bytes, and on a screen the same picture.
import { quantize } from "topojson-client";

// Grid lines across the world: from one to the next are three kilometres at the equator.
const GRID = 12_000;

export function land(atlas) {
  const arcs = atlas.arcs.map((arc) => degrees(arc, atlas.transform));
  const [all] = atlas.objects.land.geometries;
  const inhabited = all.arcs.filter(([outline]) =>
    outline.some((index) => arcs[index < 0 ? ~index : index].some(([, latitude]) => latitude > -60)),
  );
  // Only the arcs that are still used, in the order of their use.
  const used = [];
  const place = new Map();
  const move = (index) => {
    const at = index < 0 ? ~index : index;
    if (!place.has(at)) place.set(at, used.push(arcs[at]) - 1);
    return index < 0 ? ~place.get(at) : place.get(at);
  };
  const polygons = inhabited.map((polygon) => polygon.map((ring) => ring.map(move)));
  const land = { type: "MultiPolygon", arcs: polygons };
  const { bbox, ...topology } = quantize({ type: "Topology", objects: { land }, arcs: used }, GRID);
  if (!bbox || !used.length) throw new Error("there is no land");
  return JSON.stringify(topology);
}

// An arc of steps on a grid as points in degrees.
function degrees(arc, { scale, translate }) {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => {
    [x, y] = [x + dx, y + dy];
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}
