/** A real server on a real store, and ways to ask it. */

import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { type AppOptions, buildApp } from '../../src/api/app.ts';
import type { Store } from '../../src/store/contract.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';

/** However late the event loop is: how busy the machine is shall not decide what a test is answered. */
export const UNHURRIED = { maxEventLoopDelayMs: Infinity };

/** Serves a store until the test is over. @returns the URL, without a slash at its end. */
export async function serve(options: AppOptions): Promise<string> {
  const app = await buildApp({ ...UNHURRIED, ...options });
  onTestFinished(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/** An empty place of a store kind, deleted when the test is over. */
export async function placeOf(kind = SQLITE): Promise<StorePlace> {
  const place = await kind.createPlace();
  onTestFinished(() => place.dispose());
  return place;
}

/** A store with its schema. */
export async function emptyStore(kind = SQLITE): Promise<Store> {
  const store = await (await placeOf(kind)).open();
  await store.migrate();
  return store;
}

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends bytes as they are and reads until the server closes the connection: for what `fetch` would put right.
 * @param message asks for the end of the connection, or is one that the server ends.
 */
export async function sendRaw(url: string, message: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(message);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return parseAnswer(Buffer.concat(chunks).toString());
}

/** GET of a path that is sent as it stands. */
export function getRaw(url: string, path: string): Promise<RawAnswer> {
  return sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine, ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  };
}
