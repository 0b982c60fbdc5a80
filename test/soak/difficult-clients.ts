/** Clients that take their time: with their question, with the answer, or with both and then leave. */

import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Choice } from '../support/random-choice.ts';

const MAX_AT_ONCE = 12;
const MAX_SECONDS = 15;

export class DifficultClients {
  readonly #url: URL;
  readonly #choice: Choice;
  readonly #sockets = new Set<Socket>();
  count = 0;

  constructor(url: string, choice: Choice) {
    this.#url = new URL(url);
    this.#choice = choice;
  }

  /** One more comes. It goes by itself, or the API ends its connection. @param credential of an admin. */
  come(credential: string): void {
    if (this.#sockets.size >= MAX_AT_ONCE) return;
    this.count++;
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    if (this.#choice.once(2)) void this.#askSlowly(socket);
    else void this.#readSlowly(socket, credential);
  }

  /** A few bytes of a header, and then a few more. */
  async #askSlowly(socket: Socket): Promise<void> {
    socket.resume();
    const untilMs = performance.now() + this.#choice.below(MAX_SECONDS * 1000);
    socket.write('GET /v1/status HTTP/1.1\r\n');
    while (performance.now() < untilMs && !socket.destroyed) {
      socket.write('X-Slow: yes\r\n');
      await delay(500);
    }
    socket.destroy();
  }

  /** Answers one after the other are asked for, and the connection takes a piece now and then. */
  async #readSlowly(socket: Socket, credential: string): Promise<void> {
    const question = `GET /openapi.json HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${credential}\r\n\r\n`;
    socket.write(question.repeat(4));
    const untilMs = performance.now() + this.#choice.below(MAX_SECONDS * 1000);
    while (performance.now() < untilMs && !socket.destroyed) {
      socket.pause();
      await delay(500);
      socket.resume();
      await delay(1);
    }
    socket.destroy();
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
