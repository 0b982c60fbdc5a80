/** Compressed answers. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { fastify } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeStreams } from '../../src/api/encoding.ts';
import { MAX_DAYS_IN_ONE_PIECE, MAX_ENCODED_STREAMS, MAX_STREAMED_ANSWERS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { deltaOf, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

const MONTH = '/customers/cust_1/stats?from=1970-01-01&to=1970-01-31';
const DAY = '/customers/cust_1/stats?from=1970-01-01&to=1970-01-01';
const LONG = '/customers/cust_1/stats?from=1970-01-01';
const DAYS = MAX_DAYS_IN_ONE_PIECE + 2_000;

const DECODERS = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync } as const;
const ENCODINGS = Object.keys(DECODERS) as (keyof typeof DECODERS)[];

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Asks as it stands: `fetch` would decode the body. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const sent = request(url, { method, headers, agent: false }).end();
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(await answer.toArray()) };
}

const accepting = (encoding: string) => ({ 'accept-encoding': encoding });

/** The body as it was before it was encoded. */
function decoded({ headers, body }: Answer): string {
  const encoding = headers['content-encoding'] as keyof typeof DECODERS | undefined;
  return (encoding === undefined ? body : DECODERS[encoding](body)).toString();
}

async function filledStore(): Promise<Store> {
  const store = await emptyStore();
  const deltas = Array.from({ length: DAYS }, (_, day) => deltaOf('cust_1', dateOfDay(day), [SUCCESS]));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
  return store;
}

test('an answer has the encoding that the client likes best, and is the same when decoded', async () => {
  const url = await serve({ store: await filledStore() });
  const plain = await ask(url + MONTH);
  expect(plain.headers['content-encoding']).toBeUndefined();
  for (const [header, encoding] of [
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['zstd', 'zstd'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=0.9, br;q=0.1, zstd;q=0', 'gzip'],
    ['zstd;q=0.5, *;q=0.9', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'zstd'],
    ['identity;q=0, gzip;q=0.001', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['deflate', undefined],
    ['gzip;q=0', undefined],
    ['', undefined],
  ] as const) {
    for (const path of header.includes(',') ? [MONTH] : [MONTH, `${MONTH}&format=csv`, LONG]) {
      const answer = await ask(url + path, accepting(header));
      expect([header, path, answer.status, answer.headers['content-encoding']]).toEqual([
        ...[header, path, 200, encoding],
      ]);
      expect(decoded(answer)).toBe((await ask(url + path)).body.toString());
      if (encoding) expect(answer.body.length).toBeLessThan(decoded(answer).length / 2);
      expect(answer.headers.vary).toMatch(/\bAccept-Encoding$/);
    }
  }
  expect(plain.headers.vary).toBe('Accept, Accept-Encoding');
});

test('a short answer, an error and a picture stay as they are', async () => {
  const url = await serve({ store: await filledStore() });
  for (const [path, status] of [
    [DAY, 200],
    ['/customers/cust_1/stats', 422],
    ['/nothing', 404],
    ['/docs/static/favicon-32x32.png', 200],
  ] as const) {
    const answer = await ask(url + path, accepting('gzip, br, zstd'));
    expect([path, answer.status, answer.headers['content-encoding']]).toEqual([path, status, undefined]);
    expect(answer.body).toEqual((await ask(url + path)).body);
  }
});

test('a client that refuses unencoded answers gets none, or 406 if it takes no encoding either', async () => {
  const url = await serve({ store: await filledStore() });
  const answer = await ask(url + DAY, accepting('identity;q=0, br'));
  expect([answer.headers['content-encoding'], decoded(answer)]).toEqual([
    ...['br', (await ask(url + DAY)).body.toString()],
  ]);
  for (const header of ['identity;q=0', '*;q=0', 'deflate, identity;q=0.0']) {
    for (const path of [DAY, LONG, '/openapi.json']) {
      const { status, headers, body } = await ask(url + path, accepting(header));
      expect([header, status, headers['content-type']]).toEqual([header, 406, 'application/problem+json']);
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'NOT_ACCEPTABLE' });
    }
  }
});

