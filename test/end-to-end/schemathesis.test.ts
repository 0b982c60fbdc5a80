/** Requests that a program derives from the OpenAPI document: valid, odd and wrong ones. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { SCHEMATHESIS, whySchemathesisIsMissing } from '../support/schemathesis.ts';
import { siteOfEachTest } from '../support/site.ts';

/** Requests for each operation, besides those that cover each rule of each parameter. 10,000 in all in the long form. */
const EXAMPLES = process.env.TEST_LONG ? 2_500 : 15;

const site = siteOfEachTest('schemathesis');
let serving: RunningCli | undefined;

afterEach(async () => {
  serving?.process.kill();
  await serving?.ended;
});

it('finds no fault of the server, and no answer that the document does not declare', async (context) => {
  const missing = whySchemathesisIsMissing();
  if (missing) return context.skip(missing);
  const env = { DATA_DIR: site.directory, PORT: '0' };
  expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
  serving = start(['serve'], { env });
  const url = /http:\/\/\S+/.exec(await serving.says('serving SQLite database'))?.[0];
  const flags = [
    ...['--checks', 'all', '--continue-on-failure', '--max-examples', `${EXAMPLES}`],
    // Two rules cannot be written in a schema: `to` is not before `from`, and an id has at most 255 bytes.
    ...['--exclude-checks', 'positive_data_acceptance'],
    ...['--generation-database', 'none', '--no-color'],
  ];
  const result = await promisify(execFile)(SCHEMATHESIS, ['run', `${url}/openapi.json`, ...flags], {
    cwd: site.directory,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string }) => error);
  expect(`${result.stdout}${result.stderr}`).toMatch(/No issues found/);
  expect(result).not.toBeInstanceOf(Error);
});
