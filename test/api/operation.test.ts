/** `/v1/sources`, `/v1/rejected` and `/v1/status`, held to what stands in the logs. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppOptions } from '../../src/api/app.ts';
import { INPUT_WORDS } from '../../src/commands/cli/input-words.ts';
import { MAX_REJECTED_LINES_KEPT } from '../../src/limits.ts';
import { printable } from '../../src/printable.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { Store } from '../../src/store/contract.ts';
import { adding, advanceOf } from '../support/batches.ts';
import { pipelineOf } from '../support/pipeline.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { addLogs } from './requests.ts';
import { emptyStore, serve } from './support.ts';

/** What would colour a terminal, turn its text around and end a JSON string. */
const HOSTILE = '\u001b[31m\u202e\u009d0;"\\';
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Lines by what becomes of them. */
const KINDS: Readonly<Record<string, (i: number) => string>> = {
  accepted: (i) =>
    `2024-10-0${1 + (i % 3)} 05:10:${String(i % 60).padStart(2, '0')} cust_${i % 5} /api 200 0.3${i % 10}`,
  empty_line: () => '',
  invalid_timestamp: (i) => `never ${HOSTILE} a time ${'x'.repeat(i % 300)}`,
  invalid_status: (i) => `2024-10-02 05:10:46 cust_${i % 5} /api 999 0.316`,
  invalid_duration: (i) => `2024-10-02 05:10:46 cust_${i % 5} /api 200 -${i}`,
};

interface ExpectedLine {
  readonly offset: number;
  readonly at: string;
  readonly reason: string;
  readonly excerpt: string;
}

/** A log, and what anybody can see in it. */
interface ExpectedLog {
  readonly name: string;
  readonly text: string;
  readonly lines: number;
  readonly accepted: number;
  readonly byReason: Record<string, number>;
  readonly rejected: readonly ExpectedLine[];
  readonly times: readonly string[];
}

/** The first 200 bytes, printable, and a mark where there are more. */
function excerptOf(line: string): string {
  const bytes = Buffer.from(line);
  return printable(bytes.subarray(0, 200)) + (bytes.length > 200 ? '…' : '');
}

/** Draws lines with a generator of whole numbers. */
function makeLog(name: string, count: number, kinds: readonly string[], next: () => number): ExpectedLog {
  const byReason: Record<string, number> = {};
  const [rejected, times]: [ExpectedLine[], string[]] = [[], []];
  // A log begins with a line of a log. The customer makes it another log than the others.
  let text = `2024-10-02 05:10:46 of_${count} /api 200 0.316\n`;
  times.push('2024-10-02T05:10:46.000Z');
  for (let i = 1; i < count; i++) {
    const kind = kinds[next() % kinds.length] ?? 'accepted';
    const line = (KINDS[kind] ?? KINDS.accepted)?.(i) ?? '';
    const offset = Buffer.byteLength(text);
    if (kind === 'accepted') times.push(`${line.slice(0, 10)}T${line.slice(11, 19)}.000Z`);
    else {
      byReason[kind] = (byReason[kind] ?? 0) + 1;
      const at = `byte ${offset.toLocaleString('en-US')}`;
      rejected.push({ offset, at, reason: kind, excerpt: excerptOf(line) });
    }
    text += `${line}\n`;
  }
  return {
    ...{ name, text, lines: count, accepted: count - rejected.length, byReason },
    ...{ rejected: rejected.slice(0, MAX_REJECTED_LINES_KEPT), times: times.sort() },
  };
}

/** Numbers that look random, and are the same in each run. */
function drawer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
}

interface Page {
  readonly sources?: Record<string, unknown>[];
  readonly rejected?: Record<string, unknown>[];
  readonly next_cursor: string | null;
}

