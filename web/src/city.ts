import { h, type Child } from "./dom.ts";
export function city(of: unknown): [Child, string] { return [h("p", {}, String(of)), ""]; }
