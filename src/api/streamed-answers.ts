import { Readable } from 'node:stream';
import { MAX_DAYS_PER_ANSWER, MAX_STREAMED_ANSWERS, STREAM_TIMEOUT_MS, STREAM_WAIT_MS } from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import { DAY_FIELDS, type DaysAsked, dayOf, queryOf } from './answers.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { piecesOf } from './forms.ts';
import type { Body } from './rows-writer.ts';
import { Slots } from './slots.ts';
import type { StatsReader } from './stats-reader.ts';

/**
 * Streams answers of many days while it reads them. All rows are as of one moment. A stream neither holds the whole answer
 * in memory nor blocks the event loop for long. The number of streams is bounded, because each holds a database
 * connection until its client has read everything. The time for that is bounded, too.
 */
export class StreamedAnswers {
  readonly #store: Pick<StatsReader, 'windowPages'>;
  readonly #availability: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #slots = new Slots(MAX_STREAMED_ANSWERS, 'streaming');
  readonly #timeoutMs: number;

  /** @param timeoutMs how long a client may take to read one answer. */
  constructor(
    store: Pick<StatsReader, 'windowPages'>,
    availability: AvailabilityDefinition,
    timeoutMs = STREAM_TIMEOUT_MS,
    customers = NO_NAMES,
  ) {
    this.#customers = customers;
    this.#store = store;
    this.#availability = availability;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @returns the body; its first rows are already read. Read it or destroy it. It fails if a later row cannot be read or if
   * the client takes too long. Then the answer is incomplete, and must not end like a complete one.
   * @throws {DaymarkError} RANGE_TOO_LARGE; OVERLOADED; what the store throws.
   */
  async open(asked: DaysAsked): Promise<Readable> {
    const customerId = this.#customers.idOf(asked.customerId);
    const pieces = this.#pieces({ ...asked, customerId }, this.#customers.nameOf(customerId));
    const { value: first } = await pieces.next();
    const body = streamOf(pieces);
    body.push(first ?? null);
    const timer = setTimeout(() => body.destroy(new Error('The client took too long.')), this.#timeoutMs);
    body.once('close', () => clearTimeout(timer));
    return body;
  }

  /** Yields the same that a whole answer would have. */
  async *#pieces(asked: DaysAsked, name: string | undefined): AsyncGenerator<Body, undefined> {
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      yield* piecesOf(asked.form ?? 'json', { columns: DAY_FIELDS }, this.#days(asked, name));
    } finally {
      this.#slots.release();
    }
    return undefined;
  }

  async *#days(asked: DaysAsked, name: string | undefined) {
    for await (const rows of this.#store.windowPages(queryOf(asked, MAX_DAYS_PER_ANSWER)))
      yield rows.map((row) => dayOf(row, this.#availability, name));
  }
}

/** Unlike `Readable.from`, it also ends a generator that was never read. */
function streamOf(pieces: AsyncGenerator<Body, undefined>): Readable {
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
