import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BATCH_PARTITION_DAYS, MAX_UNPLACED_BYTES } from '../../../src/limits.ts';
import { withRules } from '../../../src/log-format/rules/with-rules.ts';
import type { ScanSettings } from '../../../src/log-format/types.ts';
import type { LogWrapper } from '../../../src/log-format/wrapper/types.ts';
import { joinedDays } from '../../../src/pipeline/scan/part-days.ts';
import { budgetOf, SplitScanner } from '../../../src/pipeline/scan/split-scanner.ts';
import type { EventTimeSettings } from '../../../src/pipeline/types.ts';
import { MIN_STATE_BYTES } from '../../../src/statistics/window-accumulator.ts';
import type { PartitionDay } from '../../../src/store/contract.ts';
import { ALL_KINDS, ONLY_DAYS } from '../../support/kept-windows.ts';
import { dateAt, latenessOf } from '../../support/lateness.ts';
import { isoTime } from '../../support/log-lines.ts';
import { checkAsync } from '../../support/property.ts';
import { scanSettings } from '../../support/scan-settings.ts';
import { LineLimit, readerOf } from '../../support/scanned-bytes.ts';
import { criLine, dockerLine, style, wrappedLine } from '../../support/wrap.ts';
import { tableOf } from '../../support/zones.ts';

