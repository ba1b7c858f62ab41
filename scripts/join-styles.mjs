// Joins style/**/*.css into style/whimbrel.css, which the page links; comments and indents are left out.
// The order of the files cannot matter within a layer; tokens.css goes first because it names the layers.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "style");
const inFolder = (name) => readdirSync(join(folder, name)).filter((file) => file.endsWith(".css")).sort().map((file) => join(name, file));
const files = ["tokens.css", "reset.css", "base.css", "layout.css", ...inFolder("ui"), ...inFolder("components"), "utilities.css", "print.css"];

const joined = files
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n")
  .replace(/\/\*[^]*?\*\//g, "")
  .split("\n")
  .map((line) => line.trim())
  .filter((line) => line !== "")
  .join("\n");

const target = join(folder, "whimbrel.css");
let before = "";
try {
  before = readFileSync(target, "utf8");
} catch {
  // It is written for the first time.
}
if (before !== `${joined}\n`) {
  writeFileSync(target, `${joined}\n`);
}
