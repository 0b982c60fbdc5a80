/** A TCP proxy between the program and its database that fails as networks do: cuts, silence, refusals, delays. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What is listened on, and the ways to fail. All of them hold for connections that are open and for those to come. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** The URL of the target, with the host and the port of the proxy. */
  readonly url: string;
  /** Another URL of the target (another database, another role), with the host and the port of the proxy. */
  through(url: string): string;
  /** Connections that are open now. */
  readonly connections: number;
  /** Connections that were made through the proxy so far. */
  readonly connected: number;
  /** How many times {@link TcpProxy.cutAfter} has cut. */
  readonly cuts: number;
  /** Bytes that were passed on so far, both ways together. */
  readonly bytes: number;
  /** Breaks all open connections, both ends, with a reset. New ones are taken. */
  cut(): void;
  /**
   * Once so many more bytes were passed on, both ways and of all connections together, the connection that carried the
   * last of them is broken: in the middle of a message, mostly. Happens once; undefined takes it back.
   */
  cutAfter(bytes: number | undefined): void;
  /** Takes connections and bytes, and passes nothing on: as if packets were dropped. Off: what was held goes on. */
  blackhole(isOn: boolean): void;
  /**
   * Takes connections and bytes, and throws the bytes away. Off: new connections work; those that were open while
   * it was on stay silent for ever, as where a firewall forgot them.
   */
  swallow(isOn: boolean): void;
  /** Closes the port, so that the system refuses connections, and cuts those that are open. Off: listens there again. */
  refuse(isOn: boolean): Promise<void>;
  /** Passes each piece on so many milliseconds later. */
  delay(delayMs: number): void;
  close(): Promise<void>;
}

/** Starts a proxy on a port of its own. @param url of the target: `postgres://user@host:port/database`, `tcp://host:port`. */
export async function startProxy(url: string): Promise<TcpProxy> {
  const proxy = new SocketProxy(new URL(url));
  await proxy.listen();
  return proxy;
}

const HOST = '127.0.0.1';

class SocketProxy implements TcpProxy {
  readonly host = HOST;
  port = 0;
  connected = 0;
  cuts = 0;
  bytes = 0;
  readonly #target: URL;
  readonly #pairs = new Set<Pair>();
  #server: Server | undefined;
  #isSilent = false;
  #isSwallowing = false;
  #delayMs = 0;
  #bytesToCut: number | undefined;

  constructor(target: URL) {
    this.#target = target;
  }

  async listen(): Promise<void> {
    if (this.#server) return;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#take(socket));
    this.#server.listen(this.port, HOST);
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return this.through(this.#target.href);
  }

  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = this.host;
    changed.port = String(this.port);
    return changed.href;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  cut(): void {
    for (const pair of this.#pairs) pair.cut();
  }

  cutAfter(bytes: number | undefined): void {
    this.#bytesToCut = bytes;
  }

  blackhole(isOn: boolean): void {
    this.#isSilent = isOn;
    for (const pair of this.#pairs) pair.setSilent(isOn);
  }

  swallow(isOn: boolean): void {
    this.#isSwallowing = isOn;
    if (isOn) for (const pair of this.#pairs) pair.swallow();
  }

  async refuse(isOn: boolean): Promise<void> {
    if (!isOn) return this.listen();
    await this.close();
  }

  delay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    this.cut();
    await closed;
  }

  #take(client: Socket): void {
    this.connected++;
    const server = connect({
      host: this.#target.hostname,
      port: Number(this.#target.port),
      allowHalfOpen: true,
    });
    const pair = new Pair(client, server, {
      allow: (wanted) => this.#allow(wanted),
      delayMs: () => this.#delayMs,
      ended: () => this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
    pair.setSilent(this.#isSilent);
    if (this.#isSwallowing) pair.swallow();
  }

  /** How many of so many bytes may pass, and whether the connection is cut behind them. */
  #allow(wanted: number): Allowance {
    const left = this.#bytesToCut;
    const isCut = left !== undefined && left <= wanted;
    const bytes = isCut ? left : wanted;
    if (left !== undefined) this.#bytesToCut = isCut ? undefined : left - bytes;
    this.bytes += bytes;
    if (isCut) this.cuts++;
    return { bytes, isCut };
  }
}

interface Allowance {
  readonly bytes: number;
  readonly isCut: boolean;
}

interface PairRules {
  allow(wanted: number): Allowance;
  delayMs(): number;
  ended(): void;
}

/** The two ends of one connection. */
class Pair {
  readonly #sockets: readonly [Socket, Socket];
  readonly #rules: PairRules;
  #isOver = false;
  /** The last bytes that may pass are on their way, or have passed. */
  #isBroken = false;

  constructor(client: Socket, server: Socket, rules: PairRules) {
    this.#sockets = [client, server];
    this.#rules = rules;
    this.#join(client, server);
    this.#join(server, client);
  }

  setSilent(isSilent: boolean): void {
    for (const socket of this.#sockets) isSilent ? socket.pause() : socket.resume();
  }

  /** From now on nothing that is sent arrives. */
  swallow(): void {
    this.#isBroken = true;
  }

  /** Both ends see a reset. */
  cut(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const socket of this.#sockets) socket.connecting ? socket.destroy() : socket.resetAndDestroy();
    this.#rules.ended();
  }

  #join(from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (data) => this.#later(() => this.#pass(data, to)));
    from.on('end', () => this.#later(() => this.#isBroken || to.end()));
    from.on('error', () => this.cut());
    from.on('close', () => this.#closed());
  }

  #later(act: () => void): void {
    const delayMs = this.#rules.delayMs();
    if (delayMs === 0) act();
    else setTimeout(act, delayMs);
  }

  #pass(data: Buffer, to: Socket): void {
    if (this.#isOver || this.#isBroken) return;
    const { bytes, isCut } = this.#rules.allow(data.length);
    // A reset throws away what is not sent yet: it waits until the bytes before the cut are.
    to.write(data.subarray(0, bytes), () => {
      if (isCut) this.cut();
    });
    if (isCut) this.#isBroken = true;
  }

  #closed(): void {
    if (this.#isOver || this.#sockets.some((socket) => !socket.destroyed)) return;
    this.#isOver = true;
    this.#rules.ended();
  }
}
