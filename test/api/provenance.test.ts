/** Which logs a day rests on, and the history of final days, held to what stands in the logs. */

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CustomerNames } from '../../src/api/customer-names.ts';
import { INPUT_WORDS } from '../../src/commands/cli/input-words.ts';
import { MAX_DAY_CHANGES_KEPT } from '../../src/limits.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { Store } from '../../src/store/contract.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { oracle } from '../support/oracle.ts';
import { pipelineOf } from '../support/pipeline.ts';
import { randomNumbers } from '../support/random-log.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { add, addLate, addLogs, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

interface Line {
  readonly text: string;
  /** Undefined where it is no record. */
  readonly request?: {
    readonly date: string;
    readonly customerId: string;
    readonly status: number;
    readonly durationUs: number;
  };
}

interface Source {
  readonly id: string;
  readonly name: string;
  readonly lines: number;
  readonly from_offset: number;
  readonly to_offset: number;
  readonly [field: string]: unknown;
}

interface Answer {
  readonly requests: number;
  readonly lines: number;
  readonly sources: readonly Source[];
  readonly next_cursor: string | null;
}

// Logs of this format hold neither spaces nor control characters in a customer's id.
const CUSTOMERS = [...HOSTILE_IDS.filter((id) => /^[^\s\p{Cc}]+$/u.test(id)), 'cust_1', '.', '..'];
const DATES = ['2024-10-01', '2024-10-02', '2024-10-03'];

function randomLine(next: () => number): Line {
  const date = DATES[Math.floor(next() * DATES.length)];
  const customerId = CUSTOMERS[Math.floor(next() * CUSTOMERS.length)];
  const status = [200, 204, 404, 503][Math.floor(next() * 4)];
  const ms = Math.floor(next() * 3000);
  if (next() < 0.1) return { text: `never ${customerId} /api 200 0.1\n` };
  const seconds = (ms / 1000).toFixed(next() < 0.5 ? 3 : 4);
  const time = `${date} 0${Math.floor(next() * 9)}:10:46`;
  return {
    text: `${time} ${customerId} /api ${status} ${seconds}\n`,
    request: { date, customerId, status, durationUs: 1000 * ms },
  };
}

const randomLog = (count: number, next: () => number) =>
  Array.from({ length: count }, () => randomLine(next));

