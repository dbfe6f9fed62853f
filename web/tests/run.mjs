// Runs the browser tests; with --images, makes the pictures of the README instead.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const images = process.argv.includes("--images");
const args = images ? [path.join(here, "images.mjs")] : ["--test", "--test-reporter=spec", path.join(here, "explorer.test.mjs")];
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
