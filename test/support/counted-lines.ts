/** Lines of which each exists once, and the counts that a store must have of them. */

/** Spread over so many customers, a lost line and a doubled one do not hide each other. */
const CUSTOMERS = 40;

export class CountedLines {
  /** By customer: how many requests must be in the store. */
  readonly requests = new Map<string, number>();
  #lines = 0;

  /** How many lines must be in the store. */
  get count(): number {
    return [...this.requests.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Makes lines, each of which must count once. */
  lines(count: number, customer?: string): string {
    return Array.from({ length: count }, () => {
      const number = this.#lines++;
      const name = customer ?? `cust_${number % CUSTOMERS}`;
      this.expect(name, 1);
      return lineOf(name, number);
    }).join('');
  }

  /** Says that requests of a customer must count so often more. */
  expect(customer: string, times: number): void {
    this.requests.set(customer, (this.requests.get(customer) ?? 0) + times);
  }

  /** Says that all lines of a text must count once more: they stand in another log. */
  expectAgain(text: string): void {
    for (const line of text.split('\n').slice(0, -1)) this.expect(line.split(' ')[2] ?? '', 1);
  }
}

/** A line of the default format; the number makes it differ from all others. */
export function lineOf(customer: string, number: number): string {
  const path = `/requests/${String(number).padStart(8, '0')}`;
  return `2024-10-02 05:10:46 ${customer} ${path} 200 0.316\n`;
}

/**
 * Lines of so many bytes together, the same each time: what many logs begin with. None where a line is longer than that:
 * all lines share their first bytes anyway.
 */
export function headerOf(bytes: number): string {
  const whole = Math.floor(bytes / lineOf('everybody', 0).length);
  const lines = Array.from({ length: whole }, (_, i) => lineOf('everybody', i));
  const missing = bytes - lines.join('').length;
  return lines.length === 0 ? '' : lines.join('').replace('/requests/', `/requests/${'x'.repeat(missing)}`);
}
