/** Requests that a program derives from the OpenAPI document: valid, odd and wrong ones. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { scanningProxy } from '../support/scanning-proxy.ts';
import { SCHEMATHESIS, whySchemathesisIsMissing } from '../support/schemathesis.ts';
import { siteOfEachTest } from '../support/site.ts';
import {
  customersFileOfStrangers,
  logOfStrangers,
  NAMES_OF_STRANGERS,
  OWN,
  tracesOfStrangers,
} from '../support/strangers.ts';

/** Requests in all, besides those that cover each rule of each parameter. */
const EXAMPLES = process.env.TEST_LONG ? 10_000 : 200;

/** In the short form, the run without keys alone covers each rule of each parameter: that takes most of the requests. */
const PHASES_OF_KEYS = process.env.TEST_LONG ? [] : ['--phases', 'examples,fuzzing,stateful'];

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

/** Of the others' requests. */
const DAYS = 'from=2024-09-30&to=2024-10-01';

const site = siteOfEachTest('schemathesis');
let serving: RunningCli | undefined;

afterEach(async () => {
  serving?.process.kill();
  await serving?.ended;
});

/** Asks a server what its document says that it can be asked. */
async function derive(url: string, { warnings = WARNINGS, more = [] }: Derived = {}): Promise<void> {
  // A machine that other programs keep busy makes the API refuse requests when it starts.
  await eventually(async () => (await fetch(`${url}/openapi.json`)).status, 200).toBe(200);
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
  // It would wait for the end of a stream.
  const left = '/v1/events';
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    path === left ? [] : Object.keys(methods),
  ).length;
  const flags = [
    ...['--checks', 'all', '--continue-on-failure', '--warnings', warnings.join()],
    // A tenth more: an operation without parameters has few questions.
    ...['--max-examples', `${Math.ceil((EXAMPLES * 1.1) / operations)}`],
    // Two rules cannot be written in a schema: `to` is not before `from`, and an id has at most 255 bytes.
    ...['--exclude-checks', 'positive_data_acceptance'],
    ...['--exclude-path', left, '--generation-database', 'none', '--no-color', ...more],
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
  console.log(`Schemathesis generated ${generated} cases for ${operations} operations`);
  expect(result).not.toBeInstanceOf(Error);
}

interface Derived {
  readonly warnings?: readonly string[];
  readonly more?: readonly string[];
}

/** Serves a log. @returns where. */
async function serveLog(log: string, env: Record<string, string>): Promise<string> {
  expect((await run(['ingest', log], { env })).code).toBe(0);
  serving = start(['serve'], { env });
  return servedUrl(serving, 'serving SQLite database');
}

it('finds no fault of the server, and no answer that the document does not declare', async (context) => {
  const missing = whySchemathesisIsMissing();
  if (missing) return context.skip(missing);
  const env = { DATA_DIR: site.directory, PORT: '0', PUSH: 'on' };
  await derive(await serveLog('logs/api_requests.log', env));
});

it('finds with a customer’s key no fault either, and nothing of another customer', async (context) => {
  const missing = whySchemathesisIsMissing();
  if (missing) return context.skip(missing);
  const customers = join(site.directory, 'customers.csv');
  writeFileSync(customers, customersFileOfStrangers());
  writeFileSync(join(site.logs, 'api.log'), logOfStrangers());
  const env = {
    DATA_DIR: site.directory,
    PORT: '0',
    AUTH: 'keys',
    EVERYONE_MIN_CUSTOMERS: '3',
    CUSTOMERS_FILE: customers,
  };
  const url = await serveLog(join(site.logs, 'api.log'), env);
  const { stdout } = await run(['keys', 'create', '--customer', OWN], { env });
  const seen = { answers: 0, own: 0, refused: 0, traces: [] as string[], faults: [] as string[] };
  const kinds = new Set<string>();
  const proxy = await scanningProxy(url, everyThirdToStranger(), ({ path, status, ...answer }) => {
    seen.answers++;
    // Where a client refuses every encoding, 501 has no form.
    if (status >= 500 && status !== 501) seen.faults.push(`${status} ${path}`);
    const asked = NAMES_OF_STRANGERS.filter((name) => path.includes(name));
    if (asked.length > 0 && status >= 200 && status < 400 && /^\/(v1|customers)\b/.test(path))
      seen.traces.push(`${status} ${path}`);
    if (asked.length > 0 && status >= 400) seen.refused++;
    if (status === 200) kinds.add(answer.encoding).add(answer.type);
    if (status === 200 && answer.text.includes(OWN)) seen.own++;
    // An error repeats what was asked for.
    const text =
      status >= 400 ? asked.reduce((rest, name) => rest.replaceAll(name, ''), answer.text) : answer.text;
    const traces = tracesOfStrangers(text, answer.rows);
    if (traces.length > 0) seen.traces.push(`${status} ${path}: ${traces.slice(0, 3).join()}`);
  });
  await derive(proxy, {
    // Most of what a customer's key asks for is refused.
    warnings: WARNINGS.filter((warning) => warning !== 'missing_auth'),
    more: ['--header', `Authorization: Bearer ${stdout.trim()}`, ...PHASES_OF_KEYS],
  });
  const { answers, own, refused } = seen;
  console.log(`looked through ${answers} answers: ${own} with own rows, ${refused} refused about others`);
  console.log(`forms and encodings: ${[...kinds].sort().join(', ')}`);
  expect(seen).toMatchObject({ faults: [], traces: [] });
  expect(seen.own).toBeGreaterThan(10);
  expect(seen.refused).toBeGreaterThan(10);
});

it('would notice a row of another customer in each form and encoding', async (context) => {
  const missing = whySchemathesisIsMissing();
  if (missing) return context.skip(missing);
  writeFileSync(join(site.logs, 'api.log'), logOfStrangers());
  const url = await serveLog(join(site.logs, 'api.log'), { DATA_DIR: site.directory, PORT: '0' });
  const noticed: string[] = [];
  const proxy = await scanningProxy(
    url,
    (path) => path,
    ({ type, encoding, text, rows }) => {
      if (tracesOfStrangers('', rows).length > 0 && tracesOfStrangers(text).length > 1)
        noticed.push(`${type} ${encoding}`);
    },
  );
  for (const format of ['json', 'csv', 'ndjson', 'parquet'])
    for (const _ of [1, 2, 3, 4])
      await (await fetch(`${proxy}/v1/customers/stranger-3/stats?${DAYS}&format=${format}`)).text();
  expect(noticed).toHaveLength(16);
});

/** Lets every third request for the own customer ask for another one, by id or by alias. */
function everyThirdToStranger(): (path: string) => string {
  let count = 0;
  return (path) => {
    if (!path.includes(OWN) || count++ % 3 !== 0) return path;
    return path.replaceAll(OWN, NAMES_OF_STRANGERS[count % NAMES_OF_STRANGERS.length] ?? OWN);
  };
}
