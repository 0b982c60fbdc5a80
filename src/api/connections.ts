import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DEFAULT_MAX_CONNECTIONS, MAX_REFUSALS_UNDER_WAY, RETRY_AFTER_S } from '../limits.ts';
import { type Problem, problemOf } from './problem.ts';
import { endWithProblem } from './raw-answer.ts';

/**
 * Bounds the open connections of one API, on all addresses that it listens on. Each takes a file descriptor. Without
 * descriptors, neither the store nor the logs can be read.
 *
 * At the bound, a new connection replaces the oldest idle one: first one that never sent a whole request, then the one
 * that was idle for longest. So a client that only holds connections open keeps nobody out, and a busy client is left
 * alone. If no connection is idle, the new one gets 503.
 */
export class Connections {
  readonly #max: number;
  readonly #servers: Server[] = [];
  /** Connections that never sent a whole request, oldest first. */
  readonly #unused = new Set<Socket>();
  /**
   * The other connections, with the response to their last request. Responses finish in the order of the requests, so when
   * it is finished, all are. The connection with the oldest last request comes first.
   */
  readonly #used = new Map<Socket, ServerResponse>();
  readonly #refused = new Set<Socket>();
  readonly #refusals = new Map<number, number>();

  constructor(max = DEFAULT_MAX_CONNECTIONS) {
    this.#max = max;
  }

  /** How many are open, those that are being refused not included. */
  get count(): number {
    return this.#unused.size + this.#used.size;
  }

  /** How many answers were given to what never became a request, by HTTP status. */
  get refusals(): ReadonlyMap<number, number> {
    return this.#refusals;
  }

  /** Answers what never became a request, and closes its connection. */
  refuse(socket: Socket, problem: Problem, headers?: Readonly<Record<string, string>>): void {
    this.#refusals.set(problem.status, (this.#refusals.get(problem.status) ?? 0) + 1);
    endWithProblem(socket, problem, headers);
  }

  /** Bounds the connections of a server. Its other listeners never see a refused connection. */
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

  /** Call this when a request arrives on a connection. */
  noteRequest(socket: Socket, response: ServerResponse): void {
    const isTracked = this.#unused.delete(socket) || this.#used.delete(socket);
    if (isTracked) this.#used.set(socket, response);
  }

  /** Calls `work` when all requests of a connection are answered. */
  whenAnswered(socket: Socket, work: () => void): void {
    const response = this.#used.get(socket);
    if (response === undefined || isDone(response)) work();
    else response.once('close', work);
  }

  /** Closes the connections on which the client never sent anything. */
  closeUnused(): void {
    for (const socket of this.#unused) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Closes the connections that wait for their next request. */
  closeIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections();
  }

  /** Closes all connections, also those with requests in progress. */
  closeAll(): void {
    for (const socket of [...this.#unused, ...this.#used.keys(), ...this.#refused]) socket.destroy();
  }

  #makeRoom(): boolean {
    if (this.count < this.#max) return true;
    const socket = this.#oldestIdle();
    if (socket === undefined) return false;
    this.#forget(socket);
    // This frees its descriptor before it returns.
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
    this.refuse(socket, problem, { 'retry-after': String(RETRY_AFTER_S) });
  }
}

/** True if a response was handed to the system, or never will be. */
function isDone({ writableFinished, destroyed }: ServerResponse): boolean {
  return writableFinished || destroyed;
}
