/**
 * A connection to a broker, with TLS and SASL. The client's functions for requests (`createAPI`) use it in the place of the client's own.
 *
 * An answer is read from the socket to where it stays: one buffer of its own, as long as the broker says. The client's connection gets it
 * in pieces of 64 KiB, a buffer each, which then had to be put together. Node alone takes 1.9 s of a processor for 3 GB in this way, and
 * 3.5 s with pieces that are put together (answers of 4 MiB, 2026-11-30).
 *
 * It does not log in again when a session ends, but ends itself before that. The client's connection sent other requests while it logged in
 * again by SCRAM, and a broker refused them (ILLEGAL_SASL_STATE, 2026-11-30).
 */

import { once } from 'node:events';
import { isIP, type OnReadOpts, type Socket, connect as tcpConnect } from 'node:net';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import type { Connection, Reader, Writer } from '@platformatic/kafka';
import { KAFKA_CONNECT_TIMEOUT_MS, KAFKA_REQUEST_TIMEOUT_MS, MAX_KAFKA_ANSWER_BYTES } from '../../limits.ts';
import type { KafkaAccess } from './access.ts';
import type { Node } from './led-partition.ts';

type Client = typeof import('@platformatic/kafka');

type Done = (error: Error | null, answer?: unknown) => void;
type Parse = (correlationId: number, apiKey: number, apiVersion: number, reader: Reader) => unknown;

/** A request that was sent, and is not answered yet. */
interface Request {
  readonly correlationId: number;
  readonly answered: (frame: Buffer) => void;
  readonly failed: Done;
  readonly timer: NodeJS.Timeout;
}

/** The length of what follows, and the number of the request that it answers. */
const HEAD_BYTES = 8;
const NUMBER_BYTES = 4;
const EMPTY_TAGS_BYTES = 1;
const CLIENT_ID = 'daymark';
/** The type of an alert, and the first byte of its version. */
const TLS_ALERT = 0x1503;
/** A session ends for the broker when its time is over. Another connection is made before that. */
const SESSION_SHARE = 0.8;

export class FrameConnection {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #now: () => number;
  /** In the order in which they were sent, which is that of the answers. */
  readonly #requests: Request[] = [];
  readonly #head = Buffer.alloc(HEAD_BYTES);
  /** What is read now: a head, or what follows it. */
  #target = this.#head;
  #filled = 0;
  #sent = 0;
  #endsMs = Number.POSITIVE_INFINITY;
  #failure: Error | undefined;
  readonly #broken = Promise.withResolvers<never>();
  readonly #isPlain: boolean;
  #isReady = false;
  #isEnding = false;

