import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DEFAULT_MAX_CONNECTIONS, MAX_REFUSALS_UNDER_WAY, RETRY_AFTER_S } from '../limits.ts';
import { problemOf } from './problem.ts';
import { endWithProblem } from './raw-answer.ts';

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
  /** They never sent a whole request. The order of insertion is that of age. */
  readonly #unused = new Set<Socket>();
  /**
   * The others, with the answer to their last request: answers are finished in the order of the requests, so with it
   * all are. The one whose last request is oldest comes first.
   */
  readonly #used = new Map<Socket, ServerResponse>();
  readonly #refused = new Set<Socket>();

  constructor(max = DEFAULT_MAX_CONNECTIONS) {
    this.#max = max;
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

  /** A request has come over a connection. */
  noteRequest(socket: Socket, response: ServerResponse): void {
    const isTracked = this.#unused.delete(socket) || this.#used.delete(socket);
    if (isTracked) this.#used.set(socket, response);
  }

  /** Calls `work` when all requests that came over a connection are answered. */
  whenAnswered(socket: Socket, work: () => void): void {
    const response = this.#used.get(socket);
    if (response === undefined || isDone(response)) work();
    else response.once('close', work);
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
    for (const socket of [...this.#unused, ...this.#used.keys(), ...this.#refused]) socket.destroy();
  }

  #makeRoom(): boolean {
    if (this.#unused.size + this.#used.size < this.#max) return true;
    const socket = this.#oldestIdle();
    if (socket === undefined) return false;
    this.#forget(socket);
    // Its descriptor is free when this returns.
    socket.destroy();
    return true;
  }

  #oldestIdle(): Socket | undefined {
    for (const socket of this.#unused) return socket;
    for (const [socket, response] of this.#used) if (isDone(response)) return socket;
    return undefined;
  }

  #add(socket: Socket): void {
    this.#unused.add(socket);
    socket.once('close', () => this.#forget(socket));
  }

  #forget(socket: Socket): void {
    this.#unused.delete(socket);
    this.#used.delete(socket);
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

/** True where an answer was handed to the system, or never will be. */
function isDone({ writableFinished, destroyed }: ServerResponse): boolean {
  return writableFinished || destroyed;
}
