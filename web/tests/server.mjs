// A store of corpus/ and of articles that mean harm, served by the program under test.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { hostile } from "./hostile.mjs";

// ./dev web runs these tests outside the checkout.
export const root = process.env.CHECKOUT ?? path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");

export async function serve({ harm: harmful = true } = {}) {
  // Another server that already runs, while something is being developed.
  if (process.env.EXPLORER) return { base: process.env.EXPLORER, stop: () => {} };
  const youcheng = process.env.YOUCHENG;
  if (!youcheng) throw new Error("YOUCHENG must name the program under test (./dev web does)");
  const folder = mkdtempSync(path.join(tmpdir(), "youcheng-web."));
  const store = path.join(folder, "kg");
  const harm = path.join(folder, "harm.jsonl");
  writeFileSync(harm, hostile.map((each) => `${JSON.stringify(each)}\n`).join(""));
  const corpus = readdirSync(path.join(root, "corpus"))
    .filter((name) => /\.(txt|html|jsonl)$/.test(name))
    .map((name) => `corpus/${name}`);
  const read = spawnSync(youcheng, ["ingest", "--quiet", "--store", store, ...corpus, ...(harmful ? [harm] : [])], { encoding: "utf8", cwd: root });
  // 1 says that something was skipped, which the corpus is made to try.
  if (read.status !== 0 && read.status !== 1) throw new Error(`ingest failed: ${read.stderr}`);
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const child = spawn(youcheng, ["serve", "--store", store, "--bind", `127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const base = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 150; tries += 1) {
    if (child.exitCode !== null) break;
    const up = await fetch(`${base}health`).then((answer) => answer.ok, () => false);
    if (up) return { base, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  stop();
  throw new Error(`youcheng serve did not come up: ${said}`);
}
