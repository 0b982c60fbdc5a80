import { headerOf, lineOf } from '../counted-lines.ts';

/** The lines that a world writes, and how often each must be in the store. */
export class ExpectedCounts {
  /** What every log begins with. */
  readonly header: string;
  /** By customer. Each line that stands nowhere else has a customer of its own. */
  readonly requests = new Map<string, number>();
  rejected = 0;
  #lines = 0;

  constructor(headerBytes: number) {
    this.header = headerOf(headerBytes);
  }

  /** How many lines were made; what a world chooses by, too. */
  get made(): number {
    return this.#lines;
  }

  /** All lines that the store must have. */
  get lines(): number {
    return [...this.requests.values()].reduce((sum, count) => sum + count, this.rejected);
  }

  count(customer: string): void {
    this.requests.set(customer, (this.requests.get(customer) ?? 0) + 1);
  }

  /** All lines of a text count once more: they stand in another log. */
  countAll(text: string): void {
    for (const line of text.split('\n').slice(0, -1)) this.count(line.split(' ')[2] ?? '');
  }

  /** A line that stands nowhere else, and that does not count yet. */
  uncounted(): { readonly customer: string; readonly text: string } {
    const customer = `c${this.#lines++}`;
    return { customer, text: lineOf(customer, this.#lines) };
  }

  /** Lines that stand nowhere else, and count. */
  fresh(count = 1): string {
    return Array.from({ length: count }, () => {
      const { customer, text } = this.uncounted();
      this.count(customer);
      return text;
    }).join('');
  }
}
