import type { Server, ServerResponse } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
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
 *
 * With TLS, a connection counts from its beginning. During its handshake it is idle, and goes before all others.
 */
export class Connections {
  readonly #max: number;
  readonly #servers: (Server | TlsServer)[] = [];
  /** Connections whose TLS handshake is not done, oldest first. */
  readonly #handshakes = new Set<Socket>();
  /** Connections that never sent a whole request, oldest first. */
  readonly #unused = new Set<Socket>();
  /**
   * The other connections, with the response to their last request. Responses finish in the order of the requests, so when
   * it is finished, all are. The connection with the oldest last request comes first.
   */
  readonly #used = new Map<Socket, ServerResponse>();
  readonly #refused = new Set<Socket>();
  readonly #refusals = new Map<number, number>();
  readonly #failedHandshakes = new Map<string, number>();

  constructor(max = DEFAULT_MAX_CONNECTIONS) {
    this.#max = max;
  }

  /** How many are open, those that are being refused not included. */
  get count(): number {
    return this.#handshakes.size + this.#unused.size + this.#used.size;
  }

  /** How many answers were given to what never became a request, by HTTP status. */
  get refusals(): ReadonlyMap<number, number> {
    return this.#refusals;
  }

  /** How many TLS handshakes failed, by reason. */
  get failedHandshakes(): ReadonlyMap<string, number> {
    return this.#failedHandshakes;
  }

  noteFailedHandshake(reason: string): void {
    this.#failedHandshakes.set(reason, (this.#failedHandshakes.get(reason) ?? 0) + 1);
  }

  /** Answers what never became a request, and closes its connection. */
  refuse(socket: Socket, problem: Problem, headers?: Readonly<Record<string, string>>): void {
    this.#refusals.set(problem.status, (this.#refusals.get(problem.status) ?? 0) + 1);
    endWithProblem(socket, problem, headers);
  }

  /** Bounds the connections of a server. Its other listeners never see a refused connection. */
  bound(server: Server | TlsServer): void {
    if (server instanceof TlsServer) {
      replaceListeners<Socket>(server, 'connection', (socket) => this.#takes(socket, this.#handshakes));
      replaceListeners<TLSSocket>(server, 'secureConnection', (socket) => this.#takesSecured(socket));
    } else {
      replaceListeners<Socket>(server, 'connection', (socket) => {
        if (!this.#takes(socket, this.#unused)) return false;
        return !this.#isTold(socket, socket);
      });
    }
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

  /** Closes the connections on which the client never sent anything to the API. */
  closeUnused(): void {
    for (const socket of this.#handshakes) socket.destroy();
    for (const socket of this.#unused) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Closes the connections that wait for their next request. */
  closeIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections();
  }

  /** Closes all connections, also those with requests in progress. */
  closeAll(): void {
    const open = [...this.#handshakes, ...this.#unused, ...this.#used.keys(), ...this.#refused];
    for (const socket of open) socket.destroy();
  }

  /**
   * @param place where it belongs if there is room. If not, it belongs to those that are refused, and has yet to be told.
   * @returns false where it was closed, because too many are being refused.
   */
  #takes(socket: Socket, place: Set<Socket>): boolean {
    if (this.#makeRoom()) this.#add(socket, place);
    else if (this.#refused.size < MAX_REFUSALS_UNDER_WAY) this.#add(socket, this.#refused);
    else {
      socket.destroy();
      return false;
    }
    return true;
  }

  /** From its handshake on, a connection is known by the socket that its requests come from. */
  #takesSecured(socket: TLSSocket): boolean {
    const carrier = carrierOf(socket);
    if (this.#isTold(carrier, socket)) return false;
    if (!this.#handshakes.delete(carrier)) {
      // It was closed meanwhile, to make room.
      socket.destroy();
      return false;
    }
    this.#add(socket, this.#unused);
    return true;
  }

  /** Tells a connection that is refused. @returns false where it is not refused. */
  #isTold(accepted: Socket, socket: Socket): boolean {
    if (!this.#refused.has(accepted)) return false;
    const problem = problemOf('OVERLOADED', `All ${this.#max} connections are in use.`);
    this.refuse(socket, problem, { 'retry-after': String(RETRY_AFTER_S) });
    return true;
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
    for (const socket of this.#handshakes) return socket;
    for (const socket of this.#unused) return socket;
    for (const [socket, response] of this.#used) if (isDone(response)) return socket;
    return undefined;
  }

  #add(socket: Socket, place: Set<Socket>): void {
    place.add(socket);
    socket.once('close', () => this.#forget(socket));
  }

  #forget(socket: Socket): void {
    this.#handshakes.delete(socket);
    this.#unused.delete(socket);
    this.#used.delete(socket);
    this.#refused.delete(socket);
  }
}

/** Lets the listeners of an event hear only of the sockets that `takes` returns true for. */
function replaceListeners<S extends Socket>(
  server: Server | TlsServer,
  event: 'connection' | 'secureConnection',
  takes: (socket: S) => boolean,
): void {
  const listeners = server.listeners(event) as ((socket: S) => void)[];
  server.removeAllListeners(event);
  server.on(event, (socket: unknown) => {
    if (takes(socket as S)) for (const listener of listeners) listener.call(server, socket as S);
  });
}

/** The connection under TLS. Node has no public name for it; each version since the first has had this one. */
export function carrierOf(socket: TLSSocket): Socket {
  return (socket as TLSSocket & { readonly _parent: Socket })._parent;
}

/** Resets a connection. TLS itself has no reset, and Node throws where it is told to. */
export function resetConnection(socket: Socket): void {
  (socket instanceof TLSSocket ? carrierOf(socket) : socket).resetAndDestroy();
}

/** True if a response was handed to the system, or never will be. */
function isDone({ writableFinished, destroyed }: ServerResponse): boolean {
  return writableFinished || destroyed;
}
