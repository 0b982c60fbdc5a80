/**
 * Starts the servers whose logs daymark reads, as Debian packages them, and sends them odd requests: with spaces, quotes,
 * UTF-8 and percents in their paths, users and agents, and from clients that go away. What daymark counts in their logs must
 * be what was sent, and `check` must recommend the settings that count it.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeStatistics } from '../../src/statistics/daily-statistics.ts';
import { run } from '../support/cli.ts';
import { type Product, type ProductLog, pathOf } from '../support/products/product.ts';
import { PRODUCTS } from '../support/products/products.ts';
import { startUpstream, type Upstream } from '../support/products/upstream.ts';
import { type Answered, ODD_REQUESTS, send } from '../support/products/wire.ts';
import { queryOf } from '../support/sqlite-place.ts';

let directory: string;
let upstream: Upstream;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-products-'));
  upstream = await startUpstream();
});

afterAll(() => {
  upstream.stop();
  rmSync(directory, { recursive: true });
});

/** A log, and the requests that it must have. */
interface WrittenLog extends ProductLog {
  readonly sent: readonly Answered[];
}

/** Starts the product, sends it the requests, and ends it. */
async function logsOf(product: Product): Promise<WrittenLog[]> {
  const running = await product.start(mkdtempSync(join(directory, 'run-')), upstream.port);
  try {
    const logs: WrittenLog[] = [];
    for (const { port, logs: written } of running.endpoints) {
      const sent = await sendAll(product, port);
      logs.push(...written.map((log) => ({ ...log, sent })));
    }
    return logs;
  } finally {
    await running.stop();
  }
}

async function sendAll({ abortedStatuses }: Product, port: number): Promise<Answered[]> {
  const sent: Answered[] = [];
  for (const request of ODD_REQUESTS) {
    if (request.isAborted && abortedStatuses.length === 0) continue;
    sent.push(await send(port, request, request.isAborted ? upstream.nextHeld() : Promise.resolve()));
  }
  // A product that notices late must have its answer before it ends.
  await upstream.allAnswered();
  return sent;
}

/** `customer status` → requests. */
type Counts = Map<string, number>;

const REFUSED = 400;

/**
 * Holds what was counted to what was sent. A request that the product refused may stand in its log without its target, and
 * then counts for nobody. It never counts for another customer.
 */
function expectSent(product: Product, { customer, sent }: WrittenLog, counted: Counts): void {
  const left = new Map(counted);
  for (const request of sent) {
    const name = customer === 'user' ? request.user : request.inPath;
    const statuses = request.status === undefined ? product.abortedStatuses : [request.status];
    const key = statuses.map((status) => `${name} ${status}`).find((each) => (left.get(each) ?? 0) > 0);
    if (key !== undefined) left.set(key, (left.get(key) ?? 0) - 1);
    const mayBeLost = request.status === REFUSED || product.loses?.(request);
    if (name !== undefined && !mayBeLost)
      expect(key, `${name} ${statuses} in ${[...counted.keys()]}`).toBeDefined();
  }
  expect([...left].filter(([, requests]) => requests > 0)).toEqual([]);
}

async function countedIn(log: WrittenLog, settings: Readonly<Record<string, string>>): Promise<Counts> {
  const env = { ...settings, DATA_DIR: `${log.file}.data`, MAX_REJECTED_PERCENT: '100' };
  await run(['ingest', '--json', log.file], { env });
  const rows = await queryOf(env.DATA_DIR)('select customer_id, state from daily_stats');
  const counts: Counts = new Map();
  for (const { customer_id: id, state } of rows)
    for (const { status, requests } of decodeStatistics(state as Uint8Array).statuses)
      counts.set(`${id} ${status}`, (counts.get(`${id} ${status}`) ?? 0) + requests);
  return counts;
}

/** Debian's packages are there in CI. */
const isMissing = ({ program }: Product) => pathOf(program) === undefined && process.env.CI === undefined;

for (const product of PRODUCTS.filter(isMissing))
  console.log(`${product.name} is not tested, because it is not installed (Debian: ${product.package}).`);

describe.each(PRODUCTS.filter((product) => !isMissing(product)))('the log of $name', (product) => {
  it('counts what was sent, with the settings that check recommends', async () => {
    for (const log of await logsOf(product)) {
      const given = log.customer === 'path' ? { CUSTOMER_ID: '/customers/{customer_id}' } : {};
      const { stdout } = await run(['check', '--json', log.file], { env: given });
      const [file] = JSON.parse(stdout).files;
      expect(file.settings, log.about).toMatchObject({ LOG_FORMAT: log.preset ?? expect.any(String) });
      for (const { duration } of file.first_lines) expect(duration !== null, log.about).toBe(log.hasDuration);
      expectSent(product, log, await countedIn(log, { ...given, ...file.settings }));
    }
  });
});
