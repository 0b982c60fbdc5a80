/** What HTTP asks of every operation: forms, tags, HEAD, other methods, other origins. The document names the operations. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NO_NAMES } from '../../src/api/customer-names.ts';
import { INPUT_WORDS } from '../../src/commands/cli/input-words.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { Store } from '../../src/store/contract.ts';
import { pipelineOf } from '../support/pipeline.ts';
import { readParquet } from '../support/read-parquet.ts';
import { scanSettings } from '../support/scan-settings.ts';
import { operationQueries } from './operation-queries.ts';
import { parseCsv, rowsOfNdjson } from './rows.ts';
import { emptyStore, serve } from './support.ts';

const RANGE = 'from=2024-10-01&to=2024-10-31';
const ID = encodeURIComponent('=1+1');

const QUERIES = operationQueries('=1+1', RANGE, '2024-10-02');

interface Declared {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: { readonly format?: string };
  }[];
  readonly responses: Readonly<Record<string, Declared>>;
}

/** Logs whose names, customers, paths and broken lines are formulas to a spreadsheet. The last one changes final days. */
const LOGS = {
  '=a.log': [
    '2024-10-02 05:10:46 =1+1 =cmd|calc 200 0.316',
    '=HYPERLINK("http://evil.example")',
    '2024-10-02 07:10:46 +2 /orders/17 500 1.316',
    '2024-10-20 05:10:46 =1+1 /orders/18 200 0.1',
  ],
  'late.log': ['2024-10-02 06:00:00 =1+1 /orders 404 0.2', '2024-10-20 05:10:46 @x /orders/18 200 0.1'],
};

async function filledStore(): Promise<Store> {
  const store = await emptyStore();
  const directory = mkdtempSync(join(tmpdir(), 'daymark-operations-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, lines] of Object.entries(LOGS)) {
    writeFileSync(join(directory, name), lines.map((line) => `${line}\n`).join(''));
    const source = new FilesSource([directory]);
    await pipelineOf({
      ...{ source, store, isFollowing: false, signal: new AbortController().signal },
      scan: { ...scanSettings('default'), endpoints: { kind: 'auto' } },
      ...{ pause: async () => undefined, systemTimeMs: () => 0, eventTime: { waitMs: 3_600_000 } },
    }).run();
    source.close();
  }
  await store.links.add(
    {
      ...{ id: '0123456789abcdef', customer: '=1+1', kind: 'page', name: '=cmd', createdBy: '@x' },
      ...{ createdMs: 1, expiresMs: 2 },
    },
    { forgetBeforeMs: { page: 0, embed: 0 }, most: 9 },
  );
  return store;
}

/** Supervisors ask these in many ways, and look at the status only. */
const isHealth = (operationId: string) => operationId === 'isLive' || operationId === 'isReady';

/** Every operation with its question. */
async function serveAll(options: { readonly corsOrigins?: readonly string[] } = {}) {
  const customers = { ...NO_NAMES, isPublic: () => true };
  const url = await serve({ store: await filledStore(), words: INPUT_WORDS, customers, ...options });
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const others = (path: string) =>
    Object.keys(paths[path] ?? {}).flatMap((method) => (method === 'get' ? [] : method.toUpperCase()));
  const operations = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, responses, parameters = [] }]) => {
        const asked = `${url}${path.replace('{customer_id}', ID)}?${QUERIES[operationId] ?? 'unknown'}`;
        const methods = others(path);
        return { operationId, method, methods, asked, parameters, success: responses[200] ?? {} };
      }),
    )
    // The text of Prometheus is of one moment, a picture has no other form, and a stream has no end. Their own tests ask them.
    .filter(
      ({ operationId, method }) =>
        !['getMetrics', 'getBadge', 'streamEvents'].includes(operationId) && method === 'get',
    );
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(QUERIES).sort());
  return operations;
}

/** The rows of an answer in JSON; one object is one row. */
function rowsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  // Who asks may read any number of customers.
  if ('role' in (body as object)) return [body];
  const names = ['customers', 'endpoints', 'days', 'sources', 'changes', 'rejected', 'links'];
  const lists = names.map((name) => (body as Record<string, unknown>)[name]).filter(Array.isArray);
  return lists[0] ?? [body];
}

const typeOf = (answer: Response) => (answer.headers.get('content-type') ?? '').split(';')[0];

