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
  // The article that README.md begins with, and what was taken out of it.
  const [{ id }] = (await json("api/search?q=锡林郭勒盟与蒙古国")).articles;
  const { evidence } = (await json(`api/article?id=${id}`)).document.agreements[0];
  await visit(page, server.base, `#/article/${id}?at=${evidence.start}-${evidence.end}`);
  await page.locator("#mark-noise").check();
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
