// Which ties are shown: what the filters say, read from the address and written to it.
import type { Whole } from "./api.ts";
import { KINDS, STATUSES, type Place, type Tie } from "./model.ts";

export interface Filter {
  // Empty sets let everything pass.
  kinds: Set<string>;
  statuses: Set<string>;
  from: number | null;
  to: number | null;
  undated: boolean;
  country: string;
  province: string;
  place: string;
}

const known = (text: string | null, all: readonly string[]): Set<string> =>
  new Set((text ?? "").split(",").filter((each) => all.includes(each)));

function year(text: string | null): number | null {
  return text && /^\d{4}$/.test(text) ? Number(text) : null;
}

export function read(query: URLSearchParams): Filter {
  return {
    kinds: known(query.get("kind"), KINDS),
    statuses: known(query.get("status"), STATUSES),
    from: year(query.get("from")),
    to: year(query.get("to")),
    undated: query.get("undated") !== "no",
    country: query.get("country") ?? "",
    province: query.get("province") ?? "",
    place: query.get("place") ?? "",
  };
}

export function write(filter: Filter): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, value: string): void => {
    if (value) query.set(name, value);
  };
  put("kind", [...filter.kinds].join(","));
  put("status", [...filter.statuses].join(","));
  put("from", filter.from === null ? "" : String(filter.from));
  put("to", filter.to === null ? "" : String(filter.to));
  put("undated", filter.undated ? "" : "no");
  put("country", filter.country);
  put("province", filter.province);
  put("place", filter.place);
  return query;
}

export const count = (filter: Filter): number => [...write(filter).keys()].length;

export type Facet = "kinds" | "statuses" | "years" | "country" | "province" | "place";

// Whether a tie passes every filter but one, so that a filter can say what else there is.
export function passes(tie: Tie, filter: Filter, but?: Facet): boolean {
  if (but !== "kinds" && filter.kinds.size && !filter.kinds.has(tie.kind)) return false;
  if (but !== "statuses" && filter.statuses.size && !filter.statuses.has(tie.status)) return false;
  if (but !== "years") {
    if (tie.year === null) {
      if (!filter.undated) return false;
    } else if ((filter.from !== null && tie.year < filter.from) || (filter.to !== null && tie.year > filter.to)) {
      return false;
    }
  }
  if (but !== "country" && filter.country && ![tie.a, tie.b].some((each) => each.country === filter.country)) return false;
  if (but !== "province" && filter.province && ![tie.a, tie.b].some((each) => within(each, filter.province))) return false;
  if (but !== "place" && filter.place && ![tie.a, tie.b].some((each) => each.key === filter.place)) return false;
  return true;
}

const within = (place: Place, province: string): boolean => place.province === province || place.key === province;

export interface Selected {
  whole: Whole;
  filter: Filter;
  ties: Tie[];
  // The places of these ties, with how many each has, most first.
  places: { place: Place; ties: Tie[] }[];
}

export function select(whole: Whole, filter: Filter): Selected {
  const ties = whole.ties.filter((tie) => passes(tie, filter));
  const places = new Map<string, { place: Place; ties: Tie[] }>();
  for (const tie of ties) {
    for (const place of tie.a === tie.b ? [tie.a] : [tie.a, tie.b]) {
      const entry = places.get(place.key) ?? { place, ties: [] };
      entry.ties.push(tie);
      places.set(place.key, entry);
    }
  }
  const order = [...places.values()].sort((x, y) => y.ties.length - x.ties.length || (x.place.key < y.place.key ? -1 : 1));
  return { whole, filter, ties, places: order };
}
