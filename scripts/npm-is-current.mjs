// Ends well if node_modules holds exactly the versions of package-lock.json.
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, { version, optional }] of Object.entries(lock.packages)) {
  if (path === '' || optional) continue;
  try {
    const there = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
    if (there.version !== version) process.exit(1);
  } catch {
    process.exit(1);
  }
}
