/** The customers that `check` finds in a file: how many, the most frequent, and whether they look invented. */

import { counted, grouped } from '../../counted.ts';
import { MAX_CHECKED_CUSTOMERS } from '../../limits.ts';
import { kindOf, type Suspicion, suspicionOf } from './customer-kinds.ts';

/** Customers shown of each file. */
const MOST_FREQUENT = 5;
/** From so many lines on, nearly one customer for each line is no chance. */
const MIN_LINES_TO_JUDGE = 10;
const NEARLY_ALL = 0.9;

/** Customers of one kind. */
interface KindFound {
  readonly kind: string;
  customers: number;
  readonly example: string;
}

/** What was found. */
export interface CustomerSummary {
  /** How many customers there are; at least so many where `isExact` is false. */
  readonly distinct: number;
  readonly isExact: boolean;
  readonly mostFrequent: readonly { readonly id: string; readonly lines: number }[];
  readonly kinds: readonly KindFound[];
  /** Why the customers look invented, in sentences. */
  readonly warnings: readonly string[];
  /** True where parts of the line that are no customer stand in the ids. */
  readonly isInvented: boolean;
}

/** Counts customers in bounded memory. Past MAX_CHECKED_CUSTOMERS, lines of new customers are not told apart. */
export class CustomersFound {
  readonly #areSpacesExpected: boolean;
  readonly #lines = new Map<string, number>();
  /** Lines up to the first customer for whom there was no room. */
  #linesTold = 0;
  #isFull = false;

  /** @param areSpacesExpected true where ids that all have spaces are worth a warning, but may well be right. */
  constructor(areSpacesExpected = false) {
    this.#areSpacesExpected = areSpacesExpected;
  }

  add(id: string): void {
    const lines = this.#lines.get(id);
    this.#isFull ||= lines === undefined && this.#lines.size >= MAX_CHECKED_CUSTOMERS;
    if (!this.#isFull) this.#linesTold++;
    if (lines !== undefined || !this.#isFull) this.#lines.set(id, (lines ?? 0) + 1);
  }

  summary(): CustomerSummary {
    const ids = [...this.#lines.keys()];
    const byLines = [...this.#lines].sort(([, a], [, b]) => b - a).slice(0, MOST_FREQUENT);
    const suspicions = suspicionsOf(ids, this.#areSpacesExpected);
    const isNearlyOneALine =
      this.#linesTold >= MIN_LINES_TO_JUDGE && ids.length >= NEARLY_ALL * this.#linesTold;
    const many = isNearlyOneALine
      ? [
          `nearly every line has a customer of its own: ${grouped(ids.length)} in ${grouped(this.#linesTold)} lines`,
        ]
      : [];
    return {
      distinct: ids.length,
      isExact: !this.#isFull,
      mostFrequent: byLines.map(([id, lines]) => ({ id, lines })),
      kinds: kindsOf(ids),
      warnings: [...many, ...suspicions.map(({ warning }) => warning)],
      isInvented: suspicions.some(({ isInvented }) => isInvented),
    };
  }
}

function kindsOf(ids: readonly string[]): KindFound[] {
  const kinds = new Map<string, KindFound>();
  for (const id of ids) {
    const kind = kindOf(id);
    const found = kinds.get(kind) ?? { kind, customers: 0, example: id };
    found.customers++;
    kinds.set(kind, found);
  }
  return [...kinds.values()].sort((a, b) => b.customers - a.customers);
}

interface SuspicionFound {
  readonly warning: string;
  readonly isInvented: boolean;
}

function suspicionsOf(ids: readonly string[], areSpacesExpected: boolean): SuspicionFound[] {
  const found = new Map<string, { example: string; customers: number } & Pick<Suspicion, 'isInvented'>>();
  for (const id of ids) {
    const suspicion = suspicionOf(id);
    if (suspicion === undefined) continue;
    const { because, isInvented } = suspicion;
    const known = found.get(because) ?? { example: id, customers: 0, isInvented };
    known.customers++;
    found.set(because, known);
  }
  return [...found].map(([because, { example, customers, isInvented }]) => ({
    warning: `${counted(customers, 'customer')} ${customers === 1 ? 'has' : 'have'} ${because}, such as ${JSON.stringify(example)}`,
    isInvented:
      isInvented === 'if nearly all'
        ? !areSpacesExpected && customers >= NEARLY_ALL * ids.length
        : isInvented,
  }));
}

/** For `--json`. */
export function customersAsJson(summary: CustomerSummary): Record<string, unknown> {
  return {
    distinct: summary.distinct,
    is_exact: summary.isExact,
    most_frequent: summary.mostFrequent.map(({ id, lines }) => ({ customer_id: id, lines })),
    kinds: summary.kinds,
    warnings: summary.warnings,
  };
}

/** For people: lines without their indent. */
export function customersAsText(summary: CustomerSummary): string[] {
  const { distinct, isExact, mostFrequent, kinds, warnings } = summary;
  if (distinct === 0) return [];
  const count = isExact ? counted(distinct, 'customer') : `more than ${counted(distinct, 'customer')}`;
  const first = isExact ? 'the most frequent' : `the most frequent of the first ${grouped(distinct)}`;
  return [
    `${count}, ${first}:`,
    ...mostFrequent.map(({ id, lines }) => `  ${id} (${counted(lines, 'line')})`),
    ...kinds.map(({ kind, customers, example }) => `  ${grouped(customers)} × ${kind}, such as ${example}`),
    ...warnings.map((warning) => `WARNING: the customers may be wrong: ${warning}`),
  ];
}
