/** The file that CUSTOMERS_FILE names. */

import { readFileSync, statSync } from 'node:fs';
import type { CustomerNames } from '../../api/customer-names.ts';
import { whyUnreadable } from '../../config/config-file.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_CUSTOMERS_FILE_BYTES } from '../../limits.ts';
import { type CustomerTable, parseCustomerTable } from '../../log-format/customer-table.ts';
import { PolledFiles } from '../serving/polled-files.ts';

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

/** The table of customers in a file that may change. @param problem hears once of each version that cannot be used. */
export function polledCustomersFile(
  path: string,
  problem: (error: DaymarkError) => void,
): PolledFiles<CustomerTable> {
  return new PolledFiles({
    paths: [path],
    read: () => readCustomersFile(path),
    refused: (error) => {
      const detail = `The customers as they were before are used on. ${error.message}`;
      problem(new DaymarkError('CUSTOMERS_REFUSED', detail, { cause: error }));
    },
  }).watch();
}

/** Aliases and names as the file has them; undefined where CUSTOMERS_FILE is not set. */
export function customerNamesOf(
  { CUSTOMERS_FILE: path }: Settings,
  problem: (error: DaymarkError) => void,
): CustomerNames | undefined {
  if (path === undefined) return undefined;
  const file = polledCustomersFile(path, problem);
  return {
    idOf: (id) => file.value.aliases.get(id) ?? id,
    nameOf: (id) => file.value.names.get(id),
    isPublic: (id) => file.value.publicIds.has(id),
    aliasesOf: (id) => file.value.aliasesOf.get(id) ?? [],
  };
}
