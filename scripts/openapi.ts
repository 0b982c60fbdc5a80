/**
 * Writes `docs/openapi.json` from the routes. With `--check`, it only says whether that file is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildApp } from '../src/api/app.ts';
import type { Store } from '../src/store/contract.ts';

const TARGET = 'docs/openapi.json';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
// Describing the routes needs no data, so the store is never used.
const access = { keys: { find: async () => undefined, noteUses: async () => undefined } };
const app = await buildApp({ store: {} as Store, version, access });
const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, text);
} else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is out of date. Run: npm run generate`);
  process.exitCode = 1;
}
