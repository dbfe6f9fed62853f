// Makes dist/ of src/ and of the packages that package-lock.json names, the same bytes on
// every machine. With --check nothing is written: it says whether dist/ is what comes out.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { land } from "./land.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const LIMITS = { all: 900_000, first: 250_000 };
// What a first visit loads; the editor comes with the first query.
const LATER = ["assets/editor.js", "assets/licences.txt"];

async function bundle(entry) {
  const made = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    external: ["./editor.js"],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  return { text: made.outputFiles[0].contents, inputs: Object.keys(made.metafile.inputs) };
}

// The packages that these files come from, by name.
function packages(inputs) {
  const names = inputs
    .filter((file) => file.startsWith("node_modules/"))
    .map((file) => file.split("/").slice(1, file.split("/")[1].startsWith("@") ? 3 : 2).join("/"));
  return [...new Set([...names, "world-atlas"])].sort();
}

function licences(names) {
  const parts = ["What the explorer is made of besides its own code, and under which licences.\n"];
  for (const name of names) {
    const folder = path.join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
    if (!file) throw new Error(`${name} has no licence file`);
    const text = readFileSync(path.join(folder, file), "utf8").replace(/\r\n/g, "\n").trim();
    parts.push(`${"-".repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`);
  }
  parts.push(`${"-".repeat(72)}\nThe coast lines are Natural Earth's, which are in the public domain.\n`);
  return parts.join("\n");
}

async function make() {
  const files = new Map();
  const app = await bundle("src/main.ts");
  const editor = await bundle("src/editor.ts");
  const style = await bundle("src/style.css");
  files.set("index.html", readFileSync(path.join(here, "src/index.html")));
  files.set("assets/app.js", app.text);
  files.set("assets/editor.js", editor.text);
  files.set("assets/app.css", style.text);
  files.set("assets/icon.svg", readFileSync(path.join(here, "src/icon.svg")));
  files.set("assets/land.json", land(require("world-atlas/land-50m.json")));
  files.set("assets/licences.txt", licences(packages([...app.inputs, ...editor.inputs])));
  return new Map([...files].map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

function listed(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.relative(folder, path.join(each.parentPath, each.name)).replaceAll(path.sep, "/"));
}

const dist = path.join(here, "dist");
const files = await make();
const wrong = [];
if (process.argv.includes("--check")) {
  for (const [name, bytes] of files) {
    const file = path.join(dist, name);
    if (!existsSync(file) || !readFileSync(file).equals(bytes)) wrong.push(`${name} is not what the sources give`);
  }
  for (const name of listed(dist)) if (!files.has(name)) wrong.push(`${name} comes from no source`);
} else {
  rmSync(dist, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    const file = path.join(dist, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

let all = 0;
let first = 0;
for (const [name, bytes] of files) {
  const size = gzipSync(bytes, { level: 6 }).length;
  all += size;
  if (!LATER.includes(name)) first += size;
  console.log(`${String(bytes.length).padStart(8)} ${String(size).padStart(8)} gzipped  ${name}`);
}
console.log(`all ${all} bytes gzipped (limit ${LIMITS.all}), first view ${first} (limit ${LIMITS.first})`);
if (all > LIMITS.all) wrong.push("all assets together are too large");
if (first > LIMITS.first) wrong.push("the first view is too large");
for (const each of wrong) console.error(`web: ${each}; run: npm run build`);
process.exitCode = wrong.length ? 1 : 0;
