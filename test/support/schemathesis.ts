/** Where the tests find Schemathesis, a Python program that derives requests from an OpenAPI document. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An environment of Python in the checkout. `npm test` makes it where `CI` is set. */
export const SCHEMATHESIS_FOLDER = join(import.meta.dirname, '../../.tmp/schemathesis');

/** What to install into it. */
export const SCHEMATHESIS_PACKAGE = 'schemathesis==4.32.5';

export const SCHEMATHESIS = join(SCHEMATHESIS_FOLDER, 'bin/schemathesis');

/** Undefined if it is there. Otherwise why the tests are skipped, and how to install it. */
export function whySchemathesisIsMissing(): string | undefined {
  if (existsSync(SCHEMATHESIS)) return undefined;
  return `Schemathesis is not installed. Install it with: python3 -m venv .tmp/schemathesis && .tmp/schemathesis/bin/pip install ${SCHEMATHESIS_PACKAGE}`;
}
