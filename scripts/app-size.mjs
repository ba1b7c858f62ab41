// Prints what a first visit costs on the wire (brotli), and fails above the budget; with `--report` it only tells.
import { readFileSync, readdirSync, statSync } from 'node:fs';

const folder = 'frontend/dist';
const budget = 350_000;

// Every file that index.html names, and what those files name in turn (the loader names the WASM).
const all = readdirSync(folder).filter((name) => !/\.(br|gz)$/.test(name));
const wanted = new Set(['index.html']);
for (const name of wanted) {
  if (!/\.(html|js|css)$/.test(name)) continue;
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  for (const other of all) if (text.includes(other)) wanted.add(other);
}

let total = 0;
for (const name of [...wanted].sort()) {
  const path = `${folder}/${name}`;
  const compressed = statSync(`${path}.br`, { throwIfNoEntry: false }) ?? statSync(path);
  total += compressed.size;
  const sizes = [compressed.size, statSync(path).size].map((size) => String(size).padStart(9));
  console.log(`${sizes[0]} of ${sizes[1]}  ${name}`);
}
console.log(`${String(total).padStart(9)} bytes on the first visit; ${budget} are the most.`);
if (total > budget) {
  console.error(`The app is ${total - budget} bytes too large.`);
  if (!process.argv.includes('--report')) process.exit(1);
}
