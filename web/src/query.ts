import { h, type Child } from "./dom.ts";
export async function query(of: unknown): Promise<Child> { return h("p", {}, String(of)); }
