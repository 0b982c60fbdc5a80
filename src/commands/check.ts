import type { Settings } from '../config/settings.ts';
import { counted, grouped } from '../counted.ts';
import { DaymarkError, type ErrorCode } from '../errors.ts';
import { presetNamed } from '../log-format/presets.ts';
import { isFitting } from '../log-format/recognise.ts';
import type { ScanStep } from '../log-format/scan-step.ts';
import { Scanner } from '../log-format/scanner.ts';
import { isCustomerUnboundedUser } from '../log-format/text-kind.ts';
import {
  REJECTION_REASONS,
  type Rejection,
  type RejectionReason,
  type ScanSettings,
} from '../log-format/types.ts';
import { KNOWS_NOTHING } from '../pipeline/loop/known-partitions.ts';
import { judge, refuseNamed } from '../pipeline/loop/partition-discovery.ts';
import { HeaderTracker } from '../pipeline/scan/header-tracker.ts';
import { openInput } from '../pipeline/scan/open-input.ts';
import { printable } from '../printable.ts';
import type { Assignment, PartitionReader, Position, Source } from '../source/contract.ts';
import { STANDARD_INPUT } from '../source/standard-input/standard-input-source.ts';
import { type Advice, adviceFor } from './checking/advice.ts';
import { CustomersFound, customersAsJson, customersAsText } from './checking/customers-found.ts';
import { EndpointsFound } from './checking/endpoints-found.ts';
import {
  type FileFormat,
  fallbackScan,
  formatAsJson,
  formatAsText,
  formatOfFile,
  SHARE_NEEDED,
} from './checking/format-check.ts';
import { eventTimeSettings } from './cli/event-time.ts';
import { jsonOf, reportWarning } from './cli/report.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { withSource } from './ingesting/open-source.ts';

/** Rejected lines shown of each file. */
const EXAMPLES = 5;

/** What to do about lines without a customer id. */
const MISSING_CUSTOMERS =
  'to count lines without a customer id for one customer, set MISSING_CUSTOMER_ID; if the id stands elsewhere, set CUSTOMER_ID';

const CANNOT_TELL =
  'check cannot tell where the customer stands in these lines, so it recommends no settings; describe the lines in LOG_FORMAT';

/** A rejected line, and its position. */
interface Example extends Rejection {
  readonly offset: Position;
}

/** What a file holds. */
interface Finding {
  readonly file: string;
  readonly format: FileFormat;
  /** As of the source. */
  readonly positionText: (position: Position) => string;
  lines: number;
  accepted: number;
  rejected: number;
  excluded: number;
  readonly rejectedByReason: Partial<Record<RejectionReason, number>>;
  readonly examples: Example[];
  readonly customers: CustomersFound;
  readonly endpoints: EndpointsFound;
  firstEventMs: number;
  lastEventMs: number;
}

/** These are reported for one file, and the others are still checked. */
const TOLD_OF_EACH: readonly ErrorCode[] = ['NO_LINE_UNDERSTOOD', 'HEADER_MISSING', 'BINARY_FILE'];

/** `daymark check`. @returns 1 if an input cannot be read or holds no record. */
export async function check(
  paths: string[],
  given: Settings,
  { json }: { readonly json: boolean },
): Promise<number> {
  const settings = await withFormatFile(given);
  const { findings, problems } = await withSource(paths, settings, false, async (source) => {
    const scan = await fallbackScan(settings);
    await refuseNamed(source, scan, TOLD_OF_EACH);
    return await findAll(source, scan, settings);
  });
  for (const problem of problems) reportWarning(problem);
  if (json) console.log(jsonOf({ files: findings.map((finding) => asJson(finding, settings, given)) }));
  else for (const finding of findings) console.log(asText(finding, settings, given));
  const isWell = findings.every(({ accepted }) => accepted > 0) && findings.length > 0;
  return isWell && problems.every(({ code }) => code === 'SAME_CONTENT') ? 0 : 1;
}

