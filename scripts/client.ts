/**
 * Writes `src/client/openapi.generated.ts`, the types of the client, from `docs/openapi.json`. With `--check`, it only says
 * whether that file is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { OpenAPI3 } from 'openapi-typescript';

const SOURCE = 'docs/openapi.json';
const TARGET = 'src/client/openapi.generated.ts';

// openapi-typescript writes types with the compiler's JavaScript API, which TypeScript 7 no longer has.
const url = import.meta.resolve('typescript-6');
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript' ? { url, shortCircuit: true } : next(specifier, context),
});
const { astToString, default: openapiTS } = await import('openapi-typescript');

const types = await openapiTS(JSON.parse(readFileSync(SOURCE, 'utf8')) as OpenAPI3);
const text = `/** Generated from ${SOURCE} by scripts/client.ts. */\n\n${astToString(types)}`;

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, text);
} else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is out of date. Run: npm run generate`);
  process.exitCode = 1;
}
