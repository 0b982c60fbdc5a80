import type { CustomTypesConfig } from 'pg';
import { bug } from '../../errors.ts';

const OID_BOOL = 16;
const OID_INT8 = 20;
const OID_INT4 = 23;
const OID_FLOAT8 = 701;
const OID_BYTEA = 17;

/**
 * Turns values of PostgreSQL into values of JavaScript. By default, `pg` turns `bigint` into strings, and a `date` into an
 * instant in the time zone of this machine. Types that are not listed stay texts; that is right for `date`.
 */
export const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number) => PARSERS[oid] ?? asWritten,
};

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID_BOOL]: (text) => text === 't',
  [OID_INT4]: parseInteger,
  [OID_INT8]: parseInteger,
  [OID_FLOAT8]: Number,
  [OID_BYTEA]: parseHex,
};

function asWritten(text: string): string {
  return text;
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw bug(`${text} does not fit into a number`);
  return value;
}

/** @param text `\x` and hexadecimal digits, because the session has set `bytea_output`. */
function parseHex(text: string): Uint8Array {
  return Buffer.from(text.slice(2), 'hex');
}
