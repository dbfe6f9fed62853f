// Elements out of text. Nothing here reads markup: what an article says becomes text nodes
// and attribute values, whatever it holds.

export type Child = Node | string | number | null | undefined | false | Child[];
type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Attributes = Record<string, Value>;

const SVG = "http://www.w3.org/2000/svg";

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
}

export function append(parent: Node, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.appendChild(child);
    else if (child !== null && child !== undefined && child !== false)
      parent.appendChild(document.createTextNode(String(child)));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

// Words of an article: in Chinese, and kept from turning the direction of what stands around.
export function said(text: string | null | undefined, attributes: Attributes = {}): HTMLElement {
  return h("bdi", { lang: "zh-Hans", ...attributes }, shown(text ?? ""));
}

// The marks that turn the direction of writing, and other characters that nobody sees, as
// something to see: in a name or a title they can only deceive.
export function shown(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, "\u00b7");
}

// An address out of an article, to follow only if it leads to the web.
export function outward(address: string | null, ...children: Child[]): HTMLElement | null {
  if (!address) return null;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return h("bdi", { class: "address" }, shown(address));
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return h("bdi", { class: "address" }, shown(address));
  return h(
    "a",
    { href: url.href, rel: "noopener noreferrer nofollow", target: "_blank", class: "address" },
    children.length ? children : h("bdi", {}, shown(address)),
  );
}

export function button(label: Child, click: (event: MouseEvent) => void, attributes: Attributes = {}): HTMLButtonElement {
  return h("button", { type: "button", click, ...attributes }, label);
}

// What assistive technology reads out when it changes.
let voice: HTMLElement | undefined;
export function announce(text: string): void {
  voice ??= document.body.appendChild(h("div", { class: "unseen", role: "status" }));
  if (voice.textContent !== text) voice.textContent = text;
}
