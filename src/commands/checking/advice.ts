/** Advises on a file: commands to paste into a shell. */

import type { Settings } from '../../config/settings.ts';
import { shellCommand } from '../cli/shell.ts';
import type { FileFormat } from './format-check.ts';

const PATH_TEMPLATE = '/customers/{customer_id}';

/** A command, and what it is for. */
export interface Advice {
  readonly purpose: string;
  readonly command: string;
}

/**
 * Commands for the file: to read it, or to find out where its customers are.
 * @param given the settings as the operator gave them: LOG_FORMAT may name a file.
 * @param customers whether lines lack a customer id, and whether any line would be accepted.
 */
export function adviceFor(
  format: FileFormat,
  given: Settings,
  path: string,
  { isMissing, isAnyAccepted }: { readonly isMissing: boolean; readonly isAnyAccepted: boolean },
): Advice[] {
  const settings = settingsFor(format, given);
  if (settings === undefined) return [];
  const command = (name: string, more: Record<string, string> = {}) =>
    shellCommand({ ...settings, ...more }, name, [path]);
  if (format.customerNeeded === undefined && !isMissing)
    return isAnyAccepted ? [{ purpose: 'to read it', command: command('ingest') }] : [];
  const [field] = format.customerFields;
  const ways: Advice[] = [];
  if (format.customerNeeded === undefined && isAnyAccepted)
    ways.push({ purpose: 'to read the lines that have a customer', command: command('ingest') });
  if (field !== undefined)
    ways.push({
      purpose: 'to try a field as the customer',
      command: command('check', { CUSTOMER_ID: field }),
    });
  if (format.hasPath)
    ways.push({
      purpose: 'to try a place in the path as the customer',
      command: command('check', { CUSTOMER_ID: PATH_TEMPLATE }),
    });
  if (format.customerNeeded === undefined)
    ways.push({
      purpose: 'to count lines without a customer for one',
      command: command('ingest', { MISSING_CUSTOMER_ID: 'anonymous' }),
    });
  return ways;
}

/** All that decides what a line means, so that the command does not depend on the environment. */
function settingsFor(
  { name, scan: { wrapper } }: FileFormat,
  given: Settings,
): Record<string, string> | undefined {
  if (name === undefined) return undefined;
  const { LOG_FORMAT = name, LOG_WRAPPER = wrapper, CUSTOMER_ID, CUSTOMERS_FILE } = given;
  const { MISSING_CUSTOMER_ID, LOG_TIME_ZONE, EXCLUDE, INCLUDE, ENDPOINTS } = given;
  return {
    ...(LOG_FORMAT === 'default' ? {} : { LOG_FORMAT }),
    ...(LOG_WRAPPER === undefined || LOG_WRAPPER === 'none' ? {} : { LOG_WRAPPER }),
    ...(CUSTOMER_ID === undefined ? {} : { CUSTOMER_ID }),
    ...(CUSTOMERS_FILE === undefined ? {} : { CUSTOMERS_FILE }),
    ...(MISSING_CUSTOMER_ID === undefined ? {} : { MISSING_CUSTOMER_ID }),
    ...(LOG_TIME_ZONE === 'UTC' ? {} : { LOG_TIME_ZONE }),
    ...(EXCLUDE === undefined ? {} : { EXCLUDE }),
    ...(INCLUDE === undefined ? {} : { INCLUDE }),
    ...(ENDPOINTS === 'auto' ? {} : { ENDPOINTS }),
  };
}
