// The search box: places, countries, articles, while one types.
import { search as ask } from "./api.ts";
import { announce, h, replace, said, type Child } from "./dom.ts";
import * as label from "./label.ts";
import * as route from "./route.ts";
import { chinese, number, t } from "./words.ts";

interface Hit {
  href: string;
  line: Child;
}

export function search(): HTMLElement {
  const box = h("ul", { class: "hits", id: "hits", role: "listbox", "aria-label": t("search"), hidden: true });
  const input = h("input", {
    type: "search",
    id: "search",
    role: "combobox",
    placeholder: t("search"),
    "aria-label": t("search"),
    "aria-expanded": "false",
    "aria-controls": "hits",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 200,
  });
  let hits: Hit[] = [];
  let chosen = -1;
  let asked: AbortController | undefined;
  let timer = 0;

  const close = (): void => {
    box.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (next: number): void => {
    const options = [...box.querySelectorAll("[role=option]")];
    if (!options.length) return;
    chosen = (next + options.length) % options.length;
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === chosen)));
    options[chosen]!.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen]!.id);
  };
  const open = (hit: Hit | undefined): void => {
    if (!hit) return;
    close();
    input.value = "";
    route.go(hit.href);
  };
  const look = async (): Promise<void> => {
    asked?.abort();
    const words = input.value.trim();
    if (!words) return close();
    asked = new AbortController();
    const found = await ask(words, asked.signal).catch(() => undefined);
    if (!found || input.value.trim() !== words) return;
    const groups: [string, Hit[]][] = [
      [t("cities"), found.places.map((each) => ({ href: route.city(each.key), line: [h("span", {}, label.place(each)), h("span", { class: "faint" }, [label.alias(each), label.country(each.country)].filter(Boolean).join(" · ")), h("span", { class: "count" }, number(each.ties))] }))],
      [t("countries"), found.countries.map((each) => ({ href: route.href("map", "", { country: each.code }), line: [h("span", {}, chinese() ? each.zh : each.en), h("span", { class: "faint" }, chinese() ? each.en : each.zh), h("span", { class: "count" }, number(each.ties))] }))],
      [t("articles"), found.articles.map((each) => ({ href: route.article(each.id), line: [each.title ? said(each.title) : t("untitled"), h("span", { class: "faint" }, each.published ?? "")] }))],
    ];
    hits = groups.flatMap(([, each]) => each);
    let n = 0;
    replace(
      box,
      hits.length
        ? groups
            .filter(([, each]) => each.length)
            .map(([name, each]) =>
              h(
                "li",
                { role: "group", "aria-label": name },
                h("span", { class: "head", "aria-hidden": "true" }, name),
                each.map((hit) => h("div", { role: "option", id: `hit-${n++}`, "aria-selected": "false", pointerdown: (event: Event) => event.preventDefault(), click: () => open(hit) }, hit.line)),
              ),
            )
        : h("li", { class: "none", role: "option", "aria-selected": "false", "aria-disabled": "true" }, t("search.none")),
    );
    announce(hits.length ? t("search.found", { n: hits.length }) : t("search.none"));
    box.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", "true");
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), 160);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") open(hits[Math.max(0, chosen)]);
    else if (event.key === "Escape" && !box.hidden) close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  input.addEventListener("focus", () => void (input.value && look()));
  return h("div", { class: "search", role: "search" }, input, box);
}