test('each encoding has a tag of its own, and only that one is current for who accepts it', async () => {
  const url = await serve({ store: await filledStore() });
  const tags = new Map<string, string>();
  for (const encoding of ['identity', ...ENCODINGS])
    tags.set(encoding, (await ask(url + MONTH, accepting(encoding))).headers.etag ?? '');
  expect(new Set(tags.values()).size).toBe(4);
  for (const tag of tags.values()) expect(tag).toMatch(/^"[^"]+"$/);
  for (const [accepted, current] of tags) {
    for (const tag of tags.values()) {
      const answer = await ask(url + MONTH, { ...accepting(accepted), 'if-none-match': `"x", ${tag}` });
      expect([accepted, tag, answer.status]).toEqual([accepted, tag, tag === current ? 304 : 200]);
      expect(answer.headers.etag).toBe(current);
      expect(answer.headers.vary).toBe('Accept, Accept-Encoding');
    }
    const any = await ask(url + MONTH, { ...accepting(accepted), 'if-none-match': '*' });
    expect([any.status, any.body.length, any.headers['content-encoding']]).toEqual([304, 0, undefined]);
  }
});

test('HEAD has the headers of GET', async () => {
  const url = await serve({ store: await filledStore() });
  for (const path of [
    DAY,
    MONTH,
    LONG,
    `${LONG}&format=csv`,
    '/openapi.json',
    '/docs/static/swagger-ui.css',
  ]) {
    for (const encoding of ['identity', ...ENCODINGS]) {
      const [got, head] = [
        await ask(url + path, accepting(encoding)),
        await ask(url + path, accepting(encoding), 'HEAD'),
      ];
      const [headers, headersOfHead] = [got, head].map((answer) => lastingHeaders(answer.headers));
      expect([path, encoding, head.body.length, headersOfHead]).toEqual([path, encoding, 0, headers]);
    }
  }
});

/** Each answer has a time and an id of its own. A body of unknown length is sent in chunks, and HEAD has none. */
function lastingHeaders(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { date: _, 'x-request-id': __, 'transfer-encoding': ___, ...others } = headers;
  return others;
}

describe.each(ENCODINGS)('a long answer in %s', (encoding) => {
  test('that breaks off does not look whole', async () => {
    const store = await filledStore();
    const failing: Store = Object.assign(Object.create(store), {
      dataVersion: () => store.dataVersion(),
      windows: (query: Parameters<Store['windows']>[0]) => store.windows(query),
      async *windowPages(query: Parameters<Store['windowPages']>[0]) {
        let pages = 0;
        for await (const page of store.windowPages(query)) {
          if (++pages === 8) throw new Error('the database went away');
          yield page;
        }
      },
    });
    const url = await serve({ store: failing });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (data) => chunks.push(data));
    const failed = once(socket, 'close').then(
      ([hadError]) => hadError,
      () => true,
    );
    socket.on('error', () => undefined);
    socket.write(`GET ${LONG} HTTP/1.1\r\nHost: test\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
    expect(await failed).toBe(true);
    expect(Buffer.concat(chunks).toString('latin1')).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  test('takes nothing with it when its client leaves', async () => {
    const url = await serve({ store: await filledStore() });
    for (let i = 0; i < 2 * MAX_STREAMED_ANSWERS + MAX_ENCODED_STREAMS; i++) {
      const sent = get(url + LONG, { headers: accepting(encoding), agent: false });
      sent.on('error', () => undefined);
      const [answer] = await once(sent, 'response');
      answer.on('error', () => undefined);
      sent.destroy();
    }
    const answer = await ask(url + LONG, accepting(encoding));
    expect([answer.headers['content-encoding'], JSON.parse(decoded(answer)).length]).toEqual([
      encoding,
      DAYS,
    ]);
  });
});

test('beyond the bound streams are sent as they are, until others have ended', async () => {
  const app = fastify();
  encodeStreams(app);
  const bodies: Readable[] = [];
  app.get('/', (_request, reply) => {
    const body = new Readable({ read: () => undefined });
    body.push(randomBytes(256 * 1024));
    bodies.push(body);
    return reply.type('text/plain').send(body);
  });
  onTestFinished(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const open = async () => {
    const sent = get(url, { headers: accepting('gzip'), agent: false });
    sent.on('error', () => undefined);
    const [answer] = await once(sent, 'response');
    answer.resume().on('error', () => undefined);
    return { sent, encoding: answer.headers['content-encoding'] };
  };
  const encodings: unknown[] = [];
  for (let i = 0; i <= MAX_ENCODED_STREAMS; i++) encodings.push((await open()).encoding);
  expect(encodings).toEqual([...Array(MAX_ENCODED_STREAMS).fill('gzip'), undefined]);
  const closed = once(bodies[0]!, 'close');
  bodies[0]!.push(null);
  await closed;
  await expect.poll(async () => (await open()).encoding).toBe('gzip');
  for (const body of bodies) body.destroy();
});
