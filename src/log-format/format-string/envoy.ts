/**
 * Envoy's command operators: `[%START_TIME%] "%REQ(:METHOD)% …`.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */

import type { Field, PatternFormat, TextKind } from '../format.ts';
import { isCustomerHeader } from './customer-header.ts';
import { formatFault } from './fault.ts';
import { type DialectField, type Piece, patternOf, skipped, withoutRivals } from './pattern-builder.ts';
import { faultOfTimeForm, kindOfTimeForm } from './time-form.ts';

/** @throws {DaymarkError} INVALID_LOG_FORMAT. */
export function parseEnvoy(text: string): PatternFormat {
  // Envoy's formats end with a newline, written out or as `\n`. It ends the line.
  const value = text.replace(/(\\n|\n)+$/, '').replace(/\\(["\\])/g, '$1');
  return patternOf(value, withoutRivals(piecesOf(value)), {
    escapes: 'none',
    examples: { timestamp: '%START_TIME%', status: '%RESPONSE_CODE%' },
  });
}

function piecesOf(value: string): Piece[] {
  const pieces: Piece[] = [];
  const grammar = /([^%]+)|%%|%([A-Z0-9_]+)(?:\(([^)]*)\))?(?::\d+)?%/y;
  while (grammar.lastIndex < value.length) {
    const at = grammar.lastIndex;
    const match = grammar.exec(value);
    if (!match)
      throw formatFault(value, at, 'An operator is written `%NAME%` or `%NAME(ARGUMENTS):LENGTH%`.');
    const [, literal, operator, parameter] = match;
    if (operator === undefined) pieces.push(literal ?? '%');
    else pieces.push(dialectFieldOf(value, operator, parameter, at));
  }
  return pieces;
}

function dialectFieldOf(
  value: string,
  operator: string,
  parameter: string | undefined,
  at: number,
): DialectField {
  const name = parameter === undefined ? operator : `${operator}(${parameter})`;
  const field = envoyField(value, operator, parameter, at);
  if (!field) return skipped(name, at, textKindOf(operator));
  const isOptional = field.role !== 'timestamp' && field.role !== 'status';
  return { field, name, isOptional, rank: 0, at };
}

/** What Envoy writes for an operator that daymark skips. Undefined: anything. */
function textKindOf(operator: string): TextKind | undefined {
  if (/_ADDRESS_WITHOUT_PORT$/.test(operator)) return 'host';
  return /^(PROTOCOL|RESPONSE_FLAGS|BYTES_RECEIVED|BYTES_SENT|UPSTREAM_HOST|DOWNSTREAM_.*_(ADDRESS|PORT))$/.test(
    operator,
  )
    ? 'word'
    : undefined;
}

/**
 * The field of an operator. Undefined where daymark does not need it.
 * @param value the whole format, for error messages. @param at where the operator is in it.
 */
export function envoyField(
  value: string,
  operator: string,
  parameter: string | undefined,
  at: number,
): Field | undefined {
  return operator === 'START_TIME' ? timestampOf(value, parameter, at) : fieldOf(operator, parameter ?? '');
}

function timestampOf(value: string, form: string | undefined, at: number): Field {
  const kind = form === undefined || form === '' ? 'iso8601' : kindOfTimeForm(form);
  if (kind) return { role: 'timestamp', kind };
  throw formatFault(value, at, `daymark cannot read this form of time. ${faultOfTimeForm(form ?? '')}`);
}

function fieldOf(operator: string, parameter: string): Field | undefined {
  if (operator === 'RESPONSE_CODE') return { role: 'status' };
  if (operator === 'DURATION') return { role: 'duration', unit: 'ms' };
  if (operator === 'PATH') return { role: 'request_path' };
  if (operator !== 'REQ' && operator !== 'REQ_WITHOUT_QUERY') return undefined;
  // `A?B` means the header A, or B where there is no A.
  const headers = parameter.split('?');
  if (headers.includes(':PATH')) return { role: 'request_path' };
  return headers.some(isCustomerHeader) ? { role: 'customer_id' } : undefined;
}
