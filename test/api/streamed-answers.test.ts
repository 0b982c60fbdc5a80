/** Answers of more days than are put together in one piece. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { StreamedAnswers } from '../../src/api/streamed-answers.ts';
import { DaymarkError } from '../../src/errors.ts';
import { MAX_DAYS_IN_ONE_PIECE, MAX_STREAMED_ANSWERS, STREAMED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { deltaOf, SUCCESS } from './requests.ts';
import { getRaw, placeOf, serve } from './support.ts';

const DAYS = 10 * STREAMED_DAYS_PAGE_ROWS + MAX_DAYS_IN_ONE_PIECE;
const PATH = '/customers/cust_1/stats?from=1970-01-01';
const ALL = { customerId: 'cust_1', from: '1970-01-01' };

/** A store with many days of a customer. */
async function filledPlace(kind = STORE_KINDS[0]) {
  const place = await placeOf(kind);
  const store = await place.open();
  await store.migrate();
  const days = Array.from({ length: DAYS }, (_, day) => dateOfDay(day));
  const deltas = days.map((day) => deltaOf('cust_1', day, [SUCCESS]));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
  return { place, store };
}

/** The real store, with something that happens before each page of rows. */
function watched(store: Store, beforePage: (page: number) => unknown): Store {
  return Object.assign(Object.create(store), {
    checkSchema: () => store.checkSchema(),
    dataVersion: () => store.dataVersion(),
    windows: (query: Parameters<Store['windows']>[0]) => store.windows(query),
    async *windowPages(query: Parameters<Store['windowPages']>[0]) {
      let page = 0;
      const pages = store.windowPages(query)[Symbol.asyncIterator]();
      try {
        for (;;) {
          await beforePage(page++);
          const { value, done } = await pages.next();
          if (done) return;
          yield value;
        }
      } finally {
        await pages.return?.();
      }
    },
  });
}

/** Asks and reads to the end of the connection. @returns what came, and how the connection ended. */
async function askRaw(url: string, version: string): Promise<{ text: string; error: string | undefined }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  let error: string | undefined;
  socket.on('data', (data) => {
    text += data;
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    error = code;
  });
  socket.write(`GET ${PATH} HTTP/${version}\r\nHost: test\r\nConnection: close\r\n\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  return { text, error };
}

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('a long answer is byte for byte what its parts are, and carries the same headers but for the tag', async () => {
    const { store } = await filledPlace(kind);
    const url = await serve({ store });
    const parts: string[] = [];
    for (let day = 0; day < DAYS; day += MAX_DAYS_IN_ONE_PIECE) {
      const range = `from=${dateOfDay(day)}&to=${dateOfDay(day + MAX_DAYS_IN_ONE_PIECE - 1)}`;
      parts.push((await (await fetch(`${url}/customers/cust_1/stats?${range}`)).text()).slice(1, -1));
    }
    const answer = await fetch(url + PATH);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toBe(`[${parts.join()}]`);
    const old = await askRaw(url, '1.0');
    expect(old.error).toBeUndefined();
    expect(old.text.slice(old.text.indexOf('\r\n\r\n') + 4)).toBe(`[${parts.join()}]`);
  });

  test('clients that leave in the middle take nothing with them', async () => {
    const { store } = await filledPlace(kind);
    const url = await serve({ store });
    const { hostname, port } = new URL(url);
    for (let i = 0; i < 5 * MAX_STREAMED_ANSWERS; i++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).write(`GET ${PATH} HTTP/1.1\r\nHost: test\r\n\r\n`);
      await once(socket, 'data');
      socket.resetAndDestroy();
    }
    expect(JSON.parse(await (await fetch(url + PATH)).text())).toHaveLength(DAYS);
  });
});

test('a database that goes away in the middle breaks the answer off, and never ends it as if it were whole', async () => {
  const { place, store } = await filledPlace(STORE_KINDS.find(({ name }) => name === 'PostgreSQL'));
  const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`;
  const url = await serve({ store: watched(store, (page) => page === 3 && place.query(terminate)) });
  for (const version of ['1.1', '1.0']) {
    const { text, error } = await askRaw(url, version);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).not.toMatch(/\]\s*(0\r\n\r\n)?$/);
    expect([version, error]).toEqual([version, 'ECONNRESET']);
  }
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
});

test('a database that is away at the beginning is told with a problem document', async () => {
  const { store } = await filledPlace();
  const failing = watched(store, () => {
    throw new DaymarkError('STORE_UNREACHABLE', 'somewhere secret');
  });
  const url = await serve({ store: failing });
  for (let i = 0; i < 2 * MAX_STREAMED_ANSWERS; i++) {
    const answer = await fetch(url + PATH);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 503, code: 'STORE_UNREACHABLE' });
  }
});

test('rows are read no faster than they are taken', async () => {
  const { store } = await filledPlace();
  let pages = 0;
  const answers = new StreamedAnswers(
    watched(store, () => {
      pages++;
    }),
  );
  const body = await answers.open(ALL);
  expect(pages).toBe(1);
  let taken = 0;
  for await (const _ of body) expect(pages).toBeLessThanOrEqual(++taken + 2);
  expect(taken).toBeGreaterThan(DAYS / STREAMED_DAYS_PAGE_ROWS);
});

test('a client that takes too long is cut off, and the next has its turn', async () => {
  const { store } = await filledPlace();
  const answers = new StreamedAnswers(store, 20);
  const unread = await Promise.all(Array.from({ length: MAX_STREAMED_ANSWERS }, () => answers.open(ALL)));
  const cut = unread.map((body) => once(body, 'error'));
  const next = await answers.open(ALL);
  await Promise.all(cut);
  next.destroy();
});

test('HEAD, and a client that has any answer, get no body of a long one either', async () => {
  const { store } = await filledPlace();
  const url = await serve({ store });
  for (let i = 0; i < 2 * MAX_STREAMED_ANSWERS; i++) {
    const head = await fetch(url + PATH, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, null, '']);
    const kept = await fetch(url + PATH, { headers: { 'if-none-match': '*' } });
    expect([kept.status, await kept.text()]).toEqual([304, '']);
  }
  expect((await getRaw(url, PATH)).status).toBe(200);
});
