import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;

beforeAll(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
afterAll(() => echo.close());
beforeEach(async () => {
  proxy = await startProxy(`tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`);
});
afterEach(() => proxy.close());

test('it passes bytes on both ways, and counts them', async () => {
  const client = await open();
  client.write('hello');
  expect(await heard(client, 5)).toBe('hello');
  expect(proxy).toMatchObject({ bytes: 10, connections: 1, connected: 1 });
});

test('it cuts a connection behind so many bytes', async () => {
  const client = await open();
  proxy.cutAfter(7);
  client.write('world');
  expect(await heard(client)).toBe('wo');
  await eventually(() => proxy.connections).toBe(0);
});

test('silent, it holds what is sent until it is not any more', async () => {
  const client = await open();
  proxy.blackhole(true);
  client.write('late');
  proxy.delay(1);
  const later = await open();
  later.write('later');
  expect(proxy.bytes).toBe(0);
  proxy.blackhole(false);
  expect(await heard(client, 4)).toBe('late');
  expect(await heard(later, 5)).toBe('later');
});

test('swallowing, it throws away what is sent; what was open then stays silent, and new connections work', async () => {
  const client = await open();
  proxy.swallow(true);
  client.write('lost');
  const during = await open();
  during.write('lost, too');
  const passed = proxy.bytes;
  proxy.swallow(false);
  client.write('still lost');
  const later = await open();
  later.end('heard');
  expect(await heard(later, 5)).toBe('heard');
  expect(proxy.bytes).toBe(passed + 2 * 'heard'.length);
});

test('it refuses connections, and takes them at the same port again', async () => {
  const client = await open();
  const closed = heard(client);
  await proxy.refuse(true);
  await closed;
  await expect(open()).rejects.toThrow('ECONNREFUSED');
  await proxy.refuse(false);
  const later = await open();
  later.end('again');
  expect(await heard(later, 5)).toBe('again');
});

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(proxy.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket.on('error', () => undefined);
}

/** What is heard up to so many characters, or to the end of the connection. */
function heard(socket: Socket, length = Number.POSITIVE_INFINITY): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += data;
      if (text.length >= length) resolve(text);
    });
    socket.on('close', () => resolve(text));
  });
}
