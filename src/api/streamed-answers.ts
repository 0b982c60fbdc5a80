import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { MAX_DAYS_PER_ANSWER, MAX_STREAMED_ANSWERS, STREAM_TIMEOUT_MS, STREAM_WAIT_MS } from '../limits.ts';
import { type DaysAsked, dayOf, queryOf } from './answers.ts';
import type { ReadableStore } from './readable-store.ts';
import { Slots } from './slots.ts';

/**
 * Answers of many days, sent as they are read, all rows as of one moment: they take neither memory for all of it nor
 * the event loop for long. Few are under way at a time, because each holds a connection to the database for as long
 * as its client takes. That is bounded, too.
 */
export class StreamedAnswers {
  readonly #store: Pick<ReadableStore, 'windowPages'>;
  readonly #slots = new Slots(MAX_STREAMED_ANSWERS);
  readonly #timeoutMs: number;

  /** @param timeoutMs how long a client may take for one. */
  constructor(store: Pick<ReadableStore, 'windowPages'>, timeoutMs = STREAM_TIMEOUT_MS) {
    this.#store = store;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @returns the body, the first rows of which are read. It must be read or destroyed. Where a later row cannot be read,
   * or the client takes too long, it fails, and what was sent must not be ended as if it were whole.
   * @throws {DaymarkError} RANGE_TOO_LARGE; OVERLOADED; what the store throws.
   */
  async open(asked: DaysAsked): Promise<Readable> {
    const pieces = this.#pieces(asked);
    const { value: first } = await pieces.next();
    const body = streamOf(pieces);
    body.push(first);
    const timer = setTimeout(() => body.destroy(new Error('The client took too long.')), this.#timeoutMs);
    body.once('close', () => clearTimeout(timer));
    return body;
  }

  /** The JSON text that `JSON.stringify` makes of all days. */
  async *#pieces(asked: DaysAsked): AsyncGenerator<string, undefined> {
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      let before = '[';
      for await (const rows of this.#store.windowPages(queryOf(asked, MAX_DAYS_PER_ANSWER))) {
        if (rows.length === 0) break;
        yield before + rows.map((row) => JSON.stringify(dayOf(row))).join();
        before = ',';
        // Where the socket takes everything at once, nobody else would have a turn.
        await setImmediate();
      }
      yield before === '[' ? '[]' : ']';
    } finally {
      this.#slots.release();
    }
    return undefined;
  }
}

/** Unlike `Readable.from`, it leaves the generator also where it was never read from. */
function streamOf(pieces: AsyncGenerator<string, undefined>): Readable {
  return new Readable({
    read() {
      pieces.next().then(
        ({ value }) => this.push(value ?? null),
        (error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      pieces.return(undefined).then(
        () => done(error),
        () => done(error),
      );
    },
  });
}
