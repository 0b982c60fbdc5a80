/** W3C extended logs whose columns change in the middle. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldElement, W3cFormat } from '../../src/log-format/format.ts';
import { HeaderTracker } from '../../src/pipeline/scan/header-tracker.ts';
import { type Partition, storedPosition } from '../../src/source/contract.ts';
import { UTC } from '../../src/window/zone.ts';
import { recordOf } from '../support/formats.ts';
import { check, runsOf } from '../support/property.ts';
import { Choice } from '../support/random-choice.ts';
import { randomNumbers } from '../support/random-log.ts';
import { renderLine, w3cHeaderOf } from '../support/render.ts';
import {
  linesReadByKernel,
  type Scanned,
  type ScannedRecord,
  scan,
  scanByReference,
} from '../support/scanning.ts';

const element = (field: FieldElement['field'], column: string, isOptional = false) => ({
  ...{ field, name: column, column, isOptional, mayBeAbsent: isOptional },
});

const FORMAT: W3cFormat = {
  layout: 'w3c',
  escapes: 'none',
  fields: [
    element({ role: 'timestamp', kind: 'iso8601', part: 'date' }, 'date'),
    element({ role: 'timestamp', kind: 'iso8601', part: 'time' }, 'time'),
    element({ role: 'customer_id' }, 'cs-username', true),
    element({ role: 'request_path' }, 'cs-uri-stem', true),
    element({ role: 'status' }, 'sc-status'),
    element({ role: 'duration', unit: 'ms' }, 'time-taken', true),
  ],
};
const SETTINGS = { format: FORMAT, logZone: UTC, missingCustomerId: undefined };
const SKIPPED = ['s-ip', 'cs(User-Agent)', 'sc-bytes', 'x-a'].map((column) =>
  element({ role: 'skip' }, column, true),
);

/** The same columns and some more, in another order. */
function withOtherColumns(choice: Choice): W3cFormat {
  const more = SKIPPED.slice(0, choice.below(SKIPPED.length + 1));
  return { ...FORMAT, fields: choice.shuffled([...FORMAT.fields, ...more]) };
}

interface Log {
  /** With their newlines. */
  readonly lines: readonly string[];
  readonly records: readonly ScannedRecord[];
}

/** Lines below headers; each header has other columns. */
const anyLog: fc.Arbitrary<Log> = fc
  .tuple(
    fc.array(fc.array(recordOf(FORMAT), { maxLength: 12 }), { minLength: 1, maxLength: 5 }),
    fc.nat(),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([blocks, seed, end]) => {
    const choice = new Choice(randomNumbers(seed), 0.05);
    const lines = blocks.flatMap((records) => {
      const format = withOtherColumns(choice);
      const comment = choice.of([[], ['#Date: 2024-10-02 05:10:46']]);
      return [
        w3cHeaderOf(format),
        ...comment,
        ...records.map((record) => renderLine(format, record, choice)),
      ];
    });
    return { lines: lines.map((line) => line + end), records: blocks.flat() };
  });

const bytesOf = (lines: readonly string[]) => Buffer.from(lines.join(''));

const PARTITION = { id: 'a', offset: storedPosition(0) } as Partition;

/** Scans the lines from one of them on, as a run that is resumed there. */
function scanFrom(lines: readonly string[], at: number, tracker: HeaderTracker, pieceBytes: number): Scanned {
  const before = bytesOf(lines.slice(0, at));
  const { lookback, end } = tracker.begin({ ...PARTITION, offset: storedPosition(before.length) });
  for (let from = lookback.from ?? 0; from < before.length; from += pieceBytes)
    lookback.see(before.subarray(from, from + pieceBytes));
  return scan(bytesOf(lines.slice(at)), { settings: SETTINGS, offset: before.length, head: end() });
}

describe('a W3C extended log whose columns change', () => {
  it('is read by the header above each line, by the kernel as by the reference parser', () => {
    const before = linesReadByKernel();
    let lines = 0;
    check(
      fc.property(anyLog, ({ lines: text, records }) => {
        const expected = scanByReference(bytesOf(text), SETTINGS);
        expect(expected.records).toEqual(records);
        expect(scan(bytesOf(text), { settings: SETTINGS })).toEqual(expected);
        expect(scan(bytesOf(text), { settings: SETTINGS, blockBytes: [7, 300], maxLines: 3 })).toEqual(
          expected,
        );
        lines += records.length;
      }),
      runsOf({ fast: 100, normal: 300, long: 3_000 }),
    );
    expect(linesReadByKernel() - before).toBeGreaterThan(lines / 2);
  });

  it('gives the same records wherever reading is resumed, in a new process and in the same one', () => {
    const run = fc.tuple(anyLog, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 400 }));
    check(
      fc.property(run, ([{ lines, records }, first, second, pieceBytes]) => {
        const [a, b] = [first % (lines.length + 1), second % (lines.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const known = new HeaderTracker();
        const parts = [
          scanFrom(lines.slice(0, a), 0, known, pieceBytes),
          scanFrom(lines.slice(0, b), a, known, pieceBytes),
        ];
        for (const tracker of [known, new HeaderTracker()]) {
          const rest = scanFrom(lines, b, tracker, pieceBytes);
          expect([...parts, rest].flatMap((part) => part.records)).toEqual(records);
        }
      }),
      runsOf({ fast: 100, normal: 300, long: 3_000 }),
    );
  });

  it('is not read by a header whose line was counted before its end', () => {
    const [half, rest, line] = [
      '#Fields: date time cs-username',
      ' sc-status\n',
      '2024-10-02 05:10:46 bob 200\n',
    ];
    for (const tracker of [new HeaderTracker(), new HeaderTracker()]) {
      const { lookback, end } = tracker.begin({ ...PARTITION, offset: storedPosition(half.length) });
      lookback.see(Buffer.from(half));
      const settings = { settings: SETTINGS, offset: half.length, isInsideLine: true, head: end() };
      const { rejections } = scan(Buffer.from(rest + line), settings);
      expect(rejections.map(({ reason }) => reason)).toEqual(['continued_line', 'unknown_columns']);
    }
  });

  it('is not read by a header before one that is too long', () => {
    const [header, line] = ['#Fields: date time cs-username sc-status', '2024-10-02 05:10:46 bob 200\n'];
    const lines = [`${header}\n`, line, `${header} ${'x'.repeat(200_000)}\n`, line];
    const { rejections } = scan(bytesOf(lines), { settings: SETTINGS, head: new Uint8Array() });
    expect(rejections.map(({ reason }) => reason)).toEqual([
      'header_line',
      'line_too_long',
      'unknown_columns',
    ]);
    expect(scanFrom(lines, 3, new HeaderTracker(), 1_000).rejections).toMatchObject([
      { reason: 'unknown_columns' },
    ]);
  });

  it('may begin with a byte order mark before its header', () => {
    const lines = ['\ufeff#Fields: date time cs-username sc-status\n', '2024-10-02 05:10:46 bob 200\n'];
    expect(scanFrom(lines, 1, new HeaderTracker(), 1_000).records).toMatchObject([{ customerId: 'bob' }]);
  });
});
