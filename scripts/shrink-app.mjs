// Makes the built app small: leaves out what the page never calls, gives what the loader and the program call
// each other by short names, and lets wasm-opt and terser do the rest. Trunk runs it over its staging folder; a
// build for development stays as it is.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import binaryen from 'binaryen';
import { minify } from 'terser';

const folder = process.env.TRUNK_STAGING_DIR;
// What the oldest browsers that Whimbrel runs in understand, by wasm-opt's names and by Binaryen's.
const features = {
  'bulk-memory': 'BulkMemory',
  'bulk-memory-opt': 'BulkMemoryOpt',
  'nontrapping-float-to-int': 'NontrappingFPToInt',
  'sign-ext': 'SignExt',
  'mutable-globals': 'MutableGlobals',
  'reference-types': 'ReferenceTypes',
  multivalue: 'Multivalue',
};
if (process.env.TRUNK_PROFILE === 'release') await shrink();

async function shrink() {
  const loader = theOne(/^whimbrel-frontend-[0-9a-f]+\.js$/);
  const program = theOne(/^whimbrel-frontend-[0-9a-f]+_bg\.wasm$/);
  const used = withoutClasses(readFileSync(join(folder, loader), 'utf8'));
  const { wasm, names } = optimised(onlyCalled(readFileSync(join(folder, program)), used));
  const js = (await minify(renamed(used, names), { module: true, ecma: 2020, compress: { passes: 3 } })).code;
  put({ [loader]: Buffer.from(js), [program]: wasm });
}

function theOne(pattern) {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${found.length} files like ${pattern} in ${folder}`);
  return found[0];
}

/** The loader without the classes that libraries offer to scripts, and without the start that waits. */
function withoutClasses(js) {
  return js
    .replace(/^export class (\w+) \{\n[\s\S]*?^\}\n/gm, '')
    .replace(/^if \(Symbol\.dispose\) .*\n/gm, '')
    .replace(/^const \w+Finalization = [\s\S]*?;\n/gm, '')
    .replace('export { initSync, __wbg_init as default };', 'export { __wbg_init as default };');
}

/** The program, offering only what the loader calls. */
function onlyCalled(wasm, js) {
  const module = binaryen.readBinary(wasm);
  const offered = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)).name);
  for (const name of offered) if (!new RegExp(`\\bwasm\\.${name}\\b`).test(js)) module.removeExport(name);
  module.setFeatures(Object.values(features).reduce((all, one) => all | binaryen.Features[one], 0));
  return module.emitBinary();
}

/** Optimised for size, and what it calls its imports and exports now: a list of [module, name, short name]. */
function optimised(wasm) {
  const [before, after] = ['before.wasm', 'after.wasm'].map((name) => join(folder, name));
  writeFileSync(before, wasm);
  // The linker puts the stack at the beginning, which ends long before it would reach the first kilobyte.
  const told = execFileSync('node_modules/.bin/wasm-opt', [
    before, '-o', after, '-Oz', '--flatten', '--rereloop', '--dfo', '-Oz', '-Oz', '--low-memory-unused',
    '--minify-imports-and-exports-and-modules',
    ...Object.keys(features).map((feature) => `--enable-${feature}`),
  ], { maxBuffer: 1 << 24 });
  const names = JSON.parse(told);
  const smaller = readFileSync(after);
  for (const path of [before, after]) rmSync(path);
  return { wasm: smaller, names };
}

/** The loader with the short names. */
function renamed(js, { imports, exports }) {
  const short = new Map(imports.map(([, name, short]) => [name, short]));
  const shortExports = new Map(exports);
  return js
    .replace(/^ {8}(\w+): /gm, (line, name) => (short.has(name) ? `        ${short.get(name)}: ` : line))
    .replace(/^ {8}"\.\/\w[\w-]*_bg\.js": import0/m, '        a: import0')
    .replace(/\bwasm\.(\w+)/g, (call, name) => (shortExports.has(name) ? `wasm.${shortExports.get(name)}` : call));
}

/** Writes the files under names made of what is in them, and tells the page. */
function put(files) {
  const path = join(folder, 'index.html');
  let page = readFileSync(path, 'utf8');
  for (const [name, bytes] of Object.entries(files)) {
    const digest = createHash('sha384').update(bytes).digest();
    const better = name.replace(/-[0-9a-f]+(?=[_.])/, `-${digest.toString('hex').slice(0, 16)}`);
    const integrity = new RegExp(`(href="/${name}" [^>]*integrity=")[^"]+`);
    if (!integrity.test(page)) throw new Error(`${path} does not name ${name} with its digest`);
    page = page.replace(integrity, `$1sha384-${digest.toString('base64')}`).replaceAll(name, better);
    rmSync(join(folder, name));
    writeFileSync(join(folder, better), bytes);
  }
  writeFileSync(path, page);
}
