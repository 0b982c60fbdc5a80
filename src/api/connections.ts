import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { DEFAULT_MAX_CONNECTIONS, MAX_REFUSALS_UNDER_WAY, RETRY_AFTER_S } from '../limits.ts';
import { problemOf } from './problem.ts';
import { endWithProblem } from './raw-answer.ts';

interface Connection {
  /** Requests that are not answered yet: more than one where a client sends them without waiting. */
  requests: number;
  /** What to do when all of them are answered. */
  whenAnswered: (() => void) | undefined;
}

/**
 * The open connections of one API, on all addresses that it listens on, bounded in number. Each takes a descriptor,
 * and without descriptors neither the store nor the logs can be read.
 *
 * At the bound, the oldest connection on which no request is being answered makes room for a new one: first those
 * that never sent a whole request, then those that were idle for longest. So whoever only holds connections open
 * keeps nobody out, and a client in the middle of its work is left alone. Where all are at work, the new one gets 503.
 */
export class Connections {
  readonly #max: number;
  readonly #servers: Server[] = [];
  readonly #all = new Map<Socket, Connection>();
  /** They never sent a whole request. The order of insertion is that of age. */
  readonly #unused = new Set<Socket>();
  /** All their requests are answered. The one that was used least recently comes first. */
  readonly #idle = new Set<Socket>();
  readonly #refused = new Set<Socket>();

  constructor(max = DEFAULT_MAX_CONNECTIONS) {
    this.#max = max;
  }

  /** How many are open, those that are being refused left out. */
  get size(): number {
    return this.#all.size;
  }

  /** Bounds the connections of a server. Its other listeners never see one that is refused. */
  bound(server: Server): void {
    const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket) => {
      if (this.#makeRoom()) {
        this.#add(socket);
        for (const listener of listeners) listener.call(server, socket);
      } else this.#refuse(socket);
    });
    this.#servers.push(server);
  }

  /** A request has begun. @returns what to call when it is answered, or never will be. */
  beginRequest(socket: Socket): () => void {
    const connection = this.#all.get(socket);
    if (connection === undefined) return () => undefined;
    connection.requests++;
    this.#unused.delete(socket);
    this.#idle.delete(socket);
    return () => this.#endRequest(socket, connection);
  }

  /** Calls `work` when all requests that came over a connection are answered. The last `work` given counts. */
  whenAnswered(socket: Socket, work: () => void): void {
    const connection = this.#all.get(socket);
    if (connection === undefined || connection.requests === 0) work();
    else connection.whenAnswered = work;
  }

  /** Closes those on which nothing was ever sent. */
  closeUnused(): void {
    for (const socket of this.#unused) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Closes those that wait for a request of which nothing has come. */
  closeIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections();
  }

  /** Closes all, whatever is under way. */
  closeAll(): void {
    for (const socket of [...this.#all.keys(), ...this.#refused]) socket.destroy();
  }

  #makeRoom(): boolean {
    if (this.#all.size < this.#max) return true;
    const [oldest] = this.#unused.size > 0 ? this.#unused : this.#idle;
    if (oldest === undefined) return false;
    this.#forget(oldest);
    // Its descriptor is free when this returns.
    oldest.destroy();
    return true;
  }

  #add(socket: Socket): void {
    this.#all.set(socket, { requests: 0, whenAnswered: undefined });
    this.#unused.add(socket);
    socket.once('close', () => this.#forget(socket));
  }

  #forget(socket: Socket): void {
    this.#all.delete(socket);
    this.#unused.delete(socket);
    this.#idle.delete(socket);
  }

  #endRequest(socket: Socket, connection: Connection): void {
    connection.requests--;
    if (connection.requests > 0 || !this.#all.has(socket)) return;
    this.#idle.add(socket);
    connection.whenAnswered?.();
  }

  #refuse(socket: Socket): void {
    if (this.#refused.size >= MAX_REFUSALS_UNDER_WAY) {
      socket.destroy();
      return;
    }
    this.#refused.add(socket);
    socket.once('close', () => this.#refused.delete(socket));
    const problem = problemOf('OVERLOADED', `All ${this.#max} connections are in use.`);
    endWithProblem(socket, problem, { 'retry-after': String(RETRY_AFTER_S) });
  }
}
