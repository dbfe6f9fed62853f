// The filters beside the pictures. Each says how many ties it would let through.
import { button, h, type Child } from "./dom.ts";
import * as label from "./label.ts";
import { KINDS, STATUSES, type Tie } from "./model.ts";
import { count, passes, type Facet, type Filter, type Selected } from "./selection.ts";
import { chinese, number, t } from "./words.ts";

export function filters(selected: Selected, change: (filter: Filter) => void): HTMLElement {
  const { filter, whole } = selected;
  const open = (facet: Facet): Tie[] => whole.ties.filter((tie) => passes(tie, filter, facet));
  const set = (part: Partial<Filter>): void => change({ ...filter, ...part });
  const on = count(filter);
  const place = filter.place ? whole.places.get(filter.place) : undefined;
  return h(
    "form",
    { class: "filters", submit: (event: Event) => event.preventDefault() },
    place &&
      group(
        t("place"),
        h("p", { class: "pinned" }, label.placeLink(place), button("×", () => set({ place: "" }), {
          class: "quiet",
          "aria-label": t("place.off", { name: label.place(place) }),
        })),
      ),
    group(t("kind"), boxes("kind", KINDS, tally(open("kinds"), (tie) => [tie.kind]), filter.kinds, label.kind, (kinds) => set({ kinds }))),
    group(t("status"), boxes("status", STATUSES, tally(open("statuses"), (tie) => [tie.status]), filter.statuses, label.status, (statuses) => set({ statuses }))),
    group(t("years"), years(open("years"), filter, set)),
    group(t("country"), choice("country", countryOptions(open("country")), filter.country, (country) => set({ country }))),
    group(t("province"), choice("province", provinceOptions(open("province"), selected), filter.province, (province) => set({ province }))),
    on > 0 &&
      button(t("clear"), () =>
        change({ kinds: new Set(), statuses: new Set(), from: null, to: null, undated: true, country: "", province: "", place: "" }), { id: "clear", class: "wide" }),
  );
}

function group(title: string, ...children: Child[]): HTMLElement {
  return h("fieldset", {}, h("legend", {}, title), children);
}

function tally(ties: Tie[], of: (tie: Tie) => (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tie of ties) for (const each of new Set(of(tie))) if (each) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

function boxes<T extends string>(
  name: string,
  all: readonly T[],
  counts: Map<string, number>,
  chosen: Set<string>,
  draw: (value: T) => HTMLElement,
  change: (chosen: Set<string>) => void,
): HTMLElement[] {
  return all
    .filter((each) => counts.has(each) || chosen.has(each))
    .map((each) =>
      h(
        "label",
        { class: "box" },
        h("input", {
          type: "checkbox",
          id: `${name}-${each}`,
          checked: chosen.has(each),
          change: () => {
            const next = new Set(chosen);
            if (!next.delete(each)) next.add(each);
            change(next);
          },
        }),
        draw(each),
        h("span", { class: "count" }, number(counts.get(each) ?? 0)),
      ),
    );
}

// Two years, and above them how many ties each year has.
function years(ties: Tie[], filter: Filter, set: (part: Partial<Filter>) => void): Child {
  const dated = ties.flatMap((tie) => (tie.year === null ? [] : [tie.year]));
  if (!dated.length && filter.from === null && filter.to === null) return h("p", { class: "faint" }, t("nodate"));
  const first = dated.reduce((x, y) => Math.min(x, y), filter.from ?? 9999);
  const last = dated.reduce((x, y) => Math.max(x, y), filter.to ?? 0);
  const input = (name: "from" | "to", empty: number): HTMLElement =>
    h("input", {
      type: "number",
      id: name,
      min: 1900,
      max: 2100,
      step: 1,
      inputmode: "numeric",
      value: filter[name],
      placeholder: empty,
      "aria-label": `${t("years")}: ${t(name)}`,
      change: (event: Event) => {
        const value = (event.target as HTMLInputElement).value;
        set({ [name]: /^\d{4}$/.test(value) ? Number(value) : null });
      },
    });
  return [
    bars(dated, first, last, filter),
    h("div", { class: "years" }, input("from", first), h("span", { "aria-hidden": "true" }, "–"), input("to", last)),
    h(
      "label",
      { class: "box" },
      h("input", { type: "checkbox", id: "undated", checked: filter.undated, change: () => set({ undated: !filter.undated }) }),
      h("span", {}, t("undated")),
      h("span", { class: "count" }, number(ties.length - dated.length)),
    ),
  ];
}

function bars(dated: number[], first: number, last: number, filter: Filter): HTMLElement {
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const year of dated) counts[year - first]! += 1;
  const most = Math.max(1, ...counts);
  const holder = h("div", { class: "bars", "aria-hidden": "true" });
  counts.forEach((each, index) => {
    const year = first + index;
    const off = (filter.from !== null && year < filter.from) || (filter.to !== null && year > filter.to);
    const bar = h("i", { class: off ? "off" : "", title: `${year}: ${each}` });
    bar.style.height = each ? `${Math.max(8, (100 * each) / most)}%` : "0";
    holder.append(bar);
  });
  return holder;
}

interface Option {
  value: string;
  text: string;
  group?: string;
}

function choice(id: string, options: Option[], chosen: string, change: (value: string) => void): HTMLElement {
  const select = h("select", {
    id,
    "aria-label": t(id as "country" | "province"),
    change: (event: Event) => change((event.target as HTMLSelectElement).value),
  });
  select.append(h("option", { value: "" }, t("any")));
  const groups = new Map<string, HTMLElement>();
  if (chosen && !options.some((each) => each.value === chosen)) options.unshift({ value: chosen, text: chosen });
  for (const each of options) {
    const option = h("option", { value: each.value, selected: each.value === chosen }, each.text);
    if (!each.group) {
      select.append(option);
      continue;
    }
    if (!groups.has(each.group)) groups.set(each.group, select.appendChild(h("optgroup", { label: each.group })));
    groups.get(each.group)!.append(option);
  }
  return select;
}

const order = (): Intl.Collator => new Intl.Collator(chinese() ? "zh-Hans" : "en");

function countryOptions(ties: Tie[]): Option[] {
  const counts = tally(ties, (tie) => [tie.a.country, tie.b.country]);
  return [...counts]
    .sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1))
    .map(([code, n]) => ({ value: code, text: `${label.country(code)} (${number(n)})` }));
}

// First-level units, those of China first.
function provinceOptions(ties: Tie[], { whole }: Selected): Option[] {
  const counts = tally(ties, (tie) => [tie.a.province, tie.b.province]);
  const collator = order();
  const rank = (code: string | null): number => (code === "CN" ? 0 : 1);
  return [...counts.keys()]
    .flatMap((key) => whole.places.get(key) ?? [])
    .sort(
      (x, y) =>
        rank(x.country) - rank(y.country) ||
        collator.compare(label.country(x.country), label.country(y.country)) ||
        collator.compare(label.place(x), label.place(y)),
    )
    .map((each) => ({
      value: each.key,
      text: `${label.place(each)} (${number(counts.get(each.key)!)})`,
      group: label.country(each.country) || "—",
    }));
}
