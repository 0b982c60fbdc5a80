/** The file that CUSTOMERS_FILE names. */

import { readFileSync, statSync } from 'node:fs';
import type { CustomerNames } from '../../api/customer-names.ts';
import { whyUnreadable } from '../../config/config-file.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { CUSTOMERS_FILE_POLL_MS, MAX_CUSTOMERS_FILE_BYTES } from '../../limits.ts';
import { type CustomerTable, parseCustomerTable } from '../../log-format/customer-table.ts';

/** @throws {DaymarkError} INVALID_SETTING. */
export function readCustomersFile(path: string): CustomerTable {
  const refuse = (why: string) =>
    new DaymarkError('INVALID_SETTING', `CUSTOMERS_FILE names the file ${path}, but ${why}.`);
  let bytes: Buffer;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw refuse('it is no regular file');
    if (stats.size > MAX_CUSTOMERS_FILE_BYTES)
      throw refuse(`it is longer than ${MAX_CUSTOMERS_FILE_BYTES} bytes`);
    bytes = readFileSync(path);
  } catch (error) {
    throw error instanceof DaymarkError ? error : refuse(whyUnreadable(error));
  }
  return parseCustomerTable(bytes, path);
}

/** The table of customers in a file that may change. */
export class CustomersFile {
  readonly #path: string;
  readonly #problem: (error: DaymarkError) => void;
  readonly #now: () => number;
  #table: CustomerTable;
  /** The version of the file that was read, or refused. */
  #taken: string;
  /** The version at the last look, and when that was. */
  #seen: string;
  #lookedMs: number;

  /**
   * @param problem hears once of each version that cannot be used. The table before it stays.
   * @param now a clock that never goes back, in milliseconds.
   * @throws {DaymarkError} INVALID_SETTING where it cannot be used now.
   */
  constructor(path: string, problem: (error: DaymarkError) => void, now: () => number) {
    this.#path = path;
    this.#problem = problem;
    this.#now = now;
    this.#seen = this.#taken = versionOf(path);
    this.#lookedMs = now();
    this.#table = readCustomersFile(path);
  }

  /**
   * The table as the file has it; at most CUSTOMERS_FILE_POLL_MS old. A file that changed since the last look may be half
   * written, so it is read only when it has rested from one look to the next.
   */
  get table(): CustomerTable {
    if (this.#now() - this.#lookedMs < CUSTOMERS_FILE_POLL_MS) return this.#table;
    this.#lookedMs = this.#now();
    const version = versionOf(this.#path);
    const hasRested = version === this.#seen;
    this.#seen = version;
    if (hasRested && version !== this.#taken) this.#take(version);
    return this.#table;
  }

  #take(version: string): void {
    this.#taken = version;
    try {
      this.#table = readCustomersFile(this.#path);
    } catch (error) {
      if (!(error instanceof DaymarkError)) throw error;
      const detail = `The customers as they were before are used on. ${error.message}`;
      this.#problem(new DaymarkError('CUSTOMERS_REFUSED', detail, { cause: error }));
    }
  }
}

/** Aliases and names as the file has them; undefined where CUSTOMERS_FILE is not set. */
export function customerNamesOf(
  { CUSTOMERS_FILE: path }: Settings,
  problem: (error: DaymarkError) => void,
): CustomerNames | undefined {
  if (path === undefined) return undefined;
  const file = new CustomersFile(path, problem, () => performance.now());
  return {
    idOf: (id) => file.table.aliases.get(id) ?? id,
    nameOf: (id) => file.table.names.get(id),
  };
}

/** Differs for two versions of a file. */
function versionOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join();
  } catch (error) {
    return whyUnreadable(error);
  }
}
