/** Requests that a program derives from the OpenAPI document: valid, odd and wrong ones. */

import { execFile } from 'node:child_process';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
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

/** Asks a server what its document says that it can be asked. */
async function derive(url: string, { warnings = WARNINGS, more = [] }: Derived = {}): Promise<void> {
  // A machine that other programs keep busy makes the API refuse requests when it starts.
  await eventually(async () => (await fetch(`${url}/openapi.json`)).status, 200).toBe(200);
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const operations = Object.values(paths).flatMap(Object.keys).length;
  const flags = [
    ...['--checks', 'all', '--continue-on-failure', '--warnings', warnings.join()],
    ...['--max-examples', `${Math.ceil(EXAMPLES / operations)}`],
    // Two rules cannot be written in a schema: `to` is not before `from`, and an id has at most 255 bytes.
    ...['--exclude-checks', 'positive_data_acceptance'],
    ...['--generation-database', 'none', '--no-color', ...more],
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
}

interface Derived {
  readonly warnings?: readonly string[];
  readonly more?: readonly string[];
}

/** Serves the sample log. @returns where. */
async function serveSample(env: Record<string, string>): Promise<string> {
  expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
  serving = start(['serve'], { env });
  return /http:\/\/\S+/.exec(await serving.says('serving SQLite database'))?.[0] ?? '';
}

it('finds no fault of the server, and no answer that the document does not declare', async (context) => {
  const missing = whySchemathesisIsMissing();
  if (missing) return context.skip(missing);
  await derive(await serveSample({ DATA_DIR: site.directory, PORT: '0' }));
});

it('finds with a customer’s key no fault either, and no row of another customer', async (context) => {
  const missing = whySchemathesisIsMissing();
  if (missing) return context.skip(missing);
  const env = { DATA_DIR: site.directory, PORT: '0', AUTH: 'keys' };
  const url = await serveSample(env);
  // The customer of the document's examples, so that many requests ask for it.
  const { stdout } = await run(['keys', 'create', '--customer', 'cust_40'], { env });
  const proxy = await watch(url);
  await derive(proxy.url, {
    // Most of what a customer's key asks for is refused.
    warnings: WARNINGS.filter((warning) => warning !== 'missing_auth'),
    more: ['--header', `Authorization: Bearer ${stdout.trim()}`],
  });
  expect(proxy.seen).toMatchObject({ faults: [], strangers: [] });
  expect(proxy.seen.own).toBeGreaterThan(10);
});

/** A proxy before a server that looks for customers of the sample log in each answer. */
async function watch(target: string) {
  const seen = { own: 0, strangers: [] as string[], faults: [] as string[] };
  const { hostname, port } = new URL(target);
  const proxy = createServer((request, response) => {
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    const options = { hostname, port, method: request.method, path: request.url, headers };
    const forwarded = httpRequest(options, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => {
        const body = Buffer.concat(pieces);
        look(request.url ?? '', answer.statusCode ?? 0, body.toString('latin1'));
        response.writeHead(answer.statusCode ?? 0, answer.headers).end(body);
      });
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  const look = (path: string, status: number, body: string): void => {
    if (status >= 500 && status !== 501) seen.faults.push(`${status} ${path}`);
    const isDescription = /^\/(openapi|docs|$)/.test(path);
    const named: readonly string[] = isDescription ? [] : (body.match(/cust_\d+/g) ?? []);
    if (status === 200 && named.includes('cust_40')) seen.own++;
    // An error repeats what was asked for.
    const asked = status >= 400 ? decodeURIComponent(path.replaceAll(/%(?![\da-f]{2})/gi, '%25')) : '';
    const others = named.filter((id) => id !== 'cust_40' && !asked.includes(id));
    if (others.length > 0) seen.strangers.push(`${path}: ${others.slice(0, 3).join()}`);
  };
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen };
}
