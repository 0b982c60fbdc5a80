import { durationText, isoTime } from '../support/log-lines.ts';
import type { Choice } from '../support/random-choice.ts';

const FIRST_DAY_MS = Date.UTC(2024, 8, 28);
const DAYS = 5;
const CUSTOMERS = 12;
const STATUSES = [200, 200, 200, 201, 301, 404, 500, 503];

/** Writes lines of which each exists once: every customer's requests are numbered. */
export class NumberedLines {
  readonly #choice: Choice;
  /** By customer: how many requests there are. */
  readonly requests = new Map<string, number>();
  #garbage = 0;

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  /** A line without its newline: a request, or now and then something that is none. */
  next(): string {
    return this.#choice.once(40) ? `what is this, number ${++this.#garbage}?` : this.request();
  }

  request(): string {
    const choice = this.#choice;
    const customer = `cust_${choice.below(CUSTOMERS)}`;
    const number = (this.requests.get(customer) ?? 0) + 1;
    this.requests.set(customer, number);
    const time = isoTime(FIRST_DAY_MS + choice.below(DAYS * 86_400) * 1000);
    return `${time} ${customer} /requests/${customer}/${number} ${choice.of(STATUSES)} ${durationText(choice.below(2000) * 1000, 3)}`;
  }
}
