/** What HTTP asks of every request, sent as bytes. */

import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { MAX_REQUEST_BODY_BYTES } from '../../src/limits.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, getRaw, type RawAnswer, sendRaw, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';
const OTHER = '/nothing';

/** More headers than Node hands over by itself. */
const MANY = 'X:a\r\n'.repeat(2_500);

const serveEmpty = async (): Promise<string> => serve({ store: await emptyStore() });

function expectProblem(answer: RawAnswer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({ status });
}

describe('a problem document answers, and the connection ends, where', () => {
  test.each([
    ['Host is missing', `GET ${STATS} HTTP/1.1\r\n\r\n`, 400],
    [
      'Host is given again behind many headers',
      `GET ${STATS} HTTP/1.1\r\nHost: a\r\n${MANY}Host: b\r\n\r\n`,
      400,
    ],
    ['Host is missing, and nothing is there', `GET ${OTHER} HTTP/1.1\r\n\r\n`, 400],
    ['Host is given twice', `GET ${STATS} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, 400],
    ['Host is given twice, the same', `GET ${STATS} HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n`, 400],
    ['Host is given twice in HTTP/1.0', `GET ${STATS} HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n`, 400],
    ['Host is malformed', `GET ${STATS} HTTP/1.1\r\nHost: a b/c\r\n\r\n`, 400],
    ['Host is a list', `GET ${STATS} HTTP/1.1\r\nHost: a, b\r\n\r\n`, 400],
    ['Expect is not known', `GET ${STATS} HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n`, 417],
    ['a tunnel is asked for', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 405],
    ['the version has no headers', `GET ${STATS}\r\n\r\n`, 400],
    ['the version is another one', `GET ${STATS} HTTP/2.0\r\nHost: a\r\n\r\n`, 400],
    ['HTTP/2 begins', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['the method is unknown', `FOO ${STATS} HTTP/1.1\r\nHost: a\r\n\r\n`, 501],
    ['the method is very long', `${'A'.repeat(40_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`, 501],
    ['the target has another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['lines end with LF alone', `GET ${STATS} HTTP/1.1\nHost: a\n\n`, 400],
    ['a header holds a CR', `GET ${STATS} HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n`, 400],
    ['a header is folded', `GET ${STATS} HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n`, 400],
    ['a space stands before a colon', `GET ${STATS} HTTP/1.1\r\nHost : a\r\n\r\n`, 400],
    [
      'the length is given in two ways',
      `GET ${STATS} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'the length is given twice',
      `GET ${STATS} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      400,
    ],
    ['a body is too long', `GET ${STATS} HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\nab`, 413],
  ] as const)('%s', async (_name, message, status) => {
    const answer = await sendRaw(await serveEmpty(), message);
    expectProblem(answer, status);
    expect(answer.headers.connection).toBe('close');
    expect(answer.headers.date).toBeDefined();
  });
});

test('HTTP/1.0 does without Host, and an empty one or one with a port is well', async () => {
  const url = await serveEmpty();
  for (const start of [
    'HTTP/1.0\r\n',
    'HTTP/1.1\r\nHost:\r\n',
    'HTTP/1.1\r\nHost: [::1]:80\r\n',
    'HTTP/1.1\r\nHost: bücher.example:8888\r\n'.replace('ü', '%C3%BC'),
  ])
    expect((await sendRaw(url, `GET ${STATS} ${start}Connection: close\r\n\r\n`)).status).toBe(200);
});

test('a URL that was asked before is still held to the rules', async () => {
  const url = await serveEmpty();
  for (let i = 0; i < 3; i++) expect((await getRaw(url, STATS)).status).toBe(200);
  expectProblem(await sendRaw(url, `GET ${STATS} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`), 400);
});

test('the whole URL as a target asks for its path', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const url = await serve({ store });
  const { body } = await getRaw(url, STATS);
  for (const origin of ['http://test', 'HTTP://other:80', 'https://test'])
    expect(await getRaw(url, origin + STATS)).toMatchObject({ status: 200, body });
  const startPage = await getRaw(url, '/');
  expect((await getRaw(url, 'http://test')).body).toBe(startPage.body);
  expect((await getRaw(url, 'http://test?a=b')).body).toBe(startPage.body);
});

test('`*` is no page: OPTIONS is told what the server takes, and nothing else has a use for it', async () => {
  const url = await serveEmpty();
  const ask = (method: string) =>
    sendRaw(url, `${method} * HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);
  expect(await ask('OPTIONS')).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD' }, body: '' });
  expectProblem(await ask('GET'), 400);
  expectProblem(await ask('POST'), 400);
  expect(await ask('HEAD')).toMatchObject({ status: 400, body: '' });
});

test('a client that waits to be told to send its body is answered without it', async () => {
  const url = await serveEmpty();
  const head = `HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`;
  for (const [method, status] of [
    ['GET', 200],
    ['POST', 405],
  ] as const) {
    const answer = await sendRaw(url, `${method} ${STATS} ${head}`);
    expect([answer.status, answer.headers.connection]).toEqual([status, 'close']);
  }
});

test('an offer to change the protocol is passed over', async () => {
  const url = await serveEmpty();
  for (const protocol of ['websocket', 'h2c']) {
    const message = `GET ${STATS} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`;
    expect((await sendRaw(url, message)).status).toBe(200);
  }
});

test('a client that hangs up on the answer to CONNECT harms nobody', async () => {
  const url = await serveEmpty();
  const { hostname, port } = new URL(url);
  for (let i = 0; i < 20; i++) {
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', resolve));
    socket.resetAndDestroy();
  }
  expect((await getRaw(url, STATS)).status).toBe(200);
});

test('a fault in a request does not swallow the answers to those before it', async () => {
  const url = await serveEmpty();
  const good = `GET ${STATS} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const { body } = await sendRaw(url, `${good}${good}BAD\r\n\r\n`);
  const statuses = `HTTP/1.1 200 OK\r\n${body}`.match(/HTTP\/1\.1 \d+/g);
  expect(statuses).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
});

/** Sends a body for as long as the server takes it. @returns what it answered, and how much it took. */
async function sendEndlessly(url: string, head: string, piece: Buffer) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket
    .on('error', () => undefined)
    .on('data', (data) => {
      text += data;
    });
  socket.write(head);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  while (!socket.destroyed && socket.bytesWritten < 300_000_000) {
    if (socket.write(piece)) await new Promise(setImmediate);
    else await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
  }
  socket.destroy();
  return { text, bytes: socket.bytesWritten };
}

test('a body without end is not read, whatever the method and the path', async () => {
  const url = await serveEmpty();
  const chunk = Buffer.from(`10000\r\n${'a'.repeat(0x10000)}\r\n`);
  for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
    for (const path of [STATS, '/', OTHER, '/%zz']) {
      const start = `${method} ${path} HTTP/1.1\r\nHost: a\r\n`;
      for (const headers of [
        'Transfer-Encoding: chunked\r\n\r\n',
        'Content-Length: 300000000\r\n\r\n',
        `${MANY}Transfer-Encoding: chunked\r\n\r\n`,
      ]) {
        const { text, bytes } = await sendEndlessly(url, start + headers, chunk);
        // What the kernel took before the connection ended.
        expect([method, path, bytes < 30_000_000]).toEqual([method, path, true]);
        expect(text).toMatch(/^(HTTP\/1\.1 (200|400|404|405|413) .*\r\nconnection: close|$)/is);
      }
    }
  }
});

test('a short body is thrown away, and the connection goes on', async () => {
  const url = await serveEmpty();
  const body = 'a'.repeat(MAX_REQUEST_BODY_BYTES);
  const first = `GET ${STATS} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const answer = await sendRaw(url, `${first}GET ${OTHER} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('HTTP/1.1 404');
});

test('HEAD answers every path with the headers of GET, and no body', async () => {
  const url = await serveEmpty();
  for (const path of [
    STATS,
    '/customers/cust_1/stats',
    '/',
    '/openapi.json',
    '/health/live',
    '/docs',
    OTHER,
  ]) {
    const [get, head] = [await getRaw(url, path), await headRaw(url, path)];
    const { date: _, 'x-request-id': __, ...headers } = get.headers;
    expect(head).toMatchObject({ status: get.status, headers, body: '' });
  }
});

function headRaw(url: string, path: string): Promise<RawAnswer> {
  return sendRaw(url, `HEAD ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);
}
