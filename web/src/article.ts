import { h, type Child } from "./dom.ts";
export function article(of: unknown, q: unknown): [Child, string] { return [h("p", {}, String(of), String(q)), ""]; }
