import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { emptyStore, getRaw, sendRaw, serve } from './support.ts';

/** Each with the words that tell what is wrong. */
const INVALID = {
  '/customers/c/stats': '`from` is missing',
  '/customers/c/stats?to=2024-10-02': '`from` is missing',
  '/customers/c/stats?From=2024-10-02': '`from` is missing',
  '/customers/c/stats?from=': '`from` is malformed',
  '/customers/c/stats?from=yesterday': '`from` is malformed',
  '/customers/c/stats?from=2024-10-2': '`from` is malformed',
  '/customers/c/stats?from=2024-10-02T00:00:00Z': '`from` is malformed',
  '/customers/c/stats?from=2024-02-30': '`from` is malformed',
  '/customers/c/stats?from=2023-02-29': '`from` is malformed',
  '/customers/c/stats?from=2024-13-01': '`from` is malformed',
  '/customers/c/stats?from=0000-01-01': '`from` is malformed',
  '/customers/c/stats?from=+2024-10-02': '`from` is malformed',
  '/customers/c/stats?from=2024-10-02%0A': '`from` is malformed',
  '/customers/c/stats?from=%ZZ': '`from` is malformed',
  '/customers/c/stats?from=2024-10-02&from=2024-10-03': '`from` is given more than once',
  '/customers/c/stats?from=2024-10-02&to=': '`to` is malformed',
  '/customers/c/stats?from=2024-10-02&to=2024-11-31': '`to` is malformed',
  '/customers/c/stats?from=2024-10-02&to=2024-10-01': '`to` is before `from`',
  '/customers/c/stats?from=2024-10-02&until=2024-10-03': '`until` is not a parameter',
  '/customers/c/stats?from=2024-10-02&customer_id=d': '`customer_id` is not a parameter',
  '/customers/c/stats?from[]=2024-10-02': '`from` is missing',
  '/customers//stats?from=2024-10-02': '1 to 255 bytes',
  '/customers/a%00b/stats?from=2024-10-02': 'no control character',
  '/customers/a%0Ab/stats?from=2024-10-02': 'no control character',
  [`/customers/${'a'.repeat(256)}/stats?from=2024-10-02`]: '1 to 255 bytes',
  [`/customers/${encodeURIComponent('é'.repeat(128))}/stats?from=2024-10-02`]: '1 to 255 bytes',
  [`/customers/${'a'.repeat(5000)}/stats?from=2024-10-02`]: 'too long',
  '/stats?from=2024-10-02': '`customer_id` is missing',
  '/stats?from=2024-10-02&customer_id=': '1 to 255 bytes',
  '/stats?customer_id=c': '`from` is missing',
  '/stats?from=2024-10-02&customer_id=c&customer_id=d': '`customer_id` is given more than once',
};

test('a missing or malformed part answers 422 and names the part', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const [path, words] of Object.entries(INVALID)) {
    const answer = await getRaw(url, path);
    expect([path, answer.status]).toEqual([path, 422]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    const problem = JSON.parse(answer.body);
    expect([path, problem.code]).toEqual([path, 'INVALID_REQUEST']);
    expect(problem.detail).toContain(words);
  }
});

test('malformed percent-encoding answers 400', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const path of [
    '/customers/%/stats?from=2024-10-02',
    '/customers/%ZZ/stats?from=2024-10-02',
    '/customers/%2/stats?from=2024-10-02',
    '/customers/%FF/stats?from=2024-10-02',
    '/customers/%C3/stats?from=2024-10-02',
    '/customers/%ED%A0%80/stats?from=2024-10-02',
    '/customers/%C0%AF/stats?from=2024-10-02',
    '/stats?from=2024-10-02&customer_id=%ZZ',
    '/stats?from=2024-10-02&customer_id=%FF',
    '/stats?from=2024-10-02&customer_id=%ED%A0%80',
  ]) {
    const answer = await getRaw(url, path);
    expect([path, answer.status]).toEqual([path, 400]);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'BAD_REQUEST', status: 400 });
  }
});

test('bytes that are not percent-encoded are refused, not taken for another customer', async () => {
  const url = await serve({ store: await emptyStore() });
  const answer = await getRaw(url, '/customers/é/stats?from=2024-10-02');
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'BAD_REQUEST' });
});

test('what is not HTTP answers a problem and closes the connection', async () => {
  const url = await serve({ store: await emptyStore() });
  const longHeader = `GET / HTTP/1.1\r\nHost: test\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`;
  for (const [message, status] of [
    ['hello\r\n\r\n', 400],
    ['GET / HTTP/9.9\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n', 400],
    ['\x16\x03\x01\x02\x00\x01\x00', 400],
    [longHeader, 431],
  ] as const) {
    const answer = await sendRaw(url, message);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', connection: 'close' });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'BAD_REQUEST', status });
  }
});

test('a client that hangs up in the middle of its request harms nobody', async () => {
  const url = await serve({ store: await emptyStore() });
  const { hostname, port } = new URL(url);
  for (const half of [
    '',
    'GET /customers/c/st',
    'GET /customers/c/stats?from=2024-10-02 HTTP/1.1\r\nHost: t\r\n\r\n',
  ]) {
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.write(half, resolve));
    socket.resetAndDestroy();
  }
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
});
