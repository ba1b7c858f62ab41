// Lays a brotli and a gzip form beside every file of the built app that gets smaller by it, so that the
// server never compresses. The folder is the first argument, Trunk's staging folder, or frontend/dist.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? 'frontend/dist';
const compressible = /\.(html|css|js|mjs|wasm|svg|json|txt|webmanifest)$/;

// What brotli is best told depends on the file; a few tries save some hundred bytes of each first visit.
const tries = [
  {},
  { [constants.BROTLI_PARAM_LGBLOCK]: 16 },
  { [constants.BROTLI_PARAM_LGBLOCK]: 17, [constants.BROTLI_PARAM_NDIRECT]: 4 },
  { [constants.BROTLI_PARAM_LGBLOCK]: 16, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT },
];

function smallest(bytes) {
  const usual = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const forms = tries.map((told) => brotliCompressSync(bytes, { params: { ...usual, ...told } }));
  return forms.reduce((best, form) => (form.length < best.length ? form : best));
}

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = readFileSync(path);
  const forms = {
    br: smallest(bytes),
    gz: gzipSync(bytes, { level: 9 }),
  };
  for (const [ending, compressed] of Object.entries(forms)) {
    if (compressed.length < bytes.length) writeFileSync(`${path}.${ending}`, compressed);
    else rmSync(`${path}.${ending}`, { force: true });
  }
}
