import { durationText, isoTime } from '../support/log-lines.ts';
import type { Choice } from '../support/random-choice.ts';

export const DAY_MS = 86_400_000;
/** So many days before the soak's own one have requests, too. */
export const HISTORY_DAYS = 30;
export const CUSTOMERS = Array.from({ length: 40 }, (_, i) => `cust_${i}`);

const HISTORY_REQUESTS_A_DAY = 10;
const STATUSES = [200, 200, 200, 200, 201, 204, 301, 404, 429, 500, 503];
const PATHS = ['/api/v1/orders', '/api/v1/invoices', '/api/v1/users', '/api/v1/search', '/login'];
/** One in so many lines is none. */
const GARBAGE_ONCE_IN = 500;
/** One in so many requests is a late one. */
const LATE_ONCE_IN = 500;
const LATE_MS = 2 * DAY_MS;
/** The others are as late as servers and their buffers make them. */
const ORDINARY_DELAY_MS = 60_000;

/** Lines of servers in the course of a day. No two are the same. */
export class DayLines {
  readonly #choice: Choice;
  readonly #firstMs: number;
  /** By customer: how many requests there are. */
  readonly requests = new Map<string, number>();
  count = 0;

  /** @param firstMs when the day begins. */
  constructor(choice: Choice, firstMs: number) {
    this.#choice = choice;
    this.#firstMs = firstMs;
  }

  /** The days before, in no order. */
  history(): string[] {
    const days = Array.from({ length: HISTORY_DAYS }, (_, i) => this.#firstMs - (i + 1) * DAY_MS);
    const lines = days.flatMap((day) =>
      CUSTOMERS.flatMap((customer) =>
        Array.from({ length: HISTORY_REQUESTS_A_DAY }, () =>
          this.#request(customer, day + this.#choice.below(DAY_MS)),
        ),
      ),
    );
    return this.#choice.shuffled(lines);
  }

  /** @param progress how much of the day has passed. */
  next(progress: number): string {
    if (!this.#choice.once(GARBAGE_ONCE_IN)) return this.request(progress);
    return `what is this, number ${++this.count}?`;
  }

  request(progress: number): string {
    const choice = this.#choice;
    const delayMs = choice.below(choice.once(LATE_ONCE_IN) ? LATE_MS : ORDINARY_DELAY_MS);
    // Few customers send most of the requests.
    const customer = CUSTOMERS[choice.below(1 + choice.below(CUSTOMERS.length))] ?? '';
    return this.#request(customer, this.#firstMs + progress * DAY_MS - delayMs);
  }

  #request(customer: string, timeMs: number): string {
    const choice = this.#choice;
    const path = `${choice.of(PATHS)}/${++this.count}`;
    this.requests.set(customer, (this.requests.get(customer) ?? 0) + 1);
    const duration = durationText(choice.below(1 + choice.below(2000)) * 1000, 3);
    return `${isoTime(timeMs)} ${customer} ${path} ${choice.of(STATUSES)} ${duration}`;
  }
}
