import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../src/limits.ts';
import type { LogFormat } from '../../src/log-format/format.ts';
import { resolveLogFormat } from '../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { PRESETS } from '../../src/log-format/presets.ts';
import { formatWithoutCustomer } from '../../src/log-format/recognise.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { UTC } from '../../src/window/zone.ts';
import { anyFormat, choices, headOf, writtenIn } from '../support/formats.ts';
import { check, runsOf, SEED } from '../support/property.ts';
import { rulesFor } from '../support/rules.ts';
import { linesReadByKernel, type Scanned, scan, scanByReference } from '../support/scanning.ts';
import { tableOf } from '../support/zones.ts';

/** The kernel must read plain lines like the reference parser, and leave all other lines to it. */

const ZONES = [UTC, tableOf('Europe/Berlin'), tableOf('Australia/Lord_Howe')];
const mutation = fc.tuple(
  fc.nat(300),
  fc.oneof(
    { weight: 600, arbitrary: fc.constantFrom('change', 'drop', 'double', 'cut', 'insert', 'number') },
    { weight: 1, arbitrary: fc.constant('stretch') },
  ),
  fc.oneof(fc.constantFrom(...Buffer.from(' "\\-,:{}[]=\t.09/;?%#')), fc.integer({ min: 0, max: 255 })),
);
/** Numbers at which sums, products and dates could overflow. */
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
  { weight: 4, arbitrary: fc.constant([]) },
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
    else if (kind === 'stretch') bytes = stretched(bytes, i, byte);
    else if (kind === 'number') bytes = withEdge(bytes, i, EDGES[byte % EDGES.length] ?? '');
    else bytes = bytes.slice(0, i);
  }
  return Buffer.from(bytes);
}

/** Replaces the first number behind a position. */
function withEdge(bytes: readonly number[], from: number, edge: string): number[] {
  const text = Buffer.from(bytes).toString('latin1');
  const changed = text.slice(0, from) + text.slice(from).replace(/\d+(\.\d+)?/, edge);
  return [...Buffer.from(changed, 'latin1')];
}

/** Repeats a byte until the line is about as long as a line may be. */
function stretched(bytes: readonly number[], at: number, byte: number): number[] {
  const missing = MAX_LINE_BYTES - bytes.length + (byte % 5) - 2;
  return [
    ...bytes.slice(0, at),
    ...new Array(Math.max(0, missing)).fill(bytes[at] ?? byte),
    ...bytes.slice(at),
  ];
}

/** A million lines with TEST_LONG, else a hundredth. Each log has a new kernel, which costs as much as 50 lines. */
const IS_LONG = process.env.TEST_LONG !== undefined;
const FORMATS = runsOf({ fast: 75, normal: 300, long: 4_000 });
const LOGS_A_PRESET = runsOf({ fast: 10, normal: 40, long: 300 });
const [LINES_A_FORMAT, LINES_A_LOG] = IS_LONG ? [400, 400] : [24, 80];

interface Log {
  readonly settings: ScanSettings;
  readonly bytes: Buffer;
  /** The settings for reading it a second time. */
  readonly reads: { readonly blockBytes: readonly number[]; readonly maxLines: number };
}

/** Ids that occur in lines, of up to eight bytes and longer ones. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ...['anonymous', '-', '::1', '192.0.2.9', 'localhost', 'api'].map((alias) => [alias, 'acme'] as const),
  ...['2001:db8::17', 'x'].map((alias) => [alias, 'another customer'] as const),
]);

/** Good and broken lines of a format, with settings to read them. */
function logOf(format: LogFormat, maxLength: number): fc.Arbitrary<Log> {
  const good = fc.tuple(writtenIn(format), mutations).map(([{ text }, changes]) => mutated(text, changes));
  const anything = fc.oneof(
    { weight: 9, arbitrary: good },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
  );
  const line = fc.tuple(anything, fc.constantFrom('\n', '\n', '\r\n'));
  return fc
    .record({
      rules: fc.oneof(fc.constant(undefined), choices),
      lines: fc.array(line, { minLength: 1, maxLength, size: 'max' }),
      hasLastNewline: fc.boolean(),
      zone: fc.constantFrom(...ZONES),
      missingCustomerId: fc.constantFrom(undefined, undefined, 'anonymous'),
      aliases: fc.constantFrom(undefined, undefined, ALIASES),
      endpoints: fc.constantFrom(undefined, { kind: 'auto' } as const),
      blockBytes: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 })),
      maxLines: fc.integer({ min: 1, max: 9 }),
    })
    .map(({ rules, lines, hasLastNewline, zone, missingCustomerId, aliases, endpoints, ...reads }) => {
      const parts = lines.flatMap(([text, end]) => [text, Buffer.from(end)]);
      const bytes = Buffer.concat([headOf(format), ...parts]);
      const judged = rules ? rulesFor(format, rules) : { format };
      return {
        settings: { ...judged, logZone: zone, missingCustomerId, aliases, endpoints },
        bytes: hasLastNewline ? bytes : bytes.subarray(0, -1),
        reads,
      };
    });
}

let [lines, linesOfKernel, excluded] = [0, 0, 0];
afterAll(() =>
  console.log(
    `lines compared: ${lines}, read by the kernel: ${linesOfKernel}, excluded: ${excluded}, seed: ${SEED}`,
  ),
);

/** Compares the scanner with the reference parser. Every line must be accounted for. */
function compare({ settings, bytes, reads }: Log): void {
  const expected = scanByReference(bytes, settings);
  const before = linesReadByKernel();
  expect(scan(bytes, { settings })).toEqual(expected);
  linesOfKernel += linesReadByKernel() - before;
  expect(scan(bytes, { settings, ...reads })).toEqual(expected);
  expect(scan(bytes, { settings, maxRejections: 0 })).toEqual({ ...expected, rejections: [] });
  const bounds = boundsWithin(expected);
  expect(scan(bytes, { settings, bounds })).toEqual(scanByReference(bytes, settings, bounds));
  lines += expected.lines;
  excluded += expected.excluded;
}

/** Bounds of time that most records are within, and some are not. */
function boundsWithin({ records }: Scanned): readonly [number, number] {
  const timesMs = records.map(({ eventTimeMs }) => eventTimeMs).sort((a, b) => a - b);
  return [timesMs[timesMs.length >> 2] ?? 0, (timesMs.at(-1) ?? 0) - 1];
}

describe('the scanner of any format', () => {
  it('says of any lines what the reference parser says, within bounds of time and however it reads, too', () => {
    check(
      fc.property(
        anyFormat.chain((format) => logOf(format, LINES_A_FORMAT)),
        compare,
      ),
      FORMATS,
    );
  });

  it.each(PRESETS.map(({ name }) => name))(
    'says of lines of the preset %s what the reference says',
    (name) => {
      const draft = parseLogFormat(name);
      const inPath = resolveLogFormat(draft, '/customers/{customer_id}');
      const logs = fc
        .constantFrom(formatWithoutCustomer(draft), inPath)
        .chain((format) => logOf(format, LINES_A_LOG));
      check(fc.property(logs, compare), LOGS_A_PRESET);
    },
  );

  it('was held to that by lines that the kernel does not leave to the reference parser', () => {
    expect(linesOfKernel).toBeGreaterThanOrEqual(lines / 10);
    expect(excluded).toBeGreaterThanOrEqual(lines / 20);
  });

  it.runIf(IS_LONG)('was held to that on a million lines', () => {
    expect(lines).toBeGreaterThanOrEqual(1_000_000);
  });
});
