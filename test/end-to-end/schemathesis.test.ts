/** Requests that a program derives from the OpenAPI document: valid, odd and wrong ones. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { SCHEMATHESIS, whySchemathesisIsMissing } from '../support/schemathesis.ts';
import { siteOfEachTest } from '../support/site.ts';

/** Requests in all, besides those that cover each rule of each parameter. */
const EXAMPLES = process.env.TEST_LONG ? 10_000 : 200;

/**
 * The warnings that are faults. Not among them: that many derived requests are refused. Nobody can derive the id of a
 * customer, the path of a log or a cursor from a schema.
 */
const WARNINGS = [
  ...[
    'missing_auth',
    'unused_openapi_auth',
    'base_url_mismatch',
    'missing_deserializer',
    'unsupported_regex',
  ],
  ...['method_not_allowed', 'unresolvable_reference', 'unmatched_filter', 'rate_limited'],
];

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
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const operations = Object.values(paths).flatMap(Object.keys).length;
  const flags = [
    ...['--checks', 'all', '--continue-on-failure', '--warnings', WARNINGS.join()],
    ...['--max-examples', `${Math.ceil(EXAMPLES / operations)}`],
    // Two rules cannot be written in a schema: `to` is not before `from`, and an id has at most 255 bytes.
    ...['--exclude-checks', 'positive_data_acceptance'],
    ...['--generation-database', 'none', '--no-color'],
  ];
  const result = await promisify(execFile)(SCHEMATHESIS, ['run', `${url}/openapi.json`, ...flags], {
    cwd: site.directory,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string }) => error);
  const report = `${result.stdout}${result.stderr}`;
  expect(report).toMatch(/No issues found/);
  expect(report).toContain(`Tested: ${operations}`);
  const [, generated, passed] = /(\d+) generated, (\d+) passed/.exec(report) ?? [];
  expect(Number(generated)).toBeGreaterThanOrEqual(EXAMPLES);
  expect(passed).toBe(generated);
  expect(result).not.toBeInstanceOf(Error);
});
