import type { FieldElement, LogFormat } from '../../log-format/format.ts';
import { customerFields } from '../../log-format/format-string/customer.ts';
import { columnsOf } from '../../log-format/reference/delimited.ts';
import { columnsInHeader, isW3cHeader } from '../../log-format/w3c-header.ts';

/** How many fields are named: a load balancer's line has some thirty. */
const MAX_FIELDS = 40;

/**
 * The fields of a line that could be the customer, in the words that CUSTOMER_ID takes.
 * @param sample the first bytes of the log.
 */
export function fieldsOfLine(format: LogFormat, sample: Uint8Array): string[] {
  return namesIn(format, sample).slice(0, MAX_FIELDS);
}

function namesIn(format: LogFormat, sample: Uint8Array): string[] {
  switch (format.layout) {
    case 'pattern':
      return customerFields(format);
    case 'delimited':
      return freeNames(columnsOf(sample, format.delimiter), format.fields);
    case 'json':
      return freeNames(keysOf(linesIn(sample)[0] ?? ''), format.fields);
    case 'w3c': {
      const header = linesIn(sample).find(isW3cHeader);
      return freeNames(columnsInHeader(header ?? '') ?? format.columns ?? [], format.fields);
    }
    case 'logfmt':
    case 'ltsv':
      return [];
  }
}

function linesIn(sample: Uint8Array): string[] {
  return Buffer.from(sample).toString().split('\n');
}

/** The names that are not taken for something else than the customer. */
function freeNames(names: readonly string[], fields: readonly FieldElement[]): string[] {
  const others = fields.filter(({ field }) => field.role !== 'customer_id');
  const taken = new Set(others.map(({ name }) => name));
  return names.filter((name) => name !== '' && !taken.has(name));
}

/** Keys of an object that lead to a text or a number, as CUSTOMER_ID writes them. */
function keysOf(line: string): string[] {
  try {
    const value = JSON.parse(line);
    return Object.entries(value ?? {})
      .filter(([, each]) => typeof each === 'string' || typeof each === 'number')
      .map(([key]) => key.replace(/[.\\]/g, '\\$&'));
  } catch {
    return [];
  }
}