async function findAll(
  source: Source,
  scan: ScanSettings,
  settings: Settings,
): Promise<{ findings: Finding[]; problems: DaymarkError[] }> {
  const { assignments, problems } = await (await source.discover()).assign(KNOWS_NOTHING);
  const findings: Finding[] = [];
  const errors = problems.map(({ error }) => error);
  const scanners = new Map<string, Scanner>();
  const { maxAgeMs, maxAheadMs } = eventTimeSettings(settings);
  const nowMs = Date.now();
  const note = (error: unknown): void => {
    if (!(error instanceof DaymarkError)) throw error;
    errors.push(error);
  };
  for (const assignment of assignments) {
    try {
      const problem = await judge(assignment, scan, false);
      // A file without an understood line is shown all the same.
      if (problem && problem.error.code !== 'NO_LINE_UNDERSTOOD') throw problem.error;
      const sample = await assignment.sample();
      if (!sample) throw replaced(assignment.partition.name);
      const format = await formatOfFile(sample, settings);
      const key = `${format.scan.wrapper} ${format.name}`;
      const scanner = scanners.get(key) ?? new Scanner(format.scan);
      scanners.set(key, scanner);
      scanner.setTimeBounds(nowMs - maxAgeMs, nowMs + maxAheadMs);
      const positionText = (position: Position) => source.positionText(position, assignment.partition.id);
      const finding = emptyFinding(assignment.partition.name, format, settings, positionText);
      await readInto(finding, assignment, scanner, note);
      findings.push(finding);
    } catch (error) {
      note(error);
    }
  }
  return { findings, problems: errors };
}

function replaced(file: string): DaymarkError {
  return new DaymarkError('READ_FAILED', `${file} was replaced while daymark checked it.`);
}

/** @param note takes an error that ends the file. The lines before it count, as they do for `ingest`. */
async function readInto(
  finding: Finding,
  assignment: Assignment,
  scanner: Scanner,
  note: (error: unknown) => void,
): Promise<void> {
  const input = await openInput(assignment, finding.format.scan, new HeaderTracker());
  if (!input) throw replaced(finding.file);
  const { reader, head } = input;
  try {
    scanner.start(0, false, head);
    await readToEnd(reader, scanner, finding).catch(note);
  } finally {
    await reader.close();
  }
}

function emptyFinding(
  file: string,
  format: FileFormat,
  settings: Settings,
  positionText: (position: Position) => string,
): Finding {
  return {
    ...{ file, format, positionText },
    lines: 0,
    accepted: 0,
    rejected: 0,
    excluded: 0,
    rejectedByReason: {},
    examples: [],
    customers: new CustomersFound(areSpacesExpected(format, settings)),
    endpoints: new EndpointsFound(),
    firstEventMs: Number.POSITIVE_INFINITY,
    lastEventMs: Number.NEGATIVE_INFINITY,
  };
}

/** True where a person wrote the format down and named the customer's field, and the format says where the field ends. */
function areSpacesExpected({ scan }: FileFormat, { LOG_FORMAT, CUSTOMER_ID }: Settings): boolean {
  const isWrittenDown = LOG_FORMAT !== undefined && presetNamed(LOG_FORMAT) === undefined;
  return isWrittenDown && CUSTOMER_ID !== undefined && !isCustomerUnboundedUser(scan.format);
}

async function readToEnd(reader: PartitionReader, scanner: Scanner, finding: Finding): Promise<void> {
  for (let bytes = -1; bytes !== 0; ) {
    bytes = await reader.read(scanner.space());
    scanner.filled(bytes);
    takeLines(reader, scanner, finding);
    // Nobody wants to know this place. What lies before it can be forgotten.
    if (reader.isHoldingMuch) reader.positionAt(scanner.offset);
  }
  count(finding, reader, scanner, scanner.finish(EXAMPLES - finding.examples.length));
}

function takeLines(reader: PartitionReader, scanner: Scanner, finding: Finding): void {
  for (;;) {
    const step = scanner.step(Number.POSITIVE_INFINITY, EXAMPLES - finding.examples.length);
    count(finding, reader, scanner, step);
    if (step.isCustomerTableFull) scanner.forgetCustomers();
    else if (step.lines === 0) return;
  }
}

function count(finding: Finding, reader: PartitionReader, scanner: Scanner, step: ScanStep): void {
  const { batch } = scanner;
  const hasCustomers = finding.format.customerNeeded === undefined;
  finding.lines += step.lines;
  finding.accepted += batch.rows;
  finding.rejected += step.rejected;
  finding.excluded += step.excluded;
  for (const rejection of step.rejections)
    finding.examples.push({ ...rejection, offset: reader.positionAt(rejection.offset) });
  for (const [reason, lines] of step.rejectedByReason) {
    finding.rejectedByReason[reason] = (finding.rejectedByReason[reason] ?? 0) + lines;
  }
  for (let row = 0; row < batch.rows; row++) {
    finding.firstEventMs = Math.min(finding.firstEventMs, batch.eventTimeMs[row]);
    finding.lastEventMs = Math.max(finding.lastEventMs, batch.eventTimeMs[row]);
    if (hasCustomers) finding.customers.add(scanner.customerId(batch.customer[row]));
    const endpoint = batch.endpoint && scanner.endpoint(batch.endpoint[row]);
    if (endpoint) finding.endpoints.add(endpoint.text);
  }
}

