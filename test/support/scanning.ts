import { type Kernel, newKernel } from '../../src/kernel/kernel.ts';
import { resolveLogFormat } from '../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { referenceParser } from '../../src/log-format/reference/reference-parser.ts';
import type { ScanStep } from '../../src/log-format/scan-step.ts';
import { Scanner } from '../../src/log-format/scanner.ts';
import {
  EXCLUDED,
  type ParsedLine,
  type Rejection,
  type RejectionReason,
  type ScanSettings,
} from '../../src/log-format/types.ts';
import { innerHead, innerLines } from '../../src/log-format/wrapper/wrapped-lines.ts';
import { UTC } from '../../src/window/zone.ts';

export interface ScannedRecord {
  readonly eventTimeMs: number;
  readonly customerId: string;
  readonly status: number;
  readonly durationUs: number;
  /** Undefined where none are kept. */
  readonly endpoint?: string | undefined;
}

/** What bytes hold: records and rejections, each in their order. */
export interface Scanned {
  readonly records: ScannedRecord[];
  readonly rejections: Rejection[];
  readonly rejectedByReason: Map<RejectionReason, number>;
  lines: number;
  excluded: number;
  offset: number;
}

const DEFAULT: ScanSettings = {
  format: resolveLogFormat(parseLogFormat('default'), undefined),
  logZone: UTC,
  missingCustomerId: undefined,
};

let readByKernel = 0;

/** Lines of which the kernel made records, or which it excluded, by itself, in all scans so far; the reference parser read the others. */
export function linesReadByKernel(): number {
  return readByKernel;
}

function countingKernel(): Kernel {
  const kernel = newKernel();
  const scan: Kernel['scan'] = (begin, end, row, limit) => {
    const rows = kernel.scan(begin, end, row, limit);
    readByKernel += rows - row + kernel.excludedLines.value;
    return rows;
  };
  return { ...kernel, scan };
}

let last: { readonly settings: ScanSettings; readonly scanner: Scanner } | undefined;

/** One scanner for all logs of the same settings, as a run has; but not one for each of a million. */
function scannerOf(settings: ScanSettings): Scanner {
  if (last?.settings !== settings) last = { settings, scanner: new Scanner(settings, countingKernel()) };
  return last.scanner;
}

export interface ScanOptions {
  /** Bytes handed over at a time; several take turns. */
  readonly blockBytes?: number | readonly number[];
  readonly maxLines?: number;
  /** How many rejections a step describes; all unless set. */
  readonly maxRejections?: number;
  readonly offset?: number;
  readonly isInsideLine?: boolean;
  /** The first bytes of the log, which name the columns; the bytes themselves unless set. */
  readonly head?: Uint8Array;
  /** False leaves a last line without a newline alone. */
  readonly isWhole?: boolean;
  readonly settings?: ScanSettings;
  readonly bounds?: TimeBounds;
}

/** The first and the last event time that is taken. */
type TimeBounds = readonly [leastMs: number, greatestMs: number];

const NO_BOUNDS: TimeBounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Scans bytes with the real scanner, as the pipeline drives it. */
export function scan(bytes: Uint8Array, options: ScanOptions = {}): Scanned {
  const scanner = scannerOf(options.settings ?? DEFAULT);
  const { maxLines = 1e9, maxRejections = 1e9, offset = 0, isInsideLine = false, isWhole = true } = options;
  const scanned = nothingScanned(offset);
  scanner.start(offset, isInsideLine, options.head ?? bytes);
  scanner.setTimeBounds(...(options.bounds ?? NO_BOUNDS));
  const blocks = [options.blockBytes ?? 1 << 20].flat();
  for (let at = 0, reads = 0; at < bytes.length; reads++) {
    const space = scanner.space();
    const block = bytes.subarray(at, at + Math.min(blocks[reads % blocks.length] as number, space.length));
    space.set(block);
    scanner.filled(block.length);
    at += block.length;
    for (let step = scanner.step(maxLines, maxRejections); ; step = scanner.step(maxLines, maxRejections)) {
      note(scanned, scanner, step, maxRejections);
      if (step.isCustomerTableFull) scanner.forgetCustomers();
      else if (step.lines === 0) break;
    }
  }
  if (isWhole) note(scanned, scanner, scanner.finish(maxRejections), maxRejections);
  scanned.offset = scanner.offset;
  return scanned;
}