describe.each(STORE_KINDS)('From a $name store', (kind) => {
  let store: Store;
  let directory: string;
  let logs: readonly ExpectedLog[];

  beforeEach(async () => {
    store = await emptyStore(kind);
    directory = mkdtempSync(join(tmpdir(), 'daymark-operation-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function ingest(made: readonly ExpectedLog[]): Promise<void> {
    logs = made;
    for (const { name, text } of logs) writeFileSync(join(directory, name), text);
    const source = new FilesSource([directory]);
    await pipelineOf({
      ...{ source, store, isFollowing: false, signal: new AbortController().signal, batchLines: 400 },
      ...{ pause: async () => undefined, systemTimeMs: () => 0 },
    }).run();
    source.close();
  }

  const serveStore = (options: Partial<AppOptions> = {}) =>
    serve({ store, words: INPUT_WORDS, version: '1.2.3', ...options });

  /** All entries of a list, and how many pages they came in. */
  async function all(url: string, path: string, query: Record<string, string>) {
    const entries: Record<string, unknown>[] = [];
    for (let [cursor, pages]: [string | null, number] = [null, 1]; ; pages++) {
      const parameters = new URLSearchParams({ ...query, ...(cursor === null ? {} : { cursor }) });
      const answer = await fetch(`${url}${path}?${parameters}`);
      expect(answer.status).toBe(200);
      const body = await answer.text();
      expect(body).not.toMatch(UNPRINTABLE);
      const { sources, rejected, next_cursor } = JSON.parse(body) as Page;
      entries.push(...(sources ?? rejected ?? []));
      if (next_cursor === null) return { entries, pages };
      cursor = next_cursor;
    }
  }

  const EVERY = Object.keys(KINDS);

  test('the ledgers and rejected lines are those that anybody finds in the logs', async () => {
    const next = drawer(7);
    await ingest([
      makeLog('a.log', 400, EVERY, next),
      makeLog('b.log', 77, ['accepted', 'empty_line'], next),
      makeLog('c.log', 40, ['accepted'], next),
      makeLog(`${HOSTILE.replaceAll('\\', '')}.log`, 60, EVERY, next),
      makeLog('d.log', 1_500, EVERY.slice(1), next),
    ]);
    const url = await serveStore();
    for (const limit of ['1', '2', '5', '1000']) {
      const { entries } = await all(url, '/v1/sources', { limit });
      const byName = new Map(entries.map((entry) => [entry.name, entry]));
      expect(byName.size).toBe(entries.length);
      for (const { name, text, lines, accepted, byReason, times } of logs) {
        const bytes = Buffer.byteLength(text);
        expect(byName.get(join(directory, name))).toEqual({
          ...{ id: expect.any(String), name: join(directory, name), state: 'finished' },
          ...{ offset: bytes, at: `byte ${bytes.toLocaleString('en-US')}` },
          ...{ lines, accepted, rejected: lines - accepted, rejected_by_reason: byReason },
          ...{ late: 0, dropped: 0, excluded: 0 },
          ...{ first_event: times[0], last_event: times.at(-1) },
          ...{ added: '1970-01-01T00:00:00.000Z', moved: expect.stringMatching(/Z$/) },
          source_name: null,
        });
      }
    }
    const { entries: sources } = await all(url, '/v1/sources', {});
    const expected = (...reasons: string[]) =>
      sources.flatMap(({ id, name }) =>
        (logs.find((log) => join(directory, log.name) === name)?.rejected ?? [])
          .filter((line) => reasons.length === 0 || reasons.includes(line.reason))
          .map((line) => ({ source_id: id, file: name, ...line })),
      );
    expect(expected().length).toBeGreaterThan(1_300);
    for (const limit of ['37', '1000']) {
      const { entries, pages } = await all(url, '/v1/rejected', { limit });
      expect(entries).toEqual(expected());
      expect(pages).toBe(Math.ceil(expected().length / Number(limit)));
    }
    for (const reasons of [...EVERY.slice(1).map((reason) => [reason]), EVERY.slice(2, 4), EVERY.slice(1)]) {
      const reason = reasons.join();
      expect((await all(url, '/v1/rejected', { reason, limit: '50' })).entries).toEqual(expected(...reasons));
    }
    for (const source of ['d.log', join(directory, 'd.log'), String(sources[0]?.id)]) {
      const { entries } = await all(url, '/v1/rejected', { source, limit: '200' });
      const named = ({ source_id, file }: { source_id: unknown; file: unknown }) =>
        source_id === source || file === join(directory, 'd.log');
      const asked = source.endsWith('.log') ? expected().filter(named) : undefined;
      expect(entries).toEqual(asked ?? expected().filter(({ source_id }) => source_id === source));
    }
    const { lines, rejected } = (await (await fetch(`${url}/v1/status`)).json()) as Record<string, number>;
    expect(lines).toBe(logs.reduce((sum, log) => sum + log.lines, 0));
    expect(rejected).toBe(logs.reduce((sum, log) => sum + log.lines - log.accepted, 0));
  });

  test('logs are listed by state and name, and a log of which no line is kept is not no log', async () => {
    await addLogs(store, 'a', 'b', 'c');
    await store.commit({
      timeZone: 'UTC',
      advances: [advanceOf('b', 71, 72, { isFinished: true })],
      deltas: [],
    });
    await store.addPartitions(() => adding('d'));
    const url = await serveStore();
    const idsOf = async (query: Record<string, string>) =>
      (await all(url, '/v1/sources', query)).entries.map(({ id }) => id);
    expect(await idsOf({ state: 'live' })).toEqual(['a', 'c', 'd']);
    expect(await idsOf({ state: 'finished', limit: '1' })).toEqual(['b']);
    expect(await idsOf({ state: 'retired' })).toEqual([]);
    expect(await idsOf({ source: 'b.log' })).toEqual(['b']);
    expect((await all(url, '/v1/rejected', { source: 'd.log' })).entries).toEqual([]);
    const none = await fetch(`${url}/v1/rejected?source=e.log`);
    expect([none.status, await none.json()]).toMatchObject([404, { code: 'NO_SUCH_SOURCE' }]);
  });

  test('a page ends early where the lines of many logs are of other reasons, and the next one goes on', async () => {
    const ids = Array.from({ length: 1_100 }, (_, i) => `p${String(i).padStart(4, '0')}`);
    await store.addPartitions(() => adding(...ids));
    const line = (reason: string) => ({ offset: 0, reason, excerpt: '' });
    const change = (id: string) => ({
      ...{ lines: 3, accepted: 0, rejected: 3 },
      rejectedByReason: new Map([
        ['empty_line', 1],
        ['extra_field', 2],
      ]),
      rejectedLines: [line(id === ids.at(-1) ? 'extra_field' : 'empty_line')],
    });
    await store.commit({
      timeZone: 'UTC',
      advances: ids.map((id) => advanceOf(id, 0, 9, change(id))),
      deltas: [],
    });
    const url = await serveStore();
    const { entries, pages } = await all(url, '/v1/rejected', { reason: 'extra_field' });
    expect(entries.map(({ source_id }) => source_id)).toEqual([ids.at(-1)]);
    expect(pages).toBe(2);
  });

  test('what no list can be asked for is refused, and nothing goes to the store', async () => {
    await addLogs(store, 'a', 'b');
    const url = await serveStore();
    const sources = (await (await fetch(`${url}/v1/sources?limit=1`)).json()) as Page;
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    for (const query of [
      ...['limit=0', 'limit=1001', 'limit=-1', 'limit=1e2', 'limit=', 'limit=1&limit=2'],
      ...['cursor=', 'cursor=%00', 'cursor=a.b', `cursor=${'a'.repeat(513)}`, 'cursor=bm9uZQ'],
      ...[`cursor=${forged('rejected', 7, 0)}`, `cursor=${forged('rejected', 'a', 1e300)}`],
      ...[`cursor=${forged('rejected', 'a\0', 0)}`, `cursor=${sources.next_cursor}`],
      ...['reason=nonsense', 'reason=EMPTY', 'reason=empty_line,', 'source=', 'source=%00', 'source=a%0A'],
      ...['reason=', 'reason=empty_line&reason=empty_line', `reason=${'empty_line,'.repeat(30)}empty_line`],
      ...[`source=${'a'.repeat(4097)}`, 'state=live', 'other=1', 'source=a&source=b'],
    ]) {
      const answer = await fetch(`${url}/v1/rejected?${query}`);
      expect([query, answer.status]).toEqual([query, 422]);
      expect(await answer.json()).toMatchObject({ code: 'INVALID_REQUEST' });
    }
    expect((await fetch(`${url}/v1/rejected?source=%FF`)).status).toBe(400);
    const near = await (await fetch(`${url}/v1/rejected?reason=extra_field,emty_line`)).json();
    expect(near).toMatchObject({ detail: expect.stringContaining('Did you mean empty_line?') });
    for (const query of ['state=dead', 'reason=empty_line', `cursor=${forged('rejected', 'a', 0)}`])
      expect((await fetch(`${url}/v1/sources?${query}`)).status).toBe(422);
    expect((await fetch(`${url}/v1/status?x=1`)).status).toBe(422);
  });

  test('a client that has the page gets no second copy of it', async () => {
    await addLogs(store, 'a', 'b');
    const url = await serveStore();
    for (const path of ['/v1/sources', '/v1/rejected']) {
      const first = await fetch(url + path);
      const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
      expect((await fetch(url + path, { headers })).status).toBe(304);
      const head = await fetch(url + path, { method: 'HEAD' });
      expect([head.status, head.headers.get('etag')]).toEqual([200, headers['if-none-match']]);
    }
    expect((await fetch(`${url}/v1/status`)).headers.get('cache-control')).toBe('no-store');
  });

  describe('the status', () => {
    const statusOf = async (options: Partial<AppOptions> = {}) => {
      const answer = await fetch(`${await serveStore(options)}/v1/status`);
      expect(answer.status).toBe(200);
      return (await answer.json()) as Record<string, unknown>;
    };

    test('says null, and never 0, of what it does not know', async () => {
      const unknown = {
        bytes_behind: null,
        messages_behind: null,
        seconds_behind: null,
        waits_for: null,
        watermark: null,
      };
      expect(await statusOf()).toEqual({
        ...{ version: '1.2.3', database: kind.name, time_zone: null, time: expect.stringMatching(/Z$/) },
        ...{ is_reading: false, ...unknown, last_commit: null, last_event: null, final_through: null },
        sources: { live: 0, finished: 0, retired: 0 },
        ...{ lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 },
        readers: [],
      });
      const reading = () => ({
        bytesBehind: undefined,
        messagesBehind: undefined,
        storedThroughMs: undefined,
        waitMs: Infinity,
      });
      await addLogs(store, 'a');
      expect(await statusOf({ reading })).toMatchObject({ ...unknown, is_reading: true, lines: 2 });
    });

    test('has the lag of the pipeline in the same process, and what it waits for', async () => {
      await addLogs(store, 'a');
      const sinceMs = Date.parse('2024-10-03T07:59:00.000Z');
      const beganMs = Date.now();
      const status = await statusOf({
        reading: () => ({
          bytesBehind: 1_234,
          messagesBehind: 56,
          storedThroughMs: beganMs - 60_000,
          waitMs: 2,
        }),
        waitsFor: () => ({ code: 'STORE_UNWRITABLE', sinceMs }),
      });
      expect(status).toMatchObject({
        ...{
          is_reading: true,
          bytes_behind: 1_234,
          messages_behind: 56,
          time_zone: 'UTC',
          lines: 2,
          accepted: 1,
          rejected: 1,
        },
        waits_for: { code: 'STORE_UNWRITABLE', since: '2024-10-03T07:59:00.000Z' },
        last_event: '1970-01-01T00:00:00.005Z',
        watermark: '1970-01-01T00:00:00.003Z',
        sources: { live: 1, finished: 0, retired: 0 },
      });
      const answeredMs = Date.parse(String(status.time));
      expect(answeredMs).toBeGreaterThanOrEqual(beganMs);
      expect(status.seconds_behind).toBe((answeredMs - beganMs + 60_000) / 1000);
    });

    test('is that of after a commit as soon as the commit is done', async () => {
      const url = await serveStore();
      for (const [i, id] of ['a', 'b', 'c'].entries()) {
        await addLogs(store, id);
        const { lines, sources } = (await (await fetch(`${url}/v1/status`)).json()) as {
          lines: number;
          sources: { live: number };
        };
        expect([lines, sources.live]).toEqual([2 * (i + 1), i + 1]);
      }
    });
  });
});
