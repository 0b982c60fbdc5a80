import fc from 'fast-check';
import { MAX_DURATION_US } from '../../src/limits.ts';
import type { ScannedRecord } from './scanning.ts';

const idCharacter = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'abcXYZ019_-.@/"\'%') },
  { weight: 1, arbitrary: fc.constantFrom('é', 'ß', '漢', '😀', '\u00a0') },
);

/** Customer ids that a log can hold: 1 to 255 bytes, no space, no control character. */
const customerId = fc
  .oneof(
    fc.string({ unit: idCharacter, minLength: 1, maxLength: 60 }),
    fc.string({ unit: fc.constant('x'), minLength: 240, maxLength: 255 }),
  )
  .filter((id) => Buffer.byteLength(id) <= 255);

/** Whole seconds from the year 1 to the end of 9999; mostly of our time. */
const eventTimeMs = fc
  .oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 4_102_444_799 }) },
    { weight: 1, arbitrary: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }) },
  )
  .map((seconds) => seconds * 1000);

const durationUs = fc.oneof(
  fc.integer({ min: 0, max: 9_999 }).map((ms) => ms * 1000),
  fc.integer({ min: 0, max: 9_999_999 }),
  fc.integer({ min: 0, max: MAX_DURATION_US }),
);

export interface WrittenLine {
  readonly record: ScannedRecord;
  readonly text: string;
}

/** A record and a line of the default format that says it. */
export const writtenLine: fc.Arbitrary<WrittenLine> = fc
  .record({
    eventTimeMs,
    customerId,
    path: fc.stringMatching(/^[!-~]{1,40}$/),
    status: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 100, max: 599 }) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    durationUs,
    decimals: fc.integer({ min: 0, max: 9 }),
    leadingZeros: fc.constantFrom('', '', '', '0', '0000000'),
    noResponse: fc.constantFrom('0', '000', '-1'),
  })
  .map(({ path, decimals, leadingZeros, noResponse, ...record }) => {
    const time = isoTime(record.eventTimeMs);
    const duration = leadingZeros + durationText(record.durationUs, decimals);
    const status = record.status === 0 ? noResponse : record.status;
    return { record, text: `${time} ${record.customerId} ${path} ${status} ${duration}` };
  });

export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** Seconds with as many decimals as asked for, or as needed. */
export function durationText(microseconds: number, decimals: number): string {
  const [whole, fraction] = [Math.floor(microseconds / 1e6), microseconds % 1e6];
  const digits = String(fraction).padStart(6, '0').padEnd(9, '0');
  const needed = digits.replace(/0+$/, '').length;
  const shown = digits.slice(0, Math.max(needed, decimals));
  return shown === '' ? String(whole) : `${whole}.${shown}`;
}