function asJson(finding: Finding, settings: Settings, given: Settings): Record<string, unknown> {
  const hasEvents = finding.accepted > 0;
  return {
    file: finding.file,
    ...formatAsJson(finding.format, settings, isRecommended(finding)),
    commands: adviceOn(finding, given).map(({ command }) => command),
    lines: finding.lines,
    accepted: finding.accepted,
    rejected: finding.rejected,
    rejected_by_reason: finding.rejectedByReason,
    excluded: finding.excluded,
    first_event: hasEvents ? new Date(finding.firstEventMs).toISOString() : null,
    last_event: hasEvents ? new Date(finding.lastEventMs).toISOString() : null,
    customers:
      finding.format.customerNeeded === undefined ? customersAsJson(finding.customers.summary()) : null,
    endpoints: finding.endpoints.asJson(),
    examples: finding.examples,
  };
}

function asText(finding: Finding, settings: Settings, given: Settings): string {
  const { file, lines, accepted, rejected, excluded, examples } = finding;
  const reasons = Object.entries(finding.rejectedByReason) as [RejectionReason, number][];
  const text = [
    file,
    ...formatAsText(finding.format, settings, isRecommended(finding)).map((line) => `  ${line}`),
    `  ${counted(lines, 'line')}: ${grouped(accepted)} would be accepted${finding.format.customerNeeded === undefined ? '' : ' once CUSTOMER_ID is set'}, ${grouped(rejected)} rejected${excluded > 0 ? `, ${grouped(excluded)} excluded` : ''}`,
  ];
  if (accepted > 0) {
    const [first, last] = [finding.firstEventMs, finding.lastEventMs].map((ms) => new Date(ms).toISOString());
    text.push(`  requests from ${first} to ${last}`);
  }
  for (const [reason, count] of reasons.sort(([, a], [, b]) => b - a)) {
    text.push(`  ${grouped(count)} × ${reason}: ${REJECTION_REASONS[reason]}`);
  }
  if (accepted > 0 && !isUnderstood(finding))
    text.push(`  the lines may be in another format; ${SHARE_NEEDED}`);
  const summary = finding.customers.summary();
  text.push(...customersAsText(summary).map((line) => `  ${line}`));
  text.push(...finding.endpoints.asText().map((line) => `  ${line}`));
  if (summary.isInvented) text.push(`  ${CANNOT_TELL}`);
  if (isMissingCustomers(finding)) text.push(`  ${MISSING_CUSTOMERS}`);
  const { customerFields, customerNeeded } = finding.format;
  if (customerFields.length > 0 && (customerNeeded !== undefined || isMissingCustomers(finding)))
    text.push(`  fields that could be the customer: ${customerFields.join(', ')}`);
  for (const { offset, reason, excerpt } of examples)
    text.push(`  at ${finding.positionText(offset)}, ${reason}: ${excerpt}`);
  // A format may have several lines.
  for (const { purpose, command } of adviceOn(finding, given))
    text.push(`  ${purpose}:`, ...`    ${command}`.split('\n'));
  return text.map((line) => printable(line)).join('\n');
}

/** True where the format understands enough lines, and the customers look right. */
function isRecommended(finding: Finding): boolean {
  return isUnderstood(finding) && !finding.customers.summary().isInvented;
}

/** True where the format understands enough lines, with or without a customer. */
function isUnderstood({ lines, accepted, excluded, rejectedByReason }: Finding): boolean {
  const { missing_customer_id, event_too_old, event_too_far_ahead, header_line = 0 } = rejectedByReason;
  const others = [missing_customer_id, event_too_old, event_too_far_ahead];
  const understood = others.reduce<number>((sum, count = 0) => sum + count, accepted + excluded);
  return isFitting(understood, lines - header_line);
}

function isMissingCustomers({ rejectedByReason }: Finding): boolean {
  return rejectedByReason.missing_customer_id !== undefined;
}

function adviceOn(finding: Finding, given: Settings): Advice[] {
  if (!isRecommended(finding)) return [];
  const path = finding.file === STANDARD_INPUT ? '-' : finding.file;
  const isMissing = isMissingCustomers(finding);
  return adviceFor(finding.format, given, path, { isMissing, isAnyAccepted: finding.accepted > 0 });
}