const MAX = Number.POSITIVE_INFINITY;
const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2024, 11, 30);
const UNBOUNDED = { maxAgeMs: MAX, maxAheadMs: MAX, retentionDays: 0 };
const EXCLUDED_STATUS = 418;
/** Clocks that change, at midnight, too, and a day that was skipped. */
const ZONES = ['Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'UTC'];

/** A request, or a line that does not count. */
interface Entry {
  readonly text: Buffer;
  /** Undefined where it is no record. */
  readonly eventMs: number | undefined;
  /** Whether a rule leaves it out, where there are rules. */
  readonly isExcluded?: boolean;
}

/** Times around changes of clocks, some of them days and some decades apart. */
const eventMs = fc
  .tuple(
    fc.constantFrom('2024-10-26', '2018-11-03', '2011-12-29', '2024-10-26', '0100-03-01', '2151-07-04'),
    fc.integer({ min: 0, max: 4 * 48 }),
  )
  .map(([date, halfHours]) => Date.parse(`${date}T00:00:00Z`) + (halfHours * HOUR_MS) / 2);

const entry: fc.Arbitrary<Entry> = fc
  .tuple(eventMs, fc.integer({ min: 1, max: 4 }), fc.nat(11))
  .map(([timeMs, customer, kind]) => {
    if (kind === 0) return { text: Buffer.from(`2024-11-30 00:00:00 c${customer}`), eventMs: undefined };
    const status = kind === 1 ? EXCLUDED_STATUS : 200;
    // A duration of another form is left to the reference parser.
    const duration = kind < 4 ? '0.25' : '0.100';
    const text = `${isoTime(timeMs)} c${customer} /path ${status} ${duration}`;
    return { text: Buffer.from(text), eventMs: timeMs, isExcluded: kind === 1 };
  });

/** A line of a log with what it holds: undefined where that shows only with another line. */
interface WrittenLine {
  readonly bytes: Buffer;
  /** The entries that begin here, and those that end here; both in the order in which the entries begin. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** Writes entries into a log. Where the wrapper cuts lines, every third one is cut, and another one stands between its parts. */
function written(
  entries: readonly Entry[],
  wrapper: LogWrapper | undefined,
  one: { at: number; kind: number },
) {
  const lines: WrittenLine[] = [];
  const cutting = wrapper === 'cri' ? criLine : wrapper === 'docker' ? dockerLine : undefined;
  const newline = one.at % 2 === 1 && wrapper === undefined ? '\r\n' : '\n';
  const push = (bytes: Buffer, begins: readonly number[], ends: readonly number[]) =>
    lines.push({ bytes: Buffer.concat([bytes, Buffer.from(newline)]), begins, ends });
  for (let i = 0; i < entries.length; i++) {
    const { text } = entries[i];
    if (cutting && i % 3 === 0 && i + 1 < entries.length) {
      push(cutting(text.subarray(0, 12), true, 0, one), [i], []);
      push(cutting(entries[i + 1].text, false, 1, one), [i + 1], [i + 1]);
      push(cutting(text.subarray(12), false, 0, one), [], [i]);
      i++;
    } else push(wrapper ? wrappedLine(wrapper, text, { ...one, kind: 0 }) : text, [i], [i]);
  }
  return lines;
}

/** The days of the entries, line by line, by a calendar. */
function expectedOf(
  entries: readonly Entry[],
  lines: readonly WrittenLine[],
  zone: string,
  { waitMs, isDroppingLate }: EventTimeSettings,
): PartitionDay[] {
  const begins: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const line of lines) {
    for (const i of line.begins) begins[i] = at;
    at += line.bytes.length;
    for (const i of line.ends) ends[i] = at;
  }
  const counted = entries.flatMap(({ eventMs }, i) => (eventMs === undefined ? [] : [{ i, eventMs }]));
  const times = counted.map(({ eventMs }) => eventMs);
  const isLate = waitMs === MAX ? [] : latenessOf(times, zone, waitMs);
  const days = new Map<string, PartitionDay>();
  for (const [n, { i, eventMs }] of counted.entries()) {
    if (isDroppingLate && isLate[n]) continue;
    const date = dateAt(zone, eventMs);
    const { lines: before = 0, fromOffset = MAX, toOffset = 0 } = days.get(date) ?? {};
    days.set(date, {
      ...{ date, lines: before + 1 },
      ...{ fromOffset: Math.min(fromOffset, begins[i]), toOffset: Math.max(toOffset, ends[i]) },
    });
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

interface Cuts {
  readonly blockBytes: number;
  readonly batchLines: number;
  readonly isRestarting: boolean;
  readonly isForgetful: boolean;
}

const SPLIT = { bytes: undefined, takesLastLine: true, head: undefined };

/** The days of all parts of a log. */
async function daysOf(
  scanner: SplitScanner,
  bytes: Uint8Array,
  { blockBytes, batchLines, isRestarting, isForgetful }: Cuts,
): Promise<{ days: readonly PartitionDay[]; accepted: number }> {
  const limit = new LineLimit(batchLines);
  const parts: (readonly PartitionDay[])[] = [];
  let [accepted, clockMs]: [number, number | null] = [0, null];
  const begin = (from: number) =>
    scanner.begin(SPLIT, readerOf(bytes, from, blockBytes, isForgetful), clockMs);
  begin(0);
  for (let stop = 'closed'; stop !== 'done'; ) {
    stop = await scanner.scan(limit);
    const part = scanner.takePart();
    expect(part.days.reduce((sum, { lines }) => sum + lines, 0)).toBe(part.accepted);
    accepted += part.accepted;
    if (part.clockMs !== null) clockMs = Math.max(clockMs ?? part.clockMs, part.clockMs);
    parts.push(part.days);
    scanner.clear();
    limit.open();
    if (isRestarting && stop !== 'done') begin(part.to);
  }
  return { days: joinedDays(parts), accepted };
}

const scanners = new Map<string, SplitScanner>();

function scannerOf(
  zone: string,
  wrapper: LogWrapper | undefined,
  hasHours: boolean,
  eventTime: EventTimeSettings,
  hasRules = false,
): SplitScanner {
  const key = JSON.stringify([zone, wrapper, hasHours, hasRules, eventTime.waitMs, eventTime.isDroppingLate]);
  const { format, rules } = withRules(scanSettings('default').format, {
    exclude: `status=${EXCLUDED_STATUS}`,
    include: undefined,
  });
  const plain = { ...scanSettings('default'), wrapper };
  const scan: ScanSettings = hasRules ? { ...plain, format, rules } : plain;
  const task = { scan, dayZone: tableOf(zone), kept: hasHours ? ALL_KINDS : ONLY_DAYS, eventTime };
  const scanner =
    scanners.get(key) ?? new SplitScanner({ ...task, budget: budgetOf(MIN_STATE_BYTES, 1) }, () => NOW_MS);
  scanners.set(key, scanner);
  return scanner;
}

const cuts = fc.record({
  blockBytes: fc.integer({ min: 1, max: 5000 }),
  batchLines: fc.integer({ min: 1, max: 50 }),
  isRestarting: fc.boolean(),
  isForgetful: fc.boolean(),
});

describe('the days of a partition', () => {
  it('are those of its lines that count, from the first to the end of the last, however it is read', async () => {
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(
        fc.array(entry, { minLength: 10, maxLength: 80 }),
        fc.constantFrom<LogWrapper | undefined>(undefined, undefined, 'cri', 'docker', 'syslog'),
        style,
        fc.constantFrom(...ZONES),
        fc.record({ waitMs: fc.constantFrom(MAX, MAX, HOUR_MS), isDroppingLate: fc.boolean() }),
        fc.boolean(),
        fc.boolean(),
        cuts,
        async (entries, wrapper, one, zone, late, hasHours, hasRules, cut) => {
          const eventTime = { ...UNBOUNDED, ...late };
          const lines = written(entries, wrapper, one);
          const counted = entries.map((each) =>
            hasRules && each.isExcluded ? { ...each, eventMs: undefined } : each,
          );
          const expected = expectedOf(counted, lines, zone, eventTime);
          const bytes = Buffer.concat(lines.map((line) => line.bytes));
          const found = await daysOf(scannerOf(zone, wrapper, hasHours, eventTime, hasRules), bytes, cut);
          expect(found.days).toEqual(expected);
          accepted += found.accepted;
        },
      ),
      400,
    );
    expect(accepted).toBeGreaterThan(4_000);
  });

  const dayMs = 24 * HOUR_MS;
  const eventTime = { ...UNBOUNDED, waitMs: MAX, isDroppingLate: false };

  it('can be thousands in any order, and lie anywhere in the years that a log can name', async () => {
    // Days 4,096 apart share a place in the kernel.
    const dayOf = (i: number) => ((i * 4096) % 900_000) + Math.floor(i / 5_000);
    const timeOf = (i: number) => isoTime(Date.UTC(200, 0, 1) + dayOf(i) * dayMs);
    const lines = Array.from({ length: 20_000 }, (_, i) => `${timeOf(i)} c /path 200 0.100\n`);
    const texts = Map.groupBy(lines.keys(), (i) => lines[i].slice(0, 10));
    const bytes = Buffer.from(lines.join(''));
    const width = lines[0].length;
    const scanner = scannerOf('UTC', undefined, false, eventTime);
    for (const batchLines of [MAX, 7_000]) {
      const cut = { blockBytes: 100_000, batchLines, isRestarting: false, isForgetful: false };
      const { days } = await daysOf(scanner, bytes, cut);
      expect(days).toHaveLength(texts.size);
      for (const { date, ...day } of days) {
        const found = texts.get(date) ?? [];
        const places = { fromOffset: found[0] * width, toOffset: ((found.at(-1) ?? 0) + 1) * width };
        expect(day).toEqual({ lines: found.length, ...places });
      }
    }
  });

  it('are noted before a source of messages forgets where their lines stood', async () => {
    const timeOf = (i: number) =>
      isoTime(Date.UTC(2024, 9, 1) + Math.floor(i / 5_000) * dayMs + (i % 7) * dayMs);
    const path = '/path'.repeat(10);
    const lines = Array.from({ length: (4 * MAX_UNPLACED_BYTES) / 80 }, (_, i) =>
      // One of them is rejected, and asks for its position by itself.
      i === 30_000 ? 'no line of a log\n' : `${timeOf(i)} c ${path} 200 0.100\n`,
    );
    const bytes = Buffer.from(lines.join(''));
    const scanner = scannerOf('UTC', undefined, false, eventTime);
    const cut = { blockBytes: 100_000, batchLines: MAX, isRestarting: false };
    const remembering = await daysOf(scanner, bytes, { ...cut, isForgetful: false });
    expect(remembering.accepted).toBe(lines.length - 1);
    expect(await daysOf(scanner, bytes, { ...cut, isForgetful: true })).toEqual(remembering);
  });

  it('count once for the bound of a batch, however often they are noted', async () => {
    const days = 40;
    const lines = Array.from(
      { length: 100_000 },
      (_, i) => `${isoTime(Date.UTC(2024, 9, 1) + (i % days) * dayMs)} c /path 200 0.100\n`,
    );
    const bytes = Buffer.from(lines.join(''));
    const blockBytes = 5_000;
    // Noted at each block, they would be too many by far.
    expect((bytes.length / blockBytes) * days).toBeGreaterThan(MAX_BATCH_PARTITION_DAYS);
    const scanner = scannerOf('UTC', undefined, false, eventTime);
    const reader = { ...readerOf(bytes, 0, blockBytes, true), isHoldingMuch: true };
    scanner.begin(SPLIT, reader, null);
    expect(await scanner.scan(new LineLimit(MAX))).toBe('done');
    expect(scanner.isFull).toBe(false);
    expect(scanner.takePart().days).toHaveLength(days);
    scanner.clear();
  });

  it('make a batch full when there are too many of them', async () => {
    const lines = Array.from(
      { length: 3 * MAX_BATCH_PARTITION_DAYS },
      (_, i) => `${isoTime(Date.UTC(1990, 0, 1) + (i % 4_000) * dayMs)} c /path 200 0.100\n`,
    );
    const bytes = Buffer.from(lines.join(''));
    const scanner = scannerOf('UTC', undefined, false, eventTime);
    // Several partitions in one batch.
    let parts = 0;
    for (let stop = 'done'; stop === 'done' && parts < 100; parts++) {
      scanner.begin(SPLIT, readerOf(bytes, 0, 100_000), null);
      stop = await scanner.scan(new LineLimit(MAX));
      scanner.takePart();
    }
    expect(parts).toBe(Math.ceil(MAX_BATCH_PARTITION_DAYS / 4_000));
    expect(scanner.isFull).toBe(true);
    scanner.clear();
    expect(scanner.isFull).toBe(false);
  });
});
