/**
 * Writes `docs/openapi.json` from the routes. With `--check`, only says whether that file is what they give.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { buildApp } from '../src/api/app.ts';
import type { Store } from '../src/store/contract.ts';

const TARGET = 'docs/openapi.json';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
// The description of the routes holds no data: no store is asked.
const app = await buildApp({ store: {} as Store, version });
const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, text);
} else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is not what the routes give. Run: npm run generate`);
  process.exitCode = 1;
}
