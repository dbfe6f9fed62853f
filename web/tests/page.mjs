// A browser whose every complaint is a failure.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

export const LOOKS = {
  "zh-wide": { locale: "zh-CN", viewport: { width: 1360, height: 900 }, colorScheme: "light" },
  "en-wide": { locale: "en-GB", viewport: { width: 1360, height: 900 }, colorScheme: "dark" },
  "zh-phone": { locale: "zh-CN", viewport: { width: 390, height: 844 }, colorScheme: "light", isMobile: true, hasTouch: true },
  "en-phone": { locale: "en-GB", viewport: { width: 390, height: 844 }, colorScheme: "dark", isMobile: true, hasTouch: true },
};

// A page of the explorer, and what went wrong on it so far.
export async function open(chrome, base, look = "zh-wide") {
  const context = await chrome.newContext({ ...LOOKS[look], acceptDownloads: true, reducedMotion: "reduce" });
  const page = await context.newPage();
  const wrong = [];
  const own = new URL(base).origin;
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.stack ?? error}`));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(url.protocol) && url.origin !== own) wrong.push(`a request to ${url.origin}`);
  });
  page.setDefaultTimeout(15_000);
  return { page, wrong, close: () => context.close() };
}

// Goes to a view and waits until it is drawn.
export async function visit(page, base, hash) {
  await page.goto(new URL(hash, base).href);
  // Only the address after the mark may have changed: then the old view is still there.
  await page.waitForFunction(() => document.querySelector("main")?.dataset.drawn === location.hash);
}

// Of hundreds of arcs, points and rows that are made alike the first are examined; the others
// are taken out of the page, which is left after this.
const ALIKE = [".arcs a:nth-child(n+12)", ".spots a:nth-child(n+40)", "svg > .marks a:nth-child(n+40)", ".list tr:nth-child(n+12)", ".answer tr:nth-child(n+12)"];

export async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((alike) => {
    for (const each of document.querySelectorAll(alike)) each.remove();
    return globalThis.axe.run(document, { resultTypes: ["violations"] });
  }, ALIKE.join());
  return violations
    .filter((each) => each.impact === "serious" || each.impact === "critical")
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.any[0]?.message ?? node.all[0]?.message ?? ""})`).join("; ")}`);
}

// How many pixels of the page stick out to the right.
export const overhang = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
