// The selected ties as a table: what every picture also says.
import { csv, download } from "./csv.ts";
import { button, h, type Child } from "./dom.ts";
import * as label from "./label.ts";
import type { Tie } from "./model.ts";
import * as route from "./route.ts";
import { chinese, number, t, type Word } from "./words.ts";

const PAGE = 100;

interface Column {
  word: Word;
  cell: (tie: Tie) => Child;
  order: (x: Tie, y: Tie) => number;
  numeric?: boolean;
}

// The countries of a tie, but for China: most ties have one end there.
function abroad(tie: Tie): string {
  const codes = [tie.a.country, tie.b.country].filter((code) => code && code !== "CN");
  return [...new Set(codes)].map(label.country).join(" – ");
}

function columns(): Column[] {
  const collator = new Intl.Collator(chinese() ? "zh-Hans" : "en");
  const by = (text: (tie: Tie) => string) => (x: Tie, y: Tie) => collator.compare(text(x), text(y));
  const plain = (text: (tie: Tie) => string) => (x: Tie, y: Tie) => (text(x) < text(y) ? -1 : text(x) > text(y) ? 1 : 0);
  return [
    { word: "a", cell: (tie) => label.placeLink(tie.a), order: by((tie) => label.place(tie.a)) },
    { word: "b", cell: (tie) => label.placeLink(tie.b), order: by((tie) => label.place(tie.b)) },
    { word: "country", cell: abroad, order: by(abroad) },
    { word: "kind", cell: (tie) => label.kind(tie.kind), order: plain((tie) => tie.kind) },
    { word: "status", cell: (tie) => label.status(tie.status), order: plain((tie) => tie.status) },
    {
      word: "date",
      cell: (tie) => [
        h("a", { href: route.agreement(tie.id), class: "when" }, label.date(tie.date) || t("nodate")),
        label.disagreement(tie.contradictions),
      ],
      order: plain((tie) => tie.date ?? "~"),
    },
    { word: "sources", cell: (tie) => number(tie.articles), order: (x, y) => y.articles - x.articles, numeric: true },
  ];
}

export function list(ties: Tie[]): HTMLElement {
  const cols = columns();
  let sorted = ties;
  let by = -1;
  let down = false;
  let rows = PAGE;
  const body = h("tbody");
  const foot = h("div", { class: "more" });
  const heads = cols.map((column, index) =>
    h(
      "th",
      { scope: "col", class: column.numeric ? "numeric" : "" },
      button(t(column.word), () => sort(index), { class: "sort", "aria-label": t("sortby", { name: t(column.word) }) }),
    ),
  );
  const sort = (index: number): void => {
    down = by === index ? !down : false;
    by = index;
    const { order } = cols[index]!;
    sorted = [...ties].sort((x, y) => (down ? order(y, x) : order(x, y)));
    heads.forEach((head, at) => {
      if (at === index) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    draw();
  };
  const draw = (): void => {
    body.replaceChildren(
      ...sorted.slice(0, rows).map((tie) =>
        h("tr", {}, cols.map((column) => h("td", { class: column.numeric ? "numeric" : "", "data-name": t(column.word) }, column.cell(tie)))),
      ),
    );
    const left = sorted.length - rows;
    foot.replaceChildren(
      ...(left > 0
        ? [
            button(t("more", { n: number(Math.min(PAGE * 5, left)) }), () => {
              rows += PAGE * 5;
              draw();
            }),
          ]
        : []),
    );
  };
  draw();
  return h(
    "div",
    { class: "list" },
    h("table", {}, h("caption", { class: "unseen" }, t("table.of")), h("thead", {}, h("tr", {}, heads)), body),
    foot,
  );
}

export function saveList(ties: Tie[], name: string): void {
  const header = ["agreement", "a", "a_latin", "a_key", "a_country", "a_lat", "a_lon", "b", "b_latin", "b_key", "b_country", "b_lat", "b_lon", "kind", "status", "date", "independent_articles", "confidence", "contradictions"];
  const rows = ties.map((tie) => [
    tie.id,
    ...[tie.a, tie.b].flatMap((each) => [each.name, each.latin, each.key, each.country, each.lat, each.lon]),
    tie.kind,
    tie.status,
    tie.date,
    tie.articles,
    tie.confidence,
    tie.contradictions.join(" "),
  ]);
  download(`${name}.csv`, "text/csv", csv(header, rows));
}
