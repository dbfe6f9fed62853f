// The address of a view: `#/map?kind=sister-city`. Every view and every filter is in it.

export interface Route {
  view: string;
  // What the view is of: the key of a place, the id of an agreement or an article.
  of: string;
  query: URLSearchParams;
}

export function read(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const [view = "", of = ""] = splitOnce(path, "/");
  return { view: decode(view) || "map", of: decode(of), query: new URLSearchParams(query) };
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function href(view: string, of = "", query?: URLSearchParams | Record<string, string>): string {
  const text = new URLSearchParams(query ?? {}).toString();
  // Colons stay readable: keys of places and articles have one.
  const path = of ? `/${encodeURIComponent(of).replace(/%3A/g, ":")}` : "";
  return `#/${view}${path}${text ? `?${text}` : ""}`;
}

export const city = (key: string): string => href("city", key);
export const agreement = (id: string): string => href("agreement", id);
export const article = (id: string, at?: [number, number]): string =>
  href("article", id, at ? { at: `${at[0]}-${at[1]}` } : {});

// Goes to another view, or changes the address of this one without a step in the history.
export function go(to: string): void {
  location.hash = to;
}

export function amend(to: string): void {
  history.replaceState(history.state, "", to);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