function nothingScanned(offset: number): Scanned {
  return { records: [], rejections: [], rejectedByReason: new Map(), lines: 0, excluded: 0, offset };
}

function note(scanned: Scanned, scanner: Scanner, step: ScanStep, maxRejections: number): void {
  const { batch } = scanner;
  for (let row = 0; row < batch.rows; row++) {
    scanned.records.push({
      eventTimeMs: batch.eventTimeMs[row],
      customerId: scanner.customerId(batch.customer[row]),
      status: batch.status[row],
      durationUs: batch.durationUs[row],
      ...endpointIn(scanner, row),
    });
  }
  if (step.lines !== batch.rows + step.rejected + step.excluded)
    throw new Error('a line is not accounted for');
  let counted = 0;
  for (const [reason, lines] of step.rejectedByReason) {
    count(scanned, reason, lines);
    counted += lines;
  }
  if (counted !== step.rejected) throw new Error('a rejection has no reason');
  if (step.rejections.length !== Math.min(counted, maxRejections))
    throw new Error('a rejection is not described');
  scanned.rejections.push(...step.rejections);
  scanned.lines += step.lines;
  scanned.excluded += step.excluded;
}

/** The endpoint of a record. It must belong to the customer of the record. */
function endpointIn(scanner: Scanner, row: number): Pick<ScannedRecord, 'endpoint'> {
  const { customer, endpoint } = scanner.batch;
  if (!endpoint) return {};
  const found = scanner.endpoint(endpoint[row]);
  if (found?.customer !== customer[row]) throw new Error('an endpoint belongs to another customer');
  return { endpoint: found.text };
}

function count({ rejectedByReason }: Scanned, reason: RejectionReason, lines: number): void {
  rejectedByReason.set(reason, (rejectedByReason.get(reason) ?? 0) + lines);
}

/** What the reference parser says of the same bytes, line by line. */
export function scanByReference(
  bytes: Uint8Array,
  settings: ScanSettings = DEFAULT,
  [leastMs, greatestMs] = NO_BOUNDS,
): Scanned {
  const scanned = nothingScanned(bytes.length);
  const parser = referenceParser(settings);
  const hasHeader = settings.format.layout === 'delimited';
  parser.startPartition(innerHead(bytes, settings.wrapper));
  const parsed: ParsedLine = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: 0 };
  for (const { offset, excerpt, content } of innerLines(bytes, true, settings.wrapper)) {
    const isHeader = hasHeader && offset === 0;
    const inner = typeof content === 'string' ? undefined : content;
    const unread = inner
      ? parser.parse(inner.bytes, inner.start, inner.end, parsed)
      : (content as RejectionReason);
    const broken = isHeader ? 'header_line' : unread;
    const { eventTimeMs } = parsed;
    const isExcluded = broken === EXCLUDED;
    const outside = eventTimeMs < leastMs ? 'event_too_old' : 'event_too_far_ahead';
    const odd = eventTimeMs < leastMs || eventTimeMs > greatestMs ? outside : undefined;
    const reason = isExcluded ? undefined : (broken ?? odd);
    if (isExcluded) {
      scanned.excluded++;
    } else if (reason) {
      count(scanned, reason, 1);
      scanned.rejections.push({ reason, offset, excerpt });
    } else {
      const { status, durationUs, endpoint } = parsed;
      const customerId = Buffer.from(parsed.customerId).toString();
      scanned.records.push({
        ...{ eventTimeMs, customerId, status, durationUs },
        ...(endpoint === undefined ? {} : { endpoint }),
      });
    }
    scanned.lines++;
  }
  return scanned;
}
