import { expect } from 'vitest';
import type { FieldElement, LogFormat } from '../../src/log-format/format.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';

/** The format that a text describes. */
export const parse = (text: string): LogFormat => parseLogFormat(text).unresolved;

/** A field in short: `status`, `timestamp clf`, `duration ms?`, `-name` for one that is passed over. */
function inShort({ field, name, isOptional }: FieldElement): string {
  if (field.role === 'skip') return `-${name}`;
  const kind = 'kind' in field ? ` ${field.kind}` : field.role === 'duration' ? ` ${field.unit}` : '';
  return `${field.role}${kind}${isOptional ? '?' : ''}`;
}

/** The elements of a pattern: text as it stands, fields in brackets. */
export function elementsOf(text: string): string {
  const format = parse(text);
  if (format.layout !== 'pattern') throw new Error(`${format.layout} is no pattern`);
  return format.elements
    .map((element) => (typeof element === 'string' ? element : `<${inShort(element)}>`))
    .join('');
}

/** An error with a code, whose message holds these words. */
export const wrong = (message: string, code = 'INVALID_LOG_FORMAT') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
