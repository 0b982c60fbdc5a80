import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { LogFormat } from '../../src/log-format/format.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { PRESETS } from '../../src/log-format/presets.ts';
import { formatWithoutCustomer } from '../../src/log-format/recognise.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { UTC } from '../../src/window/zone.ts';
import { anyFormat, headOf, writtenIn } from '../support/formats.ts';
import { check } from '../support/property.ts';
import { scan, scanByReference } from '../support/scanning.ts';
import { tableOf } from '../support/zones.ts';

/** What the kernel reads by itself, it must read as the reference does; the rest it must leave to it. */

const ZONES = [UTC, tableOf('Europe/Berlin'), tableOf('Australia/Lord_Howe')];
const mutation = fc.tuple(
  fc.nat(300),
  fc.constantFrom('change', 'drop', 'double', 'cut', 'insert', 'number'),
  fc.oneof(fc.constantFrom(...Buffer.from(' "\\-,:{}[]=\t.09/;?%#')), fc.integer({ min: 0, max: 255 })),
);
/** Where sums, products and dates could pass over an edge. */
const EDGES = [
  '0',
  '00',
  '1e5',
  '-1',
  '4294967296',
  '9223372036855',
  '18446744073709551616',
  '86400.0000001',
  '9'.repeat(40),
];
const mutations = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }) },
);

function mutated(text: string, changes: readonly (readonly [number, string, number])[]): Buffer {
  let bytes = [...Buffer.from(text)];
  for (const [at, kind, byte] of changes) {
    const i = at % Math.max(1, bytes.length);
    if (kind === 'change') bytes[i] = byte;
    else if (kind === 'drop') bytes.splice(i, 1);
    else if (kind === 'double') bytes.splice(i, 0, bytes[i] ?? byte);
    else if (kind === 'insert') bytes.splice(i, 0, byte);
    else if (kind === 'number') bytes = withEdge(bytes, i, EDGES[byte % EDGES.length] ?? '');
    else bytes = bytes.slice(0, i);
  }
  return Buffer.from(bytes);
}

/** Puts a number into the place of the first one behind a position. */
function withEdge(bytes: readonly number[], from: number, edge: string): number[] {
  const text = Buffer.from(bytes).toString('latin1');
  const changed = text.slice(0, from) + text.slice(from).replace(/\d+(\.\d+)?/, edge);
  return [...Buffer.from(changed, 'latin1')];
}

/** With TEST_LONG a million lines, else a few thousand. */
const FORMATS = process.env.TEST_LONG ? 20_000 : 300;
const LINES_A_PRESET = process.env.TEST_LONG ? 20_000 : 1_000;
const LINES = process.env.TEST_LONG ? 60 : 8;

/** Lines of a format, good and broken, with settings to read them by. */
function logOf(format: LogFormat): fc.Arbitrary<{ settings: ScanSettings; bytes: Buffer }> {
  const good = fc.tuple(writtenIn(format), mutations).map(([{ text }, changes]) => mutated(text, changes));
  const anything = fc.oneof(
    { weight: 9, arbitrary: good },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  );
  const line = fc.tuple(anything, fc.constantFrom('\n', '\n', '\r\n'));
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: LINES, size: 'max' }),
      zone: fc.constantFrom(...ZONES),
      missingCustomerId: fc.constantFrom(undefined, undefined, 'anonymous'),
    })
    .map(({ lines, zone, missingCustomerId }) => {
      const parts = lines.flatMap(([text, end]) => [text, Buffer.from(end)]);
      return {
        settings: { format, logZone: zone, missingCustomerId },
        bytes: Buffer.concat([headOf(format), ...parts]),
      };
    });
}

let lines = 0;
afterAll(() => console.log(`lines compared: ${lines}`));

/** Holds the scanner to the reference parser; every line must be accounted for. */
function compare({ settings, bytes }: { settings: ScanSettings; bytes: Buffer }): void {
  const scanned = scan(bytes, { settings });
  expect(scanned).toEqual(scanByReference(bytes, settings));
  const timesMs = scanned.records.map(({ eventTimeMs }) => eventTimeMs).sort((a, b) => a - b);
  const bounds = [timesMs[timesMs.length >> 2] ?? 0, (timesMs.at(-1) ?? 0) - 1] as const;
  expect(scan(bytes, { settings, bounds })).toEqual(scanByReference(bytes, settings, bounds));
  lines += scanned.lines;
}

describe('the scanner of any format', () => {
  it('says of any lines what the reference parser says of them, within bounds of time, too', () => {
    check(fc.property(anyFormat.chain(logOf), compare), FORMATS);
  });

  it.each(PRESETS.map(({ name }) => name))(
    'says of lines of the preset %s what the reference says',
    (name) => {
      const format = formatWithoutCustomer(parseLogFormat(name));
      check(fc.property(logOf(format), compare), (2 * LINES_A_PRESET) / LINES);
    },
  );
});
