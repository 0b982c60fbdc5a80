/** A connection to a broker, with something at its other end that answers in any way. */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import * as client from '@platformatic/kafka';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { KafkaAccess } from '../../../src/source/kafka/access.ts';
import { FrameConnection } from '../../../src/source/kafka/frame-connection.ts';
import { clientError } from '../../../src/source/kafka/kafka-error.ts';
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

async function connectedTo(handle: Handle, access: KafkaAccess = ACCESS): Promise<FrameConnection> {
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
  return await FrameConnection.open(client, { host: '127.0.0.1', port }, access, () => 0);
}

/** As a broker frames it: length, number, empty tags, body. */
const framed = (id: number, body: string) => taggedFrame(id, Buffer.from(body));

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
        const answers = await Promise.all(texts.map((text) => echo(connection.asClients, text)));
        expect(answers).toEqual(texts.map((text) => text.repeat(Number(text.split('.')[1]))));
        connection.close();
      },
    ),
    20,
  );
});

function withLength(frame: Buffer, length: number): Buffer {
  frame.writeInt32BE(length, 0);
  return frame;
}

test.each<[string, (id: number) => Buffer | undefined]>([
  ['another number', (id) => framed(id + 1, 'x')],
  ['a length below zero', () => Buffer.alloc(8, 0xff)],
  ['a length that no answer has', (id) => withLength(framed(id, 'x'), 2 ** 31 - 1)],
  ['nothing, and the connection closes', () => undefined],
])('all who wait hear where a broker answers with %s', async (_, answer) => {
  const connection = await connectedTo((socket, { id }) => {
    const bytes = answer(id);
    if (bytes) socket.write(bytes);
    else socket.end();
  });
  const asked = ['a', 'b'].map((text) => echo(connection.asClients, text));
  for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
  expect(connection.isUsable).toBe(false);
  await expect(echo(connection.asClients, 'c')).rejects.toThrow();
});

test('it ends when what was asked is answered', async () => {
  const connection = await connectedTo((socket, { id, text }) => socket.write(framed(id, text)));
  const answer = echo(connection.asClients, 'a');
  connection.end();
  expect(await answer).toBe('a');
  expect(connection.isUsable).toBe(false);
});

test('the alert of a broker that wants TLS is known at once, though the broker keeps the connection open', async () => {
  const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46]);
  const connection = await connectedTo((socket) => socket.write(alert));
  await expect(echo(connection.asClients, 'a')).rejects.toMatchObject({ code: 'PLT_KFK_USER' });
});

test('an answer that cannot be read is the error of whoever asked, and the next one is read', async () => {
  const connection = await connectedTo((socket, { id, text }) => socket.write(framed(id, text)));
  const refused = client.createAPI<[], never>(
    API,
    VERSION,
    () => client.Writer.create().appendString('x'),
    () => {
      throw new Error('unreadable');
    },
  ).async as (asked: client.Connection) => Promise<never>;
  const both = [refused(connection.asClients), echo(connection.asClients, 'a')] as const;
  await expect(both[0]).rejects.toThrow('unreadable');
  expect(await both[1]).toBe('a');
  connection.close();
});

const SCRAM = { mechanism: 'SCRAM-SHA-256', username: 'u', password: 'p' } as const;
/** No error, and no mechanisms; no error, no message, and this text, empty tags, and a session without end. */
const handshake = Buffer.alloc(6);
const authenticated = (text: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, text.length + 1]), Buffer.from(text), Buffer.alloc(9)]);

test.each<[string, string, Handle]>([
  ['goes away while somebody logs in', 'KAFKA_UNAVAILABLE', (socket) => socket.end()],
  [
    'says nothing that the client understands',
    'KAFKA_REFUSED',
    (socket, { id }) =>
      socket.write(id === 1 ? plainFrame(id, handshake) : taggedFrame(id, authenticated(''))),
  ],
  [
    'leaves out what a log-in needs',
    'KAFKA_UNAVAILABLE',
    (socket, { id }) =>
      socket.write(id === 1 ? plainFrame(id, handshake) : taggedFrame(id, authenticated('i=4096'))),
  ],
])('a broker that %s is an error with a code: %s', async (_, code, handle) => {
  const opening = connectedTo(handle, { ...ACCESS, sasl: SCRAM });
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  expect(clientError(error, 'It cannot be asked').code).toBe(code);
});

function plainFrame(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + body.length, 0);
  head.writeInt32BE(id, 4);
  return Buffer.concat([head, body]);
}

const taggedFrame = (id: number, body: Buffer) => plainFrame(id, Buffer.concat([Buffer.alloc(1), body]));