  private constructor(client: Client, node: Node, access: KafkaAccess, now: () => number) {
    this.#client = client;
    this.#now = now;
    this.#isPlain = access.tls === undefined;
    // Who waits for it hears it; nobody must.
    this.#broken.promise.catch(() => undefined);
    this.#socket = socketTo(node, access, {
      buffer: () => this.#target.subarray(this.#filled),
      callback: (bytes) => this.#took(bytes),
    });
    this.#socket.setNoDelay(true);
    this.#socket.on('error', (error) => this.#fail(this.#isReady ? brokenBy(error) : error));
    this.#socket.on('close', () => this.#fail(new Error('The broker closed the connection')));
  }

  /**
   * Connects to a broker, and logs in.
   * @param now a clock that never goes back, in milliseconds.
   * @throws what Node and the client throw.
   */
  static async open(
    client: Client,
    node: Node,
    access: KafkaAccess,
    now: () => number,
  ): Promise<FrameConnection> {
    const connection = new FrameConnection(client, node, access, now);
    const late = () => connection.#fail(new Error('The broker does not take the connection in time'));
    const timer = setTimeout(late, KAFKA_CONNECT_TIMEOUT_MS);
    try {
      await Promise.race([connection.broken, connection.#getReady(access)]);
      return connection;
    } catch (error) {
      // The client takes whatever breaks a log-in for a refusal.
      const failure = connection.#failure ?? error;
      connection.close();
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Rejects when it can be used no more. */
  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  /** False where it broke, or will end soon: then it takes no more requests. */
  get isUsable(): boolean {
    return this.#failure === undefined && this.#now() < this.#endsMs;
  }

  async #getReady({ tls, sasl }: KafkaAccess): Promise<void> {
    await once(this.#socket, tls ? 'secureConnect' : 'connect');
    await this.#logIn(sasl);
    this.#isReady = true;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
    this.#broken.reject(this.#failure);
    for (const { failed, timer } of this.#requests.splice(0)) {
      clearTimeout(timer);
      failed(this.#failure);
    }
  }

  async #logIn(sasl: KafkaAccess['sasl']): Promise<void> {
    if (!sasl) return;
    const { saslHandshakeV1, saslAuthenticateV2, saslPlain, saslScramSha } = this.#client;
    const { mechanism, username, password } = sasl;
    const connection = this.asClients;
    await saslHandshakeV1.api.async(connection, mechanism);
    const { api } = saslAuthenticateV2;
    const { sessionLifetimeMs } =
      mechanism === 'PLAIN'
        ? await saslPlain.authenticate(api, connection, username, password)
        : await saslScramSha.authenticate(api, connection, scramAlgorithm(mechanism), username, password);
    const lifetimeMs = Number(sessionLifetimeMs);
    if (lifetimeMs > 0) this.#endsMs = this.#now() + lifetimeMs * SESSION_SHARE;
  }

  /** As the functions of the client take it: they call nothing of a connection but {@link send}. */
  get asClients(): Connection {
    return this as unknown as Connection;
  }

  /** As the method of the client's connection. */
  send(
    apiKey: number,
    apiVersion: number,
    createPayload: () => Writer,
    parse: Parse,
    hasRequestTags: boolean,
    hasAnswerTags: boolean,
    done: Done,
  ): void {
    if (this.#failure) {
      done(this.#failure);
      return;
    }
    this.#sent = (this.#sent + 1) & 0x7fffffff;
    const correlationId = this.#sent;
    const answered = (frame: Buffer): void => {
      const reader = this.#client.Reader.from(frame);
      if (hasAnswerTags) reader.skip(EMPTY_TAGS_BYTES);
      let answer: unknown;
      try {
        answer = parse(correlationId, apiKey, apiVersion, reader);
      } catch (error) {
        done(error as Error);
        return;
      }
      done(null, answer);
    };
    const writer = this.#client.Writer.create();
    writer
      .appendInt16(apiKey)
      .appendInt16(apiVersion)
      .appendInt32(correlationId)
      .appendString(CLIENT_ID, false);
    if (hasRequestTags) writer.appendTaggedFields();
    writer.appendFrom(createPayload()).prependLength();
    const late = () => this.#fail(new Error('The broker does not answer in time'));
    const timer = setTimeout(late, KAFKA_REQUEST_TIMEOUT_MS);
    this.#requests.push({ correlationId, answered, failed: done, timer });
    this.#socket.write(writer.buffer);
  }

  /** Bytes have come. @returns true: the socket goes on. */
  #took(bytes: number): boolean {
    this.#filled += bytes;
    try {
      if (this.#isAlert) throw new this.#client.UserError('Broker requires TLS.');
      if (this.#filled === this.#target.length) this.#takeTarget();
    } catch (error) {
      // Of the broker's bytes, or of the function that reads them: nobody knows where the next answer begins.
      this.#fail(error as Error);
    }
    return this.#failure === undefined;
  }

  /** The beginning of an alert of TLS is no length that a broker would send. */
  get #isAlert(): boolean {
    const isHead = this.#isPlain && this.#target === this.#head && this.#filled >= 2;
    return isHead && this.#head.readUInt16BE(0) === TLS_ALERT;
  }

  #takeTarget(): void {
    const frame = this.#target;
    this.#filled = 0;
    if (frame === this.#head) this.#begin();
    else {
      this.#target = this.#head;
      this.#answer(frame);
    }
  }

  /** A head is whole. */
  #begin(): void {
    const bytes = this.#head.readInt32BE(0) - NUMBER_BYTES;
    const isAnswer = this.#requests[0]?.correlationId === this.#head.readInt32BE(NUMBER_BYTES);
    if (!isAnswer || bytes < 0 || bytes > MAX_KAFKA_ANSWER_BYTES)
      throw new Error('The broker sent what is no answer');
    if (bytes === 0) this.#answer(Buffer.alloc(0));
    // Not a part of the buffer that Node shares among many: it goes to another thread.
    else this.#target = Buffer.allocUnsafeSlow(bytes);
  }

  #answer(frame: Buffer): void {
    const request = this.#requests.shift();
    clearTimeout(request?.timer);
    request?.answered(frame);
    if (this.#isEnding) this.end();
  }

  /** Closes it when all that was asked is answered. */
  end(): void {
    this.#isEnding = true;
    if (this.#requests.length === 0) this.close();
  }

  close(): void {
    this.#fail(new Error('The connection is closed'));
  }
}

function socketTo({ host, port }: Node, { tls }: KafkaAccess, onread: OnReadOpts): Socket {
  if (!tls) return tcpConnect({ host, port, onread });
  const { ca, cert, key } = tls;
  // Node documents it also for TLS, its types do not.
  const options: ConnectionOptions & { onread: OnReadOpts } = {
    ...{ host, port, onread, ca, cert, key },
    // Routers in front of brokers choose one by the name. An address is no such name.
    ...(!isIP(host) && { servername: host }),
  };
  return tlsConnect(options);
}

/**
 * What broke a connection that was ready. A record that was damaged on the way is no refusal; an alert of the broker is one, as of TLS 1.3
 * where it misses a certificate.
 */
function brokenBy(error: NodeJS.ErrnoException): Error {
  const { code = '' } = error;
  const isDamaged = code.startsWith('ERR_SSL_') && !code.includes('_ALERT_');
  return isDamaged ? new Error(`The connection broke (${code})`) : error;
}

function scramAlgorithm(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'): 'SHA-256' | 'SHA-512' {
  return mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512';
}
