// The page: what stands around the views, and which view is shown.
import * as api from "./api.ts";
import { agreement } from "./agreement.ts";
import { article } from "./article.ts";
import { city } from "./city.ts";
import { button, h, replace, type Child } from "./dom.ts";
import { explore, PICTURES, type Picture } from "./explore.ts";
import * as label from "./label.ts";
import { query } from "./query.ts";
import * as route from "./route.ts";
import { search } from "./search.ts";
import { keep, language, number, setLanguage, speak, t } from "./words.ts";

const main = h("main", { id: "main", tabindex: -1 });
const root = document.documentElement;

function theme(to?: string): void {
  const kept = to ?? keep("theme");
  if (to) keep("theme", to);
  if (kept === "light" || kept === "dark") root.dataset["theme"] = kept;
}

const dark = (): boolean =>
  root.dataset["theme"] ? root.dataset["theme"] === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;

function shell(): void {
  const link = (view: string, word: "map" | "network" | "timeline" | "query"): HTMLElement => h("a", { href: route.href(view), "data-view": view }, t(word));
  const shade = button(dark() ? t("theme.light") : t("theme.dark"), () => {
    theme(dark() ? "light" : "dark");
    shade.textContent = dark() ? t("theme.light") : t("theme.dark");
  }, { class: "quiet", title: t("theme.label") });
  const header = h(
    "header",
    { class: "top" },
    h("a", { class: "skip", href: "#main", click: (event: Event) => { event.preventDefault(); main.focus(); } }, t("skip")),
    h("a", { class: "brand", href: route.href("map") }, h("span", { lang: "zh-Hans" }, "友城"), h("span", { class: "latin" }, "youcheng")),
    h("nav", { "aria-label": t("views") }, link("map", "map"), link("network", "network"), link("timeline", "timeline"), link("query", "query")),
    search(),
    h("div", { class: "settings" }, button(t("language"), () => {
      setLanguage(language() === "zh" ? "en" : "zh");
      shell();
      void show();
    }, { class: "quiet", "aria-label": t("language.label"), lang: language() === "zh" ? "en" : "zh-Hans" }), shade),
  );
  const foot = h("footer", { class: "bottom" }, h("span", { id: "totals" }), h("a", { href: "assets/licences.txt" }, t("licences")));
  document.body.querySelector("header.top")?.remove();
  document.body.querySelector("footer.bottom")?.remove();
  document.body.prepend(header);
  if (!main.isConnected) document.body.append(main);
  document.body.append(foot);
}

// The last asked for is the one that is shown.
let turn = 0;
let shown = "";

async function show(): Promise<void> {
  const mine = ++turn;
  const { view, of, query: asked } = route.read(location.hash);
  const key = `${view}/${of}`;
  const fresh = key !== shown;
  mark(view, asked);
  const waiting = window.setTimeout(() => mine === turn && fresh && replace(main, h("p", { class: "loading", role: "status" }, t("loading"))), 200);
  let content: Child;
  let named = "";
  try {
    if (view !== "query") await totals();
    [content, named] = await draw(view, of, asked);
  } catch (error) {
    [content, named] = [failure(error, of), t("failed")];
  }
  clearTimeout(waiting);
  if (mine !== turn) return;
  const height = window.scrollY;
  const focused = document.activeElement?.id;
  replace(main, content);
  shown = key;
  main.dataset["drawn"] = location.hash;
  document.title = named ? `${named} – ${t("app")}` : `${t("app")} – ${t("tagline")}`;
  if (!fresh && !asked.has("at")) {
    window.scrollTo(0, height);
    // What was made anew keeps the focus that the old had.
    if (focused && focused !== "main") document.getElementById(focused)?.focus({ preventScroll: true });
  } else if (!focusMarked()) {
    window.scrollTo(0, scrolled.get(history.state as number) ?? 0);
    if (turn > 1) main.focus({ preventScroll: true });
  }
}

// A sentence that the address asks for.
function focusMarked(): boolean {
  const marked = main.querySelector<HTMLElement>("#at");
  if (!marked) return false;
  marked.scrollIntoView({ block: "center" });
  marked.focus({ preventScroll: true });
  return true;
}

async function draw(view: string, of: string, asked: URLSearchParams): Promise<[Child, string]> {
  if (Object.hasOwn(PICTURES, view)) return [explore(await api.ties(), view as Picture, asked), view === "map" ? "" : t(view as Picture)];
  switch (view) {
    case "city":
      return city(await api.city(of));
    case "agreement":
      return agreement(await api.agreement(of));
    case "article":
      return article(await api.article(of), asked);
    case "query":
      return [await query(asked), t("query")];
    default:
      return [h("section", { class: "page" }, h("h1", {}, t("unknown")), h("p", {}, h("a", { href: route.href("map") }, t("home")))), t("unknown")];
  }
}

function failure(error: unknown, of: string): HTMLElement {
  const missing = error instanceof api.Refused && error.status === 404 && of;
  const text = error instanceof Error ? error.message : String(error);
  return h(
    "section",
    { class: "page" },
    h("h1", {}, missing ? t("unknown.of", { of: of.slice(0, 100) }) : t("failed")),
    !missing && h("p", { role: "alert" }, text),
    h("p", {}, button(t("retry"), () => void show()), " ", h("a", { href: route.href("map") }, t("home"))),
  );
}

async function totals(): Promise<void> {
  const whole = await api.ties();
  label.know(whole.countries);
  const { articles, claims, agreements } = whole.totals;
  const line = document.getElementById("totals");
  if (line) line.textContent = `${t("totals", { a: number(articles), c: number(claims), g: number(agreements) })} · youcheng ${whole.version}`;
}

// The other pictures show the same selection: their links keep its filters.
function mark(view: string, asked: URLSearchParams): void {
  for (const each of document.querySelectorAll<HTMLAnchorElement>("nav a[data-view]")) {
    const to = each.dataset["view"]!;
    const same = Object.hasOwn(PICTURES, view) && Object.hasOwn(PICTURES, to);
    each.setAttribute("href", route.href(to, "", same ? asked : undefined));
    if (to === view) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}

// How far down a page was read, to go back to: each step of the history has its number.
const scrolled = new Map<number, number>();
history.scrollRestoration = "manual";
function stamp(): void {
  if (history.state === null) history.replaceState(Date.now(), "");
}

theme();
speak(language());
shell();
stamp();
window.addEventListener("scroll", () => void scrolled.set(history.state as number, window.scrollY), { passive: true });
window.addEventListener("hashchange", () => {
  stamp();
  void show();
});
void show();
