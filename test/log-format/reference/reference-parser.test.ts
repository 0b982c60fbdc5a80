import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../../src/limits.ts';
import type { LogFormat } from '../../../src/log-format/format.ts';
import { REJECTION_REASONS } from '../../../src/log-format/types.ts';
import { type ParsedLine, parseLine } from '../../support/default-line.ts';
import { anyFormat, anyFormatOf, headOf, recordOf, writtenIn } from '../../support/formats.ts';
import { DEFAULT_FORMAT } from '../../support/log-formats.ts';
import { writtenLine } from '../../support/log-lines.ts';
import { check, runsOf } from '../../support/property.ts';
import { readerOf } from '../../support/reading.ts';
import type { ScannedRecord } from '../../support/scanning.ts';

const LAYOUTS = ['pattern', 'json', 'logfmt', 'ltsv', 'w3c', 'delimited'] as const;

describe('a line of any format', () => {
  it.each(LAYOUTS)('reads as the record that it was written from: %s', (layout) => {
    const written = anyFormatOf(layout).chain((format) => fc.tuple(fc.constant(format), writtenIn(format)));
    check(
      fc.property(written, ([format, { record, text }]) => {
        expect(readerOf(format)(text)).toEqual(record);
      }),
      3000,
    );
  });

  it('is a record or has a reason, whatever its bytes are', () => {
    const mutated = anyFormat.chain((format) =>
      fc.tuple(fc.constant(format), writtenIn(format), fc.array(mutation, { minLength: 1, maxLength: 4 })),
    );
    check(
      fc.property(mutated, ([format, { text }, mutations]) => {
        const line = mutations.reduce(mutate, Buffer.from(text));
        expectRecordOrReason(readerOf(format)(line));
      }),
      3000,
    );
  });

  it('is a record or has a reason where it is noise', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string().map((text) => Buffer.from(text)),
    );
    check(
      fc.property(anyFormat, noise, (format, line) => {
        expectRecordOrReason(readerOf(format)(line));
      }),
      1000,
    );
  });

  it('is empty, or too long, before it is anything else', () => {
    check(
      fc.property(anyFormat, (format) => {
        const read = readerOf(format);
        expect(read('')).toBe('empty_line');
        expect(read('x'.repeat(MAX_LINE_BYTES + 1))).toBe('line_too_long');
        expect(read('x'.repeat(MAX_LINE_BYTES))).not.toBe('line_too_long');
      }),
      50,
    );
  });

  it.each(['[', '{', '"', '\\', '9', ' ', '=', ',', '{"a":', '\\u0041', '-,'])(
    'may be as long as lines may be, of %j only',
    (part) => {
      const line = part.repeat((MAX_LINE_BYTES - 6) / part.length);
      check(
        fc.property(anyFormat, (format) => {
          expectRecordOrReason(readerOf(format)(line));
          expectRecordOrReason(readerOf(format)(`{"x":${line}`));
          expectRecordOrReason(readerOf(format)(`k0="${line}`));
        }),
        10,
      );
    },
  );

  it('keeps nothing of the line before it', () => {
    const two = anyFormat.chain((format) =>
      fc.tuple(fc.constant(format), writtenIn(format), writtenIn(format), fc.nat()),
    );
    check(
      fc.property(two, ([format, first, second, cut]) => {
        const read = readerOf(format);
        const broken = Buffer.from(first.text).subarray(0, cut % first.text.length);
        read(broken);
        expect(read(second.text)).toEqual(second.record);
      }),
      500,
    );
  });

  it('may lie anywhere in its bytes', () => {
    const format = anyFormat.chain((format) => fc.tuple(fc.constant(format), writtenIn(format)));
    check(
      fc.property(format, ([format, { record, text }]) => {
        const around = Buffer.concat([Buffer.from('7" {'), Buffer.from(text), Buffer.from('7"}')]);
        const inner = around.subarray(4, around.length - 3);
        expect(readerOf(format)(inner)).toEqual(record);
      }),
      200,
    );
  });
});

type Mutation = readonly ['cut' | 'remove' | 'set' | 'double', number, number];

const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.constantFrom('cut', 'remove', 'set', 'double'),
  fc.nat(),
  fc.oneof(fc.constantFrom(...Buffer.from(' "\\{}[]:,-.=%/09')), fc.nat({ max: 255 })),
);