describe.each(STORE_KINDS)('From a $name store', (kind) => {
  let store: Store;
  let directory: string;

  beforeEach(async () => {
    store = await emptyStore(kind);
    directory = mkdtempSync(join(tmpdir(), 'daymark-provenance-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const pathOf = (name: string) => join(directory, name);
  async function ingest(
    settings: { batchLines?: number; waitMs?: number; nowMs?: number } = {},
  ): Promise<void> {
    const { batchLines = 1e6, waitMs = Number.POSITIVE_INFINITY, nowMs = 0 } = settings;
    const source = new FilesSource([directory]);
    await pipelineOf({
      ...{ source, store, isFollowing: false, signal: new AbortController().signal, batchLines },
      ...{ pause: async () => undefined, systemTimeMs: () => nowMs, eventTime: { waitMs } },
    }).run();
    source.close();
  }
  const serveStore = (customers?: CustomerNames) =>
    serve({ store, words: INPUT_WORDS, ...(customers ? { customers } : {}) });

  /** What stands in a log of one day. */
  function expectedOf(name: string, lines: readonly Line[], date: string) {
    let [at, count, from, to] = [0, 0, -1, 0];
    for (const { text, request } of lines) {
      const end = at + Buffer.byteLength(text);
      if (request?.date === date) {
        count++;
        if (from < 0) from = at;
        to = end;
      }
      at = end;
    }
    return count === 0 ? [] : [{ name: pathOf(name), lines: count, from_offset: from, to_offset: to }];
  }

  /** All sources of a day, page by page. */
  async function sourcesOf(url: string, query: Record<string, string>, limit: string): Promise<Answer> {
    const sources: Source[] = [];
    for (let cursor = ''; ; ) {
      const { customer_id: id, ...rest } = query;
      const path =
        id === undefined || /^\.+$/.test(id)
          ? '/v1/day-sources'
          : `/v1/customers/${encodeURIComponent(id)}/sources`;
      const parameters = new URLSearchParams({ ...(path === '/v1/day-sources' ? query : rest), limit });
      const answer = await fetch(`${url}${path}?${parameters}${cursor && `&cursor=${cursor}`}`);
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as Answer;
      sources.push(...page.sources);
      if (page.next_cursor === null) return { ...page, sources };
      cursor = page.next_cursor;
    }
  }

  test.each([1e6, 7])(
    'the logs of a day, and where its lines stand in them, are those that anybody finds, in batches of %s lines',
    async (batchLines) => {
      const next = randomNumbers(5);
      const logs: Record<string, Line[]> = {};
      for (const [i, count] of [120, 1, 60, 33, 90].entries()) logs[`${i}.log`] = randomLog(count, next);
      for (const [name, lines] of Object.entries(logs))
        writeFileSync(pathOf(name), lines.map(({ text }) => text).join(''));
      await ingest({ batchLines });
      // One of the logs grows, and another one comes.
      for (const name of ['0.log', 'more.log']) {
        const more = randomLog(40, next);
        logs[name] = [...(logs[name] ?? []), ...more];
        appendFileSync(pathOf(name), more.map(({ text }) => text).join(''));
      }
      await ingest({ batchLines });
      const url = await serveStore();
      for (const date of [...DATES, '2024-10-04']) {
        const expected = Object.entries(logs).flatMap(([name, lines]) => expectedOf(name, lines, date));
        const all = Object.values(logs)
          .flat()
          .flatMap(({ request }) => (request?.date === date ? [request] : []));
        for (const limit of ['1', '2', '1000']) {
          const { sources, ...head } = await sourcesOf(url, { date }, limit);
          expect(head).toMatchObject({
            date,
            customer_id: null,
            requests: all.length,
            lines: all.length,
            unknown_lines: 0,
          });
          const found = sources.map(({ name, lines, from_offset, to_offset }) => ({
            name,
            lines,
            from_offset,
            to_offset,
          }));
          expect(found.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
            expected.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          );
          expect(sources.map(({ id }) => id)).toEqual(sources.map(({ id }) => id).toSorted());
        }
        for (const customerId of CUSTOMERS) {
          const requests = all.filter((request) => request.customerId === customerId).length;
          const answer = await sourcesOf(url, { customer_id: customerId, date }, '1000');
          expect(answer).toMatchObject({ customer_id: customerId, requests, lines: all.length });
          expect(answer.sources).toHaveLength(expected.length);
        }
      }
      const [source] = (await sourcesOf(url, { date: DATES[0] }, '1')).sources;
      expect(source).toMatchObject({
        state: 'finished',
        fingerprint: expect.stringMatching(/^sha256:\d+:[0-9a-f]{64}$/),
        from_at: `byte ${source.from_offset.toLocaleString('en-US')}`,
        to_at: `byte ${source.to_offset.toLocaleString('en-US')}`,
      });
    },
  );

  test('the history of final days says what each late log has changed of the numbers', async () => {
    const next = randomNumbers(9);
    const requests: NonNullable<Line['request']>[] = [];
    const write = (name: string, lines: readonly Line[]) => {
      writeFileSync(pathOf(name), lines.map(({ text }) => text).join(''));
      requests.push(...lines.flatMap(({ request }) => request ?? []));
    };
    const numbersOf = () => {
      const ofDay = requests.filter(({ customerId, date }) => customerId === 'cust_1' && date === DATES[1]);
      const { successRequests, failedRequests, ...rest } = oracle(
        ofDay.map((request) => ({ ...request, eventTimeMs: 0 })),
      );
      return {
        ...{ requests: ofDay.length, success_requests: successRequests, failed_requests: failedRequests },
        ...{ duration_p50: rest.durationP50S, duration_p99: rest.durationP99S },
        error_requests: ofDay.filter(({ status }) => status >= 500).length,
      };
    };
    const late = (ms: number): Line => ({
      text: `${DATES[1]} 12:00:00 cust_1 /api 503 ${(ms / 1000).toFixed(3)}\n`,
      request: { date: DATES[1], customerId: 'cust_1', status: 503, durationUs: 1000 * ms },
    });
    const last: Line = {
      text: '2024-10-20 12:00:00 other /api 200 0.1\n',
      request: { date: '2024-10-20', customerId: 'other', status: 200, durationUs: 100_000 },
    };
    write('first.log', [...randomLog(300, next), late(1), last]);
    await ingest({ waitMs: 3_600_000, nowMs: 1_000 });
    const url = await serveStore();
    const history = async (query = '') => {
      const answer = await fetch(`${url}/v1/customers/cust_1/history?from=2024-10-01&to=2024-10-31${query}`);
      expect(answer.status).toBe(200);
      return (await answer.json()) as { changes: Record<string, unknown>[]; next_cursor: string | null };
    };
    expect((await history()).changes).toEqual([]);
    const states = [numbersOf()];
    for (let i = 1; i <= 3; i++) {
      write(`late-${i}.log`, [late(4000 + i), late(10 * i)]);
      await ingest({ waitMs: 3_600_000, nowMs: 1_000 * (i + 1) });
      states.push(numbersOf());
    }
    const { changes } = await history();
    expect(changes).toHaveLength(3);
    for (const [i, change] of changes.entries()) {
      expect(change).toMatchObject({
        ...{ date: DATES[1], number: i + 1, change_count: 3, cause: 'late' },
        ...{ changed: new Date(1_000 * (i + 2)).toISOString(), before: states[i], after: states[i + 1] },
        source_count: 1,
        sources: [{ name: pathOf(`late-${i + 1}.log`), lines: 2, from_offset: 0, from_at: 'byte 0' }],
      });
    }
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await history(`&limit=1${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.changes);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(changes);
  });

  test('a customer whom nobody knows gets 404 with a hint, an alias the answer of its customer', async () => {
    await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
    const customers = {
      idOf: (id: string) => (id === 'key-1' ? 'cust_1' : id),
      nameOf: (id: string) => (id === 'named' ? 'Acme' : undefined),
      isPublic: () => false,
    };
    const url = await serveStore(customers);
    for (const path of ['sources?date=2024-10-02', 'history?from=2024-10-01&to=2024-10-03']) {
      const none = await fetch(`${url}/v1/customers/cust_2/${path}`);
      expect([none.status, await none.json()]).toEqual([
        404,
        expect.objectContaining({ code: 'CUSTOMER_UNKNOWN', detail: expect.stringContaining('cust_1') }),
      ]);
      expect(await (await fetch(`${url}/v1/customers/key-1/${path}`)).json()).toMatchObject({
        customer_id: 'cust_1',
      });
      expect(await (await fetch(`${url}/v1/customers/named/${path}`)).json()).toMatchObject({
        ...{ customer_id: 'named', customer_name: 'Acme', next_cursor: null },
      });
    }
  });

  test('pages of a long history stay right while changes are added and old ones go', async () => {
    await add(store, 'c', { '2024-10-02': [SUCCESS] });
    await addLogs(store, 'p');
    await addLate(store, 'c', '2024-10-02', ['p']);
    for (let i = 1; i < MAX_DAY_CHANGES_KEPT; i++) await addLate(store, 'c', '2024-10-02', []);
    const url = await serveStore();
    const page = async (query: string) => {
      const answer = await fetch(
        `${url}/v1/history?customer_id=c&from=2024-10-01&to=2024-10-31&limit=20${query}`,
      );
      const { changes, next_cursor } = (await answer.json()) as {
        changes: { number: number }[];
        next_cursor: string | null;
      };
      return { numbers: changes.map(({ number }) => number), next_cursor };
    };
    const first = await page('');
    expect(first.numbers).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    await addLate(store, 'c', '2024-10-02', []);
    const second = await page(`&cursor=${first.next_cursor}`);
    expect(second.numbers).toEqual(Array.from({ length: 20 }, (_, i) => i + 21));
    expect((await page('')).numbers[0]).toBe(2);
  });
});

test('what is malformed is refused, and a cursor of another list or range, too', async () => {
  const store = await emptyStore();
  await add(store, 'c', { '2024-10-02': [SUCCESS] });
  const url = await serve({ store });
  const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  for (const path of [
    'customers/c/sources',
    'customers/c/sources?date=2024-02-30',
    'customers/c/sources?date=2024-10-02&from=2024-10-01',
    `customers/c/sources?date=2024-10-02&cursor=${cursor('sources', 'p', 0)}`,
    'day-sources?date=2024-10-02&limit=0',
    'history?from=2024-10-01&to=2024-10-02',
    'history?customer_id=c&from=2024-10-03&to=2024-10-02',
    'history?customer_id=c&from=2024-10-03',
    ...['x', '2024-13-01', '2024-09-30', '2024-10-03'].map(
      (date) => `history?customer_id=c&from=2024-10-01&to=2024-10-02&cursor=${cursor('changes', date, 1)}`,
    ),
    `history?customer_id=c&from=2024-10-01&to=2024-10-02&cursor=${cursor('changes', '2024-10-01', -1)}`,
  ])
    expect([path, (await fetch(`${url}/v1/${path}`)).status]).toEqual([path, 422]);
  expect((await fetch(`${url}/v1/day-sources?date=2024-10-02&customer_id=%FF`)).status).toBe(400);
});
