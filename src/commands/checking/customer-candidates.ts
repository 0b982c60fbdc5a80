import type { LogFormat } from '../../log-format/format.ts';
import { customerFields } from '../../log-format/format-string/customer-names.ts';
import { columnsOf } from '../../log-format/reference/delimited.ts';

/** How many fields are named: a load balancer's line has some thirty. */
const MAX_FIELDS = 40;

/** The fields of a line that could be the customer, in the words that CUSTOMER_ID takes. */
export function fieldsOfLine(format: LogFormat, firstLine: Uint8Array): string[] {
  return namesIn(format, firstLine).slice(0, MAX_FIELDS);
}

function namesIn(format: LogFormat, firstLine: Uint8Array): string[] {
  switch (format.layout) {
    case 'pattern':
      return customerFields(format);
    case 'delimited': {
      const taken = new Set(
        format.fields.filter(({ field }) => field.role !== 'customer_id').map(({ name }) => name),
      );
      return columnsOf(firstLine, format.delimiter).filter((name) => name !== '' && !taken.has(name));
    }
    case 'json': {
      const taken = new Set(
        format.fields.filter(({ field }) => field.role !== 'customer_id').map(({ name }) => name),
      );
      return keysOf(firstLine).filter((name) => !taken.has(name));
    }
    case 'logfmt':
      return [];
  }
}

/** Keys of an object that lead to a text or a number, as CUSTOMER_ID writes them. */
function keysOf(line: Uint8Array): string[] {
  try {
    const value = JSON.parse(Buffer.from(line).toString());
    return Object.entries(value ?? {})
      .filter(([, each]) => typeof each === 'string' || typeof each === 'number')
      .map(([key]) => key.replace(/[.\\]/g, '\\$&'));
  } catch {
    return [];
  }
}
