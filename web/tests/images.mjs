// The pictures of the README, taken of a store of corpus/.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { browser, open, visit } from "./page.mjs";
import { root, serve } from "./server.mjs";

const images = path.join(root, "docs/images");
mkdirSync(images, { recursive: true });
const [chrome, server] = await Promise.all([browser(), serve({ harm: false })]);
async function picture(page, name) {
  const file = path.join(images, name);
  await page.screenshot({ path: file });
  spawnSync("pngquant", ["--force", "--strip", "--speed", "1", "--output", file, "128", file], { stdio: "inherit" });
}

try {
  const { page, close } = await open(chrome, server.base, "en-wide");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1200, height: 750 });
  await visit(page, server.base, "#/map");
  await page.waitForSelector("path.land", { state: "attached" });
  await picture(page, "explorer-map.png");
  const json = async (file) => (await fetch(new URL(file, server.base))).json();
  // An article that the picture has room for, with much to see in it.
  const { ties } = await json("api/ties");
  let best;
  for (const { id } of [...ties].sort((x, y) => (x.id < y.id ? -1 : 1)).slice(0, 120)) {
    const { claims } = await json(`api/agreement?id=${id}`);
    const claim = claims.find((each) => each.date && each.quote.length > 30) ?? claims[0];
    const { document, noise } = await json(`api/article?id=${claim.article.id}`);
    const size = document?.text.length ?? 0;
    const worth = size < 240 || size > 460 ? 0 : document.dates.length + document.places.length + document.agreements.length + Math.min(6, noise?.length ?? 0);
    if (!best || worth > best.worth) best = { worth, claim };
  }
  const { claim } = best;
  await visit(page, server.base, `#/article/${claim.article.id}?at=${claim.start}-${claim.end}`);
  await page.locator(".text mark.current.m-place").first().click();
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.scrollTo(0, 0);
  });
  await picture(page, "explorer-article.png");
  await close();
} finally {
  await chrome.close();
  await server.stop();
}
