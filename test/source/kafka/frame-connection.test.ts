/** The connection for fetched answers, with something at its other end that answers in any way. */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import * as client from '@platformatic/kafka';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { FrameConnection } from '../../../src/source/kafka/frame-connection.ts';
import { checkAsync } from '../../support/property.ts';

const API = 1;
const VERSION = 13;
const ACCESS = { brokers: [], tls: undefined, sasl: undefined };

/** Asks for a text, and gets what comes. */
const echo = client.createAPI<[string], string>(
  API,
  VERSION,
  (text) => client.Writer.create().appendString(text),
  (_, __, ___, { buffer, position }) => buffer.buffer.subarray(position).toString(),
).async as (connection: client.Connection, text: string) => Promise<string>;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Handle = (socket: Socket, asked: { readonly id: number; readonly text: string }) => void;

async function connectedTo(handle: Handle): Promise<FrameConnection> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const request = received.subarray(4, 4 + received.readInt32BE(0));
        received = received.subarray(4 + request.length);
        // Key, version, id, name of the client, tags; a text of less than 127 bytes.
        const from = 8 + 2 + request.readInt16BE(8) + 1;
        handle(socket, { id: request.readInt32BE(4), text: request.subarray(from + 1).toString() });
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return await FrameConnection.open(client, { host: '127.0.0.1', port }, ACCESS, () => 0);
}

/** As a broker frames it: length, number, empty tags, body. */
function framed(id: number, body: string): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(9);
  head.writeInt32BE(5 + bytes.length, 0);
  head.writeInt32BE(id, 4);
  return Buffer.concat([head, bytes]);
}

test('answers come to whoever asked, however they are cut on the way', async () => {
  await checkAsync(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
      async (lengths, cuts) => {
        let cut = 0;
        const connection = await connectedTo(async (socket, { id, text }) => {
          const bytes = framed(id, text.repeat(Number(text.split('.')[1])));
          for (let from = 0; from < bytes.length; ) {
            const to = from + (cuts[cut++ % cuts.length] as number);
            socket.write(bytes.subarray(from, to));
            from = to;
          }
        });
        const texts = lengths.map((length, i) => `${i}.${Math.floor(length / 8)}`);
        const answers = await Promise.all(texts.map((text) => connection.ask((asked) => echo(asked, text))));
        expect(answers).toEqual(texts.map((text) => text.repeat(Number(text.split('.')[1]))));
        connection.close();
      },
    ),
    20,
  );
});

test.each<[string, (id: number) => Buffer | undefined]>([
  ['another number', (id) => framed(id + 1, 'x')],
  ['a length below zero', () => Buffer.alloc(8, 0xff)],
  ['the alert of TLS', () => Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46, 0x00])],
  ['nothing, and the connection closes', () => undefined],
])('all who wait hear where a broker answers with %s', async (_, answer) => {
  const connection = await connectedTo((socket, { id }) => {
    const bytes = answer(id);
    if (bytes) socket.write(bytes);
    else socket.end();
  });
  const asked = ['a', 'b'].map((text) => connection.ask((one) => echo(one, text)));
  for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
  expect(connection.isUsable).toBe(false);
  await expect(connection.ask((one) => echo(one, 'c'))).rejects.toThrow();
});

test('it ends when what was asked is answered', async () => {
  const connection = await connectedTo((socket, { id, text }) => socket.write(framed(id, text)));
  const answer = connection.ask((one) => echo(one, 'a'));
  connection.end();
  expect(await answer).toBe('a');
  expect(connection.isUsable).toBe(false);
});
