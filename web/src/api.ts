// What is asked of the server: the one file that fetches.
import type { Agreement, Article, City, Country, Found, NamedQuery, Place, Tie, Ties } from "./model.ts";

// Everything stands beside the page, below whatever path a proxy gives it.
const base = new URL(".", location.href.split("#")[0]);

export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

async function get<T>(path: string, query: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { accept: "application/json" }, signal: signal ?? null });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json()) as T;
}

async function refusal(answer: Response): Promise<Refused> {
  const text = await answer.text().catch(() => "");
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown; hint?: unknown } };
    if (typeof error?.message === "string")
      return new Refused([error.message, error.hint].filter((each) => typeof each === "string").join(" "), answer.status);
  } catch {
    // Not JSON: then it is text for people.
  }
  return new Refused(text.slice(0, 2000).trim() || answer.statusText, answer.status);
}

export const city = (key: string): Promise<City> => get("api/city", { key });
export const agreement = (id: string): Promise<Agreement> => get("api/agreement", { id });
export const article = (id: string): Promise<Article> => get("api/article", { id });
export const search = (q: string, signal: AbortSignal): Promise<Found> => get("api/search", { q, limit: "8" }, signal);

// The ties are kept, and asked for again after a while: an ingest may have added to them.
export interface Whole {
  ties: Tie[];
  places: Map<string, Place>;
  countries: Record<string, Country>;
  totals: Ties["totals"];
  version: string;
}

const FRESH = 60_000;
let whole: Promise<Whole> | undefined;
let since = 0;
export function ties(): Promise<Whole> {
  if (Date.now() - since > FRESH) whole = undefined;
  if (!whole) since = Date.now();
  whole ??= get<Ties>("api/ties").then(
    (all) => {
      const at = (index: number): Place => all.places[index]!;
      return {
        ties: all.ties.map((tie) => ({ ...tie, a: at(tie.a), b: at(tie.b) })),
        places: new Map(all.places.map((place) => [place.key, place])),
        countries: all.countries,
        totals: all.totals,
        version: all.version,
      };
    },
    (error: unknown) => {
      whole = undefined;
      throw error;
    },
  );
  return whole;
}

let list: Promise<NamedQuery[]> | undefined;
export const queries = (): Promise<NamedQuery[]> => (list ??= get("queries"));
let short: Promise<Record<string, string>> | undefined;
export const prefixes = (): Promise<Record<string, string>> => (short ??= get("api/prefixes"));

export interface Answer {
  type: string;
  text: string;
}

// Tables as JSON, graphs as Turtle.
const accept = "application/sparql-results+json, text/turtle;q=0.9";

async function answer(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(new URL(path, base), init);
  if (!response.ok) throw await refusal(response);
  return { type: (response.headers.get("content-type") ?? "").split(";")[0]!, text: await response.text() };
}

export function sparql(text: string, signal: AbortSignal): Promise<Answer> {
  return answer("sparql", { method: "POST", headers: { "content-type": "application/sparql-query", accept }, body: text, signal });
}

export function named(name: string, values: Record<string, string>, signal: AbortSignal): Promise<Answer> {
  return answer(`queries/${encodeURIComponent(name)}?${new URLSearchParams(values)}`, { headers: { accept }, signal });
}

let coast: Promise<unknown> | undefined;
export const land = (): Promise<unknown> => (coast ??= get("assets/land.json"));