test('every operation comes in each form that the document names for it, with the same rows', async () => {
  for (const { operationId, asked, success } of await serveAll()) {
    const rows = rowsOf(await (await fetch(asked)).json());
    expect([operationId, rows.length > 0]).toEqual([operationId, true]);
    const types = Object.keys(success.content ?? {});
    expect([operationId, types]).toEqual([operationId, expect.arrayContaining(['application/json'])]);
    const counts: number[] = [];
    for (const accept of types) {
      const answer = await fetch(asked, { headers: { accept } });
      expect([operationId, answer.status, typeOf(answer)]).toEqual([operationId, 200, accept]);
      if (accept === 'application/json') expect(rowsOf(await answer.json())).toHaveLength(rows.length);
      else if (accept === 'application/x-ndjson') expect(rowsOfNdjson(await answer.text())).toEqual(rows);
      else if (accept === 'text/csv') {
        const cells = parseCsv(await answer.text()).slice(1);
        for (const cell of cells.flat()) expect([operationId, cell]).toEqual([operationId, notFormula(cell)]);
        counts.push(cells.length);
      } else counts.push((await readParquet(new Uint8Array(await answer.arrayBuffer()))).rows.length);
    }
    expect([operationId, new Set(counts).size]).toEqual([operationId, types.length > 1 ? 1 : 0]);
    if (types.length === 1 && !isHealth(operationId))
      expect((await fetch(asked, { headers: { accept: 'text/csv' } })).status).toBe(406);
  }
});

/** A cell that no spreadsheet takes for a formula. Numbers may have a sign. */
const notFormula = (cell: string) => (/^[=@\t\r]|^[+-](?![\d.]+(e-?\d+)?$)/.test(cell) ? `'${cell}` : cell);

test('`format` gives the same as `Accept`, on every operation that is a list', async () => {
  for (const { asked, success } of await serveAll()) {
    if (success.content?.['text/csv'] === undefined) continue;
    for (const [format, accept] of Object.entries({ csv: 'text/csv', ndjson: 'application/x-ndjson' })) {
      const joined = `${asked}${asked.endsWith('?') ? '' : '&'}format=${format}`;
      const [byFormat, byHeader] = [await fetch(joined), await fetch(asked, { headers: { accept } })];
      expect([joined, typeOf(byFormat), await byFormat.text()]).toEqual([
        ...[joined, accept, await byHeader.text()],
      ]);
    }
  }
});

test('every operation has the tag that the document names, alone, in a list and for `*`, or is never kept', async () => {
  for (const { asked, success } of await serveAll()) {
    const { headers } = await fetch(asked);
    const tag = headers.get('etag');
    expect([asked, tag !== null]).toEqual([asked, success.headers?.ETag !== undefined]);
    if (tag === null) {
      expect([asked, headers.get('cache-control')]).toEqual([asked, 'no-store']);
      continue;
    }
    for (const header of [tag, `W/${tag}`, `"a", ${tag} , "b"`, '*']) {
      const answer = await fetch(asked, { headers: { 'if-none-match': header } });
      expect([asked, header, answer.status, answer.headers.get('etag')]).toEqual([asked, header, 304, tag]);
      expect(await answer.text()).toBe('');
    }
    for (const header of ['"a", "b"', tag.slice(0, -1)])
      expect([asked, (await fetch(asked, { headers: { 'if-none-match': header } })).status]).toEqual([
        ...[asked, 200],
      ]);
  }
});

test('every operation takes HEAD, and no method and no parameter that the document does not name', async () => {
  for (const { operationId, methods, asked } of await serveAll()) {
    const [get, head] = [await fetch(asked), await fetch(asked, { method: 'HEAD' })];
    expect([asked, head.status, await head.text()]).toEqual([asked, 200, '']);
    for (const name of ['content-type', 'content-length', 'etag', 'vary', 'link', 'cache-control'])
      expect([asked, name, head.headers.get(name)]).toEqual([asked, name, get.headers.get(name)]);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (methods.includes(method)) continue;
      const refused = await fetch(asked, { method });
      expect([asked, method, refused.status, refused.headers.get('allow')]).toEqual([
        ...[asked, method, 405, ['GET, HEAD', ...methods].join(', ')],
      ]);
    }
    const unknown = await fetch(`${asked}&unknown=1`);
    expect([asked, unknown.status]).toEqual([asked, isHealth(operationId) ? 200 : 422]);
  }
});

test('every parameter that is malformed is named, with the rule for it', async () => {
  for (const { asked, parameters } of await serveAll())
    for (const { name, in: place, schema } of parameters) {
      if (place !== 'query') continue;
      const url = new URL(asked);
      url.searchParams.set(name, '\u0001');
      const answer = await fetch(url);
      const { detail } = (await answer.json()) as { detail: string };
      expect([url.href, answer.status, detail]).toEqual([
        url.href,
        422,
        expect.stringContaining(`\`${name}\``),
      ]);
      const isDay = schema.format === 'date';
      expect([url.href, detail, detail.includes('a day of the calendar')]).toEqual([url.href, detail, isDay]);
    }
});

test('every operation may be read by the origins that are set, and by no other', async () => {
  const origin = 'https://app.example.com';
  for (const { asked } of await serveAll({ corsOrigins: [origin] })) {
    for (const [from, allowed] of [
      [origin, origin],
      ['https://evil.example.com', null],
    ] as const) {
      const { status, headers } = await fetch(asked, { headers: { origin: from } });
      expect([asked, status, headers.get('access-control-allow-origin')]).toEqual([asked, 200, allowed]);
      const preflight = await fetch(asked, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'GET' },
      });
      expect([asked, preflight.headers.get('access-control-allow-origin')]).toEqual([asked, allowed]);
    }
  }
});
