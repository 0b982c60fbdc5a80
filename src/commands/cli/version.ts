import { createRequire } from 'node:module';

/** The version of the package. Its file is three folders up in a checkout, one up in the built program. */
const require = createRequire(import.meta.url);
const path = import.meta.url.endsWith('.ts') ? '../../../package.json' : '../package.json';

export const VERSION: string = (require(path) as { version: string }).version;
