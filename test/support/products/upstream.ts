/** A server behind the products: it answers with the status that the path names, or holds its answer back. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../until.ts';

export interface Upstream {
  readonly port: number;
  /** Resolves when the next answer is held back. */
  nextHeld(): Promise<void>;
  /** Resolves when no answer is held back. */
  allAnswered(): Promise<void>;
  stop(): void;
}

export async function startUpstream(): Promise<Upstream> {
  const waiting: (() => void)[] = [];
  let held = 0;
  const server: Server = createServer((request, response) => {
    const { url = '' } = request;
    const status = /\/status\/(\d{3})/.exec(url)?.[1];
    if (status !== undefined) {
      response.writeHead(Number(status)).end();
      return;
    }
    held++;
    for (const resolve of waiting.splice(0)) resolve();
    // Where the product notices that its client is gone, it goes away itself. Where not, it gets an answer.
    const timer = setTimeout(() => response.writeHead(200).end(), HOLD_MS);
    response.on('close', () => {
      held--;
      clearTimeout(timer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    nextHeld: () => new Promise((resolve) => waiting.push(resolve)),
    allAnswered: () => until(() => held === 0),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Long enough for a product to notice that its client is gone, and short enough for a test. */
const HOLD_MS = 1_000;
