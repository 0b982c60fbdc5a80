/** Bounds the pushes of one process, and hands them to the receiver. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { DaymarkError } from '../../errors.ts';
import { MAX_CONCURRENT_PUSHES, PUSH_RETRY_AFTER_S, PUSH_TIMEOUT_MS } from '../../limits.ts';
import { type Problem, problemOf } from '../problem.ts';
import type { PushForm, PushReceiver } from './receiver.ts';

type Outcome = Awaited<ReturnType<PushReceiver['receive']>>;

interface Slot {
  /** Who holds it: the connection, until it has its answer or is cut, and the receiver, until it is done. */
  holders: number;
}

export class Pushes {
  readonly #receiver: PushReceiver | undefined;
  readonly #timeoutMs: number;
  readonly #slots = new WeakMap<FastifyRequest, Slot>();
  /** Keys of pushes that are being read, with those who sent them. */
  readonly #inProgress = new Set<string>();
  #taken = 0;

  /** @param receiver undefined: pushes are off. */
  constructor(receiver: PushReceiver | undefined, timeoutMs = PUSH_TIMEOUT_MS) {
    this.#receiver = receiver;
    this.#timeoutMs = timeoutMs;
  }

  get encodings(): readonly string[] {
    return this.#receiver?.encodings ?? [];
  }

  /** Takes a place for a push, before its body is read. @returns why there is none. */
  begin(request: FastifyRequest, reply: FastifyReply): DaymarkError | undefined {
    if (!this.#receiver) return new DaymarkError('PUSH_OFF', '`PUSH` is off.');
    if (this.#taken >= MAX_CONCURRENT_PUSHES) {
      reply.header('retry-after', PUSH_RETRY_AFTER_S);
      return new DaymarkError('PUSH_BUSY', `${MAX_CONCURRENT_PUSHES} pushes are under way.`);
    }
    // While its key was looked up, the client may have left. Nothing would tell of that again.
    if (reply.raw.destroyed) return new DaymarkError('PUSH_BUSY', 'The client has left.');
    this.#taken++;
    const slot = { holders: 1 };
    this.#slots.set(request, slot);
    reply.raw.once('close', () => this.#release(slot));
    return undefined;
  }

  #release(slot: Slot): void {
    slot.holders--;
    if (slot.holders === 0) this.#taken--;
  }

  /**
   * @param key undefined: the content is the key.
   * @throws {DaymarkError} PUSH_*; STORE_*. A push of which nobody waits for the answer any more is committed nevertheless.
   */
  async take(request: FastifyRequest, form: PushForm, key: string | undefined): Promise<Outcome> {
    const receiver = this.#receiver;
    const slot = this.#slots.get(request);
    if (!receiver || !slot) throw new DaymarkError('PUSH_OFF', '`PUSH` is off.');
    const scope = request.reader?.keyId ?? '';
    const name = scope === '' ? '(push)' : `(push by key ${scope})`;
    const customers = request.reader?.role === 'ingest' ? request.reader.customers : [];
    const encoding = encodingOf(request);
    const body = request.body as Buffer<ArrayBuffer>;
    const own = key === undefined ? undefined : `${scope} ${key}`;
    if (own !== undefined && this.#inProgress.has(own))
      throw new DaymarkError('PUSH_IN_PROGRESS', 'A push with this key is being read.');
    if (own !== undefined) this.#inProgress.add(own);
    slot.holders++;
    const done = receiver
      .receive({ form, scope, idempotencyKey: key, name, customers, body, encoding })
      .finally(() => {
        if (own !== undefined) this.#inProgress.delete(own);
        this.#release(slot);
      });
    return await this.#inTime(done);
  }

  async #inTime(done: Promise<Outcome>): Promise<Outcome> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new DaymarkError('PUSH_TOO_SLOW', `There was no answer for ${this.#timeoutMs} ms.`));
    }, this.#timeoutMs);
    try {
      return await Promise.race([done, late.promise]);
    } finally {
      clearTimeout(timer);
      // Where it was too slow, nobody hears of its error.
      done.catch(() => undefined);
    }
  }

  /** What is wrong with the headers of a body; undefined where it can be read. */
  problemOfBody(request: FastifyRequest, mediaTypes: readonly string[]): Problem | undefined {
    if (!Buffer.isBuffer(request.body)) {
      const detail = `Send a body with \`Content-Type: ${mediaTypes.join('` or `')}\`.`;
      return problemOf('PUSH_UNSUPPORTED', detail);
    }
    if (['identity', ...this.encodings].includes(encodingOf(request))) return undefined;
    const detail = `\`Content-Encoding\` may be ${this.encodings.join(', ')}, and no list.`;
    return problemOf('PUSH_UNSUPPORTED', detail);
  }
}

function encodingOf({ headers }: FastifyRequest): string {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  return encoding === '' ? 'identity' : encoding.replace(/^x-gzip$/, 'gzip');
}
