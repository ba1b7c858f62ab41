// Lays a brotli and a gzip form beside every file of the built app that gets smaller by it, so that the
// server never compresses. The folder is the first argument, Trunk's staging folder, or frontend/dist.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR ?? 'frontend/dist';
const compressible = /\.(html|css|js|mjs|wasm|svg|json|txt|webmanifest)$/;

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = readFileSync(path);
  const forms = {
    br: brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    gz: gzipSync(bytes, { level: 9 }),
  };
  for (const [ending, compressed] of Object.entries(forms)) {
    if (compressed.length < bytes.length) writeFileSync(`${path}.${ending}`, compressed);
    else rmSync(`${path}.${ending}`, { force: true });
  }
}