function mutate(line: Buffer, [kind, place, byte]: Mutation): Buffer {
  const at = line.length === 0 ? 0 : place % line.length;
  if (kind === 'cut') return line.subarray(0, at);
  if (kind === 'set')
    return Buffer.concat([line.subarray(0, at), Buffer.from([byte]), line.subarray(at + 1)]);
  return Buffer.concat([line.subarray(0, at), line.subarray(kind === 'remove' ? at + 1 : at - 1)]);
}

function expectRecordOrReason(verdict: ScannedRecord | string): void {
  if (typeof verdict === 'string') {
    expect(REJECTION_REASONS).toHaveProperty(verdict);
    return;
  }
  expect(verdict.eventTimeMs).toBe(Math.trunc(verdict.eventTimeMs));
  expect(new Date(verdict.eventTimeMs).toISOString()).toMatch(/^\d{4}-/);
  expect(verdict.customerId).toMatch(/^\P{Cc}+$/u);
  expect(Buffer.byteLength(verdict.customerId)).toBeLessThanOrEqual(255);
  expect(verdict.status).toSatisfy((status: number) => status === 0 || (status >= 100 && status <= 599));
  expect(verdict.durationUs).toSatisfy((us: number) => us >= -1 && us <= 86_400_000_000 && us % 1 === 0);
}

describe('the default format as a pattern', () => {
  const readPattern = readerOf(DEFAULT_FORMAT);

  /** The result of the parser of the default format. It does not tell an empty id from a missing one. */
  function readPlainly(line: Buffer): ScannedRecord | string {
    const parsed: ParsedLine = { eventTimeMs: 0, customerStart: 0, customerEnd: 0, status: 0, durationUs: 0 };
    const reason = parseLine(line, 0, line.length, parsed);
    const isIdEmpty = line.length === 20 || line[20] === 0x20;
    if (reason) return reason === 'invalid_customer_id' && isIdEmpty ? 'missing_customer_id' : reason;
    const { customerStart, customerEnd, ...record } = parsed;
    return { ...record, customerId: line.toString('utf8', customerStart, customerEnd) };
  }

  it('reads every line as the parser of the default format does, whole and broken', () => {
    check(
      fc.property(writtenLine, fc.array(mutation, { maxLength: 4 }), ({ text }, mutations) => {
        const line = mutations.reduce(mutate, Buffer.from(text));
        expect(readPattern(line)).toEqual(readPlainly(line));
      }),
      runsOf({ fast: 4_000, normal: 20_000, long: 20_000 }),
    );
  });

  it('reads each beginning of a line as the parser of the default format does', () => {
    const line = Buffer.from('2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316 x');
    for (let length = 0; length <= line.length; length++) {
      const beginning = line.subarray(0, length);
      expect([length, readPattern(beginning)]).toEqual([length, readPlainly(beginning)]);
    }
  });

  it('takes a hyphen for a customer id like any other, as its place is never empty', () => {
    expect(readPattern('2024-10-02 05:10:46 - / 200 0.1')).toMatchObject({ customerId: '-' });
  });
});

describe('a line without a customer id', () => {
  it('counts for the customer of such lines, if there is one', () => {
    const line = '2024-10-02 05:10:46  / 200 0.1';
    expect(readerOf(DEFAULT_FORMAT)(line)).toBe('missing_customer_id');
    const read = readerOf(DEFAULT_FORMAT, { missingCustomerId: 'nobody é' });
    expect(read(line)).toMatchObject({ customerId: 'nobody é' });
    expect(read('2024-10-02 05:10:46 a\tb / 200 0.1')).toBe('invalid_customer_id');
  });
});

describe('the arbitraries of formats', () => {
  it('say all kinds of records: with and without duration', () => {
    const formats: LogFormat[] = fc.sample(anyFormat, { numRuns: 200, seed: 1 });
    const records = formats.flatMap((format) => fc.sample(recordOf(format), { numRuns: 5, seed: 1 }));
    expect(records.some(({ durationUs }) => durationUs === -1)).toBe(true);
    expect(records.some(({ durationUs }) => durationUs > 0)).toBe(true);
    expect(new Set(formats.map(({ layout }) => layout)).size).toBe(6);
    expect(formats.some((format) => headOf(format).length > 0)).toBe(true);
  });
});
