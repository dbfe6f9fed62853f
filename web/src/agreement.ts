import { h, type Child } from "./dom.ts";
export function agreement(of: unknown): [Child, string] { return [h("p", {}, String(of)), ""]; }
