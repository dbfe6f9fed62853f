// The explorer as people use it, in a real browser, over a store of corpus/.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { hostile } from "./hostile.mjs";
import { browser, findings, LOOKS, open, overhang, visit } from "./page.mjs";
import { serve } from "./server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const shots = path.join(here, "../shots");
let chrome;
let server;
let base;
// A place, an agreement and an article that the corpus is known to hold.
const seen = {};

// What can be compared: without white space, and without what is shown in its stead.
const bare = (text) => text.replaceAll(/[\s·\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "");
const json = async (file) => (await fetch(new URL(file, base))).json();
const label = (page) => page.locator("h1").first().innerText();

before(async () => {
  mkdirSync(shots, { recursive: true });
  [chrome, server] = await Promise.all([browser(), serve()]);
  base = server.base;
  const { places, ties } = await json("api/ties");
  const of = (index) => places[index];
  const counts = new Map();
  for (const tie of ties) if (of(tie.a).lat !== null) counts.set(tie.a, (counts.get(tie.a) ?? 0) + 1);
  seen.place = of([...counts].sort((x, y) => y[1] - x[1])[0][0]);
  seen.ties = ties;
  seen.country = of(ties[0].b).country;
  const tie = [...ties].sort((x, y) => y.articles - x.articles)[0];
  seen.agreement = await json(`api/agreement?id=${tie.id}`);
  seen.claim = seen.agreement.claims.find((each) => each.quote.length > 8);
});

after(async () => {
  await chrome?.close();
  await server?.stop();
});

const VIEWS = {
  map: () => "#/map",
  network: () => "#/network",
  timeline: () => "#/timeline",
  city: () => `#/city/${encodeURIComponent(seen.place.key)}`,
  agreement: () => `#/agreement/${seen.agreement.id}`,
  article: () => `#/article/${seen.claim.article.id}?at=${seen.claim.start}-${seen.claim.end}`,
  query: () => "#/query?name=agreements-by-year&run=",
};

// Both languages, both themes, both sizes; axe takes its time.
const EXAMINED = ["zh-wide", "en-phone"];
for (const look of Object.keys(LOOKS)) {
  test(`every view loads, and axe finds nothing serious: ${look}`, async () => {
    const { page, wrong, close } = await open(chrome, base, look);
    for (const [view, hash] of Object.entries(VIEWS)) {
      await visit(page, base, hash());
      if (view === "query") await page.waitForSelector(".answer tbody tr");
      if (view === "map") await page.waitForSelector("path.land", { state: "attached" });
      await page.screenshot({ path: path.join(shots, `${view}-${look}.png`) });
      assert.equal(await overhang(page), 0, `${view} is wider than the window`);
      if (EXAMINED.includes(look)) assert.deepEqual(await findings(page), [], view);
      assert.deepEqual(wrong, [], view);
    }
    await close();
  });
}

test("from the map to a city, to an agreement, to the marked sentence, and back", async () => {
  const { page, wrong, close } = await open(chrome, base);
  await visit(page, base, `#/map?place=${encodeURIComponent(seen.agreement.a.key)}`);
  const key = encodeURIComponent(seen.agreement.a.key).replaceAll("%3A", ":");
  const stop = page.locator(`svg a.stop[href="#/city/${key}"]`);
  if (await stop.count()) await stop.dispatchEvent("click");
  else await page.locator(`.list a[href="#/city/${key}"]`).first().click();
  await page.waitForURL(/#\/city\//);
  await page.locator(`.list a[href="#/agreement/${seen.agreement.id}"]`).click();
  await page.waitForURL(/#\/agreement\//);
  await page.waitForSelector(".claim mark");
  const claim = page.locator(".claim").filter({ hasText: seen.claim.quote.slice(0, 12) }).first();
  await claim.locator("a.button").click();
  await page.waitForURL(/#\/article\/sha256:[0-9a-f]{64}\?at=\d+-\d+/);
  await page.waitForSelector("#at");
  const marked = (await page.locator("mark.current").allInnerTexts()).join("");
  assert.ok(bare(marked).includes(bare(seen.claim.quote).slice(0, 12)), `${marked} is not the sentence`);
  const box = await page.locator("#at").boundingBox();
  assert.ok(box && box.y >= 0 && box.y < 900, "the sentence is on the screen");
  for (const view of ["agreement", "city", "map"]) {
    await page.goBack();
    await page.waitForURL(new RegExp(`#/${view}`));
    await page.waitForSelector(view === "map" ? "svg.picture" : ".page h1");
  }
  assert.match(page.url(), /place=/);
  assert.deepEqual(wrong, []);
  await close();
});

test("filters are in the address, hold over the pictures, and come back with it", async () => {
  const { page, wrong, close } = await open(chrome, base);
  await visit(page, base, "#/map");
  const all = seen.ties.length;
  const memoranda = seen.ties.filter((tie) => tie.kind === "memorandum").length;
  await page.locator("#kind-memorandum").check();
  await page.waitForURL(/kind=memorandum/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "kind-memorandum", "the focus stays");
  assert.match(await page.locator(".told").innerText(), new RegExp(`^${memoranda} / ${all} `));
  await page.locator("#from").fill("2010");
  await page.locator("#from").blur();
  await page.waitForURL(/from=2010/);
  await page.locator("#undated").uncheck();
  await page.waitForURL(/undated=no/);
  const late = seen.ties.filter((tie) => tie.kind === "memorandum" && tie.year >= 2010).length;
  assert.match(await page.locator(".told").innerText(), new RegExp(`^${late} / ${all} `));
  await page.locator("nav a[data-view=timeline]").click();
  await page.waitForURL(/#\/timeline\?kind=memorandum&from=2010&undated=no/);
  assert.equal(await page.locator("svg a.stop").count(), late);
  await page.reload();
  await page.waitForSelector("svg.picture");
  assert.equal(await page.locator("svg a.stop").count(), late, "a shared address shows the same");
  await page.locator("#country").selectOption({ index: 1 });
  await page.waitForURL(/country=/);
  await page.locator("#clear").click();
  await page.waitForURL(/#\/timeline$/);
  assert.match(await page.locator(".told").innerText(), new RegExp(`^${all} `));
  await page.goBack();
  await page.waitForURL(/#\/map\?kind=memorandum/);
  await page.waitForSelector("path.land", { state: "attached" });
  assert.deepEqual(wrong, []);
  await close();
});

async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("pictures and their data are saved; what is not placed is listed", async () => {
  const { page, wrong, close } = await open(chrome, base);
  for (const view of ["map", "network", "timeline"]) {
    await visit(page, base, `#/${view}`);
    if (view === "map") await page.waitForSelector("path.land", { state: "attached" });
    const [svg, png, csv] = ["图 SVG", "图 PNG", "数据 CSV"].map((name) => page.locator(".saves button", { hasText: name }));
    const drawing = await saved(page, () => svg.click());
    assert.match(drawing.bytes.toString(), /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.doesNotMatch(drawing.bytes.toString(), /var\(|href=/);
    const image = await saved(page, () => png.click());
    assert.equal(image.bytes.subarray(1, 4).toString(), "PNG");
    const table = await saved(page, () => csv.click());
    assert.equal(table.bytes.toString().trim().split("\r\n").length, seen.ties.length + 1);
  }
  await visit(page, base, "#/map");
  await page.locator("summary", { hasText: "没有坐标" }).click();
  assert.ok((await page.locator(".unplaced li").count()) > 0);
  assert.deepEqual(wrong, []);
  await close();
});

test("the search box finds places, countries and articles by keyboard", async () => {
  const { page, wrong, close } = await open(chrome, base, "en-wide");
  await visit(page, base, "#/map");
  const box = page.getByRole("combobox", { name: /Search/ });
  await box.fill(seen.place.name);
  await page.waitForSelector("#hits [role=option]");
  assert.deepEqual(await findings(page), []);
  await box.press("ArrowDown");
  await box.press("Enter");
  await page.waitForURL(/#\/city\//);
  await box.fill("日本");
  await page.waitForSelector("#hits [role=option]");
  await page.getByRole("option", { name: /Japan/ }).click();
  await page.waitForURL(/#\/map\?country=JP/);
  await box.fill(seen.claim.article.title.slice(0, 8));
  await page.waitForSelector("#hits [role=option]");
  await page.locator("#hits li[aria-label=Articles] [role=option]").first().click();
  await page.waitForURL(/#\/article\//);
  assert.deepEqual(wrong, []);
  await close();
});

test("the map is walked through by keyboard, and zoomed", async () => {
  const { page, wrong, close } = await open(chrome, base);
  await visit(page, base, "#/map");
  await page.locator("svg a.stop[tabindex='0']").focus();
  const name = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const first = await name();
  await page.keyboard.press("ArrowLeft");
  const second = await name();
  assert.ok(second && second !== first, "the arrow moved on");
  await page.keyboard.press("+");
  await page.waitForFunction(() => /scale\(1\.5\)/.test(document.querySelector("svg.picture > g")?.getAttribute("transform") ?? ""));
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/city\//);
  await page.waitForSelector(".page h1");
  assert.ok(second.startsWith(await label(page).then((text) => text.split(" ")[0])), `${second} was opened`);
  assert.deepEqual(wrong, []);
  await close();
});

test("a query is chosen, run, drawn and exported; one's own too; a mistake is explained", async () => {
  const { page, wrong, close } = await open(chrome, base);
  await visit(page, base, "#/query");
  const options = await page.locator("#named option").allInnerTexts();
  assert.ok(options.length > 10);
  for (const each of options) assert.match(each, /^[\u4e00-\u9fff]/, "every named query has a Chinese title (web/src/asked.ts)");
  await page.locator("#named").selectOption("agreements-by-year");
  await page.waitForSelector(".answer tbody tr");
  const csv = await saved(page, () => page.locator("#csv").click());
  assert.match(csv.bytes.toString(), /^\ufeffyear,kind,agreements/);
  await page.getByRole("button", { name: "图表" }).click();
  assert.ok((await page.locator(".out rect.mark").count()) > 5);
  await page.locator("#named").selectOption("agreements-of-city");
  await page.locator("#param-city").fill(seen.place.name);
  await page.locator("#param-city").press("Enter");
  await page.waitForSelector(".answer tbody tr");
  assert.match(page.url(), /name=agreements-of-city&city=/);
  await page.reload();
  await page.waitForSelector(".answer tbody tr");
  await page.locator("#named").selectOption("");
  await page.waitForURL(/#\/query$/);
  const content = page.locator(".cm-content");
  await content.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("SELECT (COUNT(*) AS ?n) WHERE { ?agreement a yc:Agreement }");
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.waitForSelector(".answer tbody tr");
  assert.equal((await page.locator(".answer tbody td").innerText()).trim(), String(seen.ties.length));
  assert.match(page.url(), /q=SELECT/);
  assert.deepEqual(wrong, []);
  await content.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("SELECT ?x WHERE {");
  await page.locator("#run").click();
  await page.waitForSelector(".out [role=alert]");
  assert.equal(wrong.splice(0).filter((each) => !each.includes("400")).length, 0);
  await page.goBack();
  await page.waitForSelector(".answer tbody tr");
  assert.deepEqual(wrong, []);
  await close();
});

test("marks say why they are there; noise is shown on demand", async () => {
  const { page, wrong, close } = await open(chrome, base);
  const articles = await fetch(new URL("sparql", base), { method: "POST", headers: { "content-type": "application/sparql-query", accept: "application/sparql-results+json" }, body: "SELECT ?id WHERE { ?a a schema:NewsArticle ; dcterms:identifier ?id } ORDER BY ?id" }).then((answer) => answer.json());
  let noisy;
  for (const { id } of articles.results.bindings) {
    const { noise, document } = await json(`api/article?id=${encodeURIComponent(id.value)}`);
    if (document?.agreements.length && noise?.some((each) => each.why === "pinyin" && each.end === each.at)) noisy = id.value;
    if (noisy) break;
  }
  assert.ok(noisy, "the corpus has an article with pinyin");
  await visit(page, base, `#/article/${noisy}`);
  await page.locator(".text .m-place").first().click();
  assert.ok((await page.locator(".why .reason").count()) > 0);
  assert.equal(await page.locator(".text del").count(), 0);
  const before_ = await page.locator(".text").innerText();
  await page.locator("#mark-noise").check();
  assert.ok((await page.locator(".text del").count()) > 0);
  await page.locator("#mark-noise").uncheck();
  for (const each of ["claim", "country", "place", "date"]) await page.locator(`#mark-${each}`).uncheck();
  assert.equal(await page.locator(".text [data-marks]").count(), 0);
  assert.equal(await page.locator(".text").innerText(), before_, "marks change no character");
  assert.deepEqual(wrong, []);
  await close();
});

test("language and theme are switched and remembered", async () => {
  const { page, wrong, close } = await open(chrome, base);
  await visit(page, base, "#/map");
  await page.getByRole("button", { name: "Switch to English" }).click();
  await page.waitForSelector("nav a:has-text('Timeline')");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole("button", { name: "Dark" }).click();
  const dark = await paper();
  assert.notEqual(light, dark);
  await page.reload();
  await page.waitForSelector("nav a:has-text('Timeline')");
  assert.equal(await paper(), dark);
  await visit(page, base, "#/nowhere");
  assert.match(await label(page), /no such page/);
  await close();
  assert.deepEqual(wrong, []);
});

for (const look of ["zh-wide", "en-phone"]) {
  test(`hostile articles do no harm: ${look}`, async () => {
    const { page, wrong, close } = await open(chrome, base, look);
    const harmless = async (where) => {
      assert.equal(await page.evaluate(() => globalThis.harmed), undefined, where);
      assert.equal(await page.locator("main script, main img, main iframe, main b, main i[onerror], main title, main textarea").count(), 0, where);
      const links = await page.locator("a[href]").evaluateAll((all) => all.map((each) => each.href));
      for (const link of links) assert.match(link, /^https?:/, where);
      assert.equal(await overhang(page), 0, `${where} is wider than the window`);
      assert.deepEqual(wrong, [], where);
    };
    for (const [index, each] of hostile.entries()) {
      const found = await json(`api/search?q=${encodeURIComponent(["池田", "相模原", "唐津", "高槻", "仓敷"][index])}`);
      const place = found.places.find((one) => one.ties > 0);
      assert.ok(place, `the claim of article ${index} was read`);
      await visit(page, base, `#/city/${encodeURIComponent(place.key)}`);
      await harmless(`city ${index}`);
      const { ties } = await json(`api/city?key=${encodeURIComponent(place.key)}`);
      for (const tie of ties) {
        const { claims } = await json(`api/agreement?id=${tie.id}`);
        const claim = claims.find((one) => one.article.published?.startsWith(each.published));
        if (!claim) continue;
        await visit(page, base, `#/agreement/${tie.id}`);
        await harmless(`agreement ${index}`);
        await visit(page, base, `#/article/${claim.article.id}?at=${claim.start}-${claim.end}`);
        await page.waitForSelector("#at");
        const marked = (await page.locator("mark.current").allTextContents()).join("");
        assert.equal(bare(marked), bare(claim.quote), `article ${index}: the marked sentence`);
        if (await page.locator("#mark-noise").count()) await page.locator("#mark-noise").check();
        await harmless(`article ${index}`);
      }
    }
    await visit(page, base, "#/query?name=articles&run=");
    await page.waitForSelector(".answer tbody tr");
    await harmless("query");
    const box = page.locator("#search");
    for (const words of ["script", "苏州市与池田市", "友友友友", "wwww", `<img src=x onerror="window.harmed=1">`, "%' OR '1'='1", "\\"]) {
      await box.fill(words);
      await page.waitForFunction(() => !document.querySelector("#hits").hidden);
      await harmless(`search for ${words}`);
    }
    for (const hash of [`#/map?kind=${encodeURIComponent("<script>window.harmed=1</script>")}&country=%3Cimg%3E&from=9999&to=x`, "#/city/%E0%A4%A", "#/article/%3Cscript%3E", `#/agreement/${"x".repeat(3000)}`, "#/%3Cscript%3E", "#/constructor", "#/city/__proto__"]) {
      await visit(page, base, hash);
      // What is not there is answered with 404, and the browser says so.
      const rest = wrong.splice(0).filter((one) => !/status of 4\d\d/.test(one));
      assert.deepEqual(rest, [], hash);
      await harmless(hash);
    }
    await close();
  });
}
