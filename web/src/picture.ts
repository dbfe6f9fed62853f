// A picture that can be moved, walked through by keyboard, and saved.
import { download } from "./csv.ts";
import { button, h, s } from "./dom.ts";
import { t } from "./words.ts";

export interface Size {
  width: number;
  height: number;
}

// On a phone a picture has fewer units, so that what is written in it can be read.
export function sized(wide: Size, narrow: Size): Size {
  return window.matchMedia("(max-width: 46rem)").matches ? narrow : wide;
}

export interface View {
  k: number;
  x: number;
  y: number;
}

export interface Frame {
  svg: SVGSVGElement;
  // What moves with the view.
  scene: SVGGElement;
  element: HTMLElement;
}

const MOST = 24;

// `moved` hears of every change of scale, to keep labels and points readable.
export function frame(size: Size, title: string, moved: (view: View) => void): Frame {
  const scene = s("g");
  const svg = s("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "group", "aria-label": title, class: "picture" }, scene);
  let view: View = { k: 1, x: 0, y: 0 };
  let waiting = 0;
  const put = (next: View): void => {
    const k = Math.min(MOST, Math.max(1, next.k));
    // Nothing of the picture is lost: it always fills its frame.
    const x = Math.min(0, Math.max(size.width * (1 - k), next.x));
    const y = Math.min(0, Math.max(size.height * (1 - k), next.y));
    view = { k, x, y };
    scene.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    // What fills its frame lets a finger scroll the page.
    svg.style.touchAction = k > 1 ? "none" : "pan-y";
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => moved(view));
  };
  const zoom = (factor: number, at: [number, number] = [size.width / 2, size.height / 2]): void => {
    const k = Math.min(MOST, Math.max(1, view.k * factor));
    const ratio = k / view.k;
    put({ k, x: at[0] - (at[0] - view.x) * ratio, y: at[1] - (at[1] - view.y) * ratio });
  };
  gestures(svg, size, () => view, put, zoom);
  svg.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") put({ k: 1, x: 0, y: 0 });
    else return;
    event.preventDefault();
  });
  walk(svg);
  const element = h(
    "div",
    { class: "frame" },
    h(
      "div",
      { class: "zoom" },
      button("+", () => zoom(1.6), { "aria-label": t("zoom.in"), title: t("zoom.in") }),
      button("−", () => zoom(1 / 1.6), { "aria-label": t("zoom.out"), title: t("zoom.out") }),
      button("⤢", () => put({ k: 1, x: 0, y: 0 }), { "aria-label": t("zoom.all"), title: t("zoom.all") }),
    ),
  );
  element.prepend(svg);
  return { svg, scene, element };
}

// Dragging, the wheel, two fingers.
function gestures(svg: SVGSVGElement, size: Size, view: () => View, put: (view: View) => void, zoom: (factor: number, at: [number, number]) => void): void {
  const fingers = new Map<number, { x: number; y: number }>();
  let dragged = false;
  const scale = (): number => size.width / (svg.getBoundingClientRect().width || size.width);
  const inside = (x: number, y: number): [number, number] => {
    const box = svg.getBoundingClientRect();
    return [(x - box.left) * scale(), (y - box.top) * scale()];
  };
  svg.addEventListener(
    "wheel",
    (event) => {
      // At its smallest the picture lets the page scroll.
      if (view().k <= 1 && event.deltaY > 0 && !event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), inside(event.clientX, event.clientY));
    },
    { passive: false },
  );
  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const dx = event.clientX - before.x;
    const dy = event.clientY - before.y;
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const [other] = others;
    if (other) {
      const was = Math.hypot(before.x - other.x, before.y - other.y) || 1;
      const is = Math.hypot(event.clientX - other.x, event.clientY - other.y) || 1;
      zoom(is / was, inside((event.clientX + other.x) / 2, (event.clientY + other.y) / 2));
    } else {
      const { k, x, y } = view();
      put({ k, x: x + dx * scale(), y: y + dy * scale() });
    }
  });
  const up = (event: PointerEvent): void => void fingers.delete(event.pointerId);
  svg.addEventListener("pointerup", up);
  svg.addEventListener("pointercancel", up);
  // The end of a drag is no click.
  svg.addEventListener(
    "click",
    (event) => {
      if (dragged) {
        event.preventDefault();
        event.stopPropagation();
      }
      dragged = false;
    },
    true,
  );
  svg.addEventListener("dragstart", (event) => event.preventDefault());
}

// One stop in the order of tabs; from there arrow keys go to what is next in their direction.
export function walk(svg: SVGSVGElement): void {
  const stops = (): SVGAElement[] => [...svg.querySelectorAll<SVGAElement>("a.stop")];
  const AXIS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    const axis = AXIS[event.key];
    const here = document.activeElement;
    if (!axis || !(here instanceof SVGElement) || !here.classList.contains("stop")) return;
    event.preventDefault();
    const middle = (element: Element): [number, number] => {
      const box = element.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const [x, y] = middle(here);
    let best: SVGAElement | undefined;
    let least = Infinity;
    for (const each of stops()) {
      if (each === here) continue;
      const [u, v] = middle(each);
      const along = (u - x) * axis[0] + (v - y) * axis[1];
      const across = Math.abs((u - x) * axis[1]) + Math.abs((v - y) * axis[0]);
      if (along <= 0.5) continue;
      const cost = along + 2.5 * across;
      if (cost < least) [best, least] = [each, cost];
    }
    if (!best) return;
    for (const each of stops()) each.setAttribute("tabindex", "-1");
    best.setAttribute("tabindex", "0");
    best.focus();
  });
}

// What of a style a saved picture needs, as it is written in its attributes.
const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order", "vector-effect", "display"];

function standalone(svg: SVGSVGElement): { text: string; width: number; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((each, index) => {
    const style = getComputedStyle(from[index]!);
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value) each.setAttribute(name, value);
    }
    for (const name of ["class", "tabindex", "style", "href", "aria-label"]) each.removeAttribute(name);
  });
  const { width, height } = svg.viewBox.baseVal;
  const background = s("rect", { width, height, fill: getComputedStyle(svg).backgroundColor });
  copy.prepend(background);
  for (const name of ["class", "role", "aria-label"]) copy.removeAttribute(name);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

export function saveSvg(svg: SVGSVGElement, name: string): void {
  download(`${name}.svg`, "image/svg+xml", standalone(svg).text);
}

export async function savePng(svg: SVGSVGElement, name: string): Promise<void> {
  const { text, width, height } = standalone(svg);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * 2, height * 2];
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (blob) download(`${name}.png`, "image/png", blob);
  } finally {
    URL.revokeObjectURL(url);
  }
}
