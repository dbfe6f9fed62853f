// Map, network and timeline: one selection, three pictures, and the list below.
import type { Whole } from "./api.ts";
import { announce, button, h, type Child } from "./dom.ts";
import { filters } from "./filters.ts";
import { list, saveList } from "./list.ts";
import { map, unplaced, type Drawn } from "./map.ts";
import { KINDS } from "./model.ts";
import * as label from "./label.ts";
import { network } from "./network.ts";
import { savePng, saveSvg } from "./picture.ts";
import * as route from "./route.ts";
import { count, read, select, write, type Selected } from "./selection.ts";
import { timeline } from "./timeline.ts";
import { number, t } from "./words.ts";

export const PICTURES = { map, network, timeline };
export type Picture = keyof typeof PICTURES;

export function explore(whole: Whole, view: Picture, query: URLSearchParams): HTMLElement {
  const selected = select(whole, read(query));
  const { filter } = selected;
  const n = count(filter);
  const panel = h(
    "details",
    { class: "panel", open: window.matchMedia("(min-width: 60rem)").matches },
    h("summary", {}, n ? t("filters.on", { n }) : t("filters")),
    filters(selected, (next) => route.amend(route.href(view, "", write(next)))),
  );
  // On a narrow screen, what was open stays open while its filters change.
  if (document.querySelector("details.panel")?.hasAttribute("open")) panel.open = true;
  const told = selected.ties.length === whole.ties.length ? t("shownall", { n: number(whole.ties.length) }) : t("shownof", { n: number(selected.ties.length), all: number(whole.ties.length) });
  announce(told);
  const drawn = selected.ties.length ? PICTURES[view](selected) : undefined;
  return h(
    "div",
    { class: "explore" },
    panel,
    h(
      "section",
      { class: "stage" },
      h("h1", { class: "unseen" }, t(view)),
      h("div", { class: "bar" }, h("p", { class: "told" }, h("strong", {}, told), " ", h("span", { class: "faint" }, places(selected))), drawn && saves(drawn, selected, view)),
      drawn ? drawn.element : h("p", { class: "nothing" }, whole.ties.length ? t("nothing") : t("empty")),
      drawn && legend(selected, view),
      view === "map" && unplaced(selected),
      selected.ties.length > 0 && [h("h2", {}, t("table")), list(selected.ties)],
    ),
  );
}

function places(selected: Selected): string {
  const countries = new Set(selected.places.map((each) => each.place.country).filter(Boolean));
  return t("shown.places", { n: number(selected.places.length), c: number(countries.size) });
}

function saves(drawn: Drawn, selected: Selected, view: Picture): HTMLElement {
  const name = `youcheng-${view}`;
  return h(
    "div",
    { class: "saves", role: "group", "aria-label": t("save") },
    h("span", { class: "faint", "aria-hidden": "true" }, t("save")),
    button(t("save.svg"), () => saveSvg(drawn.svg, name)),
    button(t("save.png"), () => void savePng(drawn.svg, name)),
    button(t("save.csv"), () => saveList(selected.ties, name)),
  );
}

function legend(selected: Selected, view: Picture): Child {
  const kinds = new Set(selected.ties.map((tie) => tie.kind));
  const statuses = new Set(selected.ties.map((tie) => tie.status));
  return h(
    "div",
    { class: "legend", role: "group", "aria-label": t("legend") },
    KINDS.filter((each) => kinds.has(each)).map(label.kind),
    (["planned", "terminated"] as const).filter((each) => statuses.has(each)).map(label.status),
    view !== "timeline" && [h("span", { class: "key home" }, h("i"), t("legend.home")), h("span", { class: "key away" }, h("i"), t("legend.away"))],
  );
}
