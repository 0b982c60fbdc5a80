import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import { Scanner, type ScanStep } from '../log-format/scanner.ts';
import { REJECTION_REASONS, type Rejection, type RejectionReason } from '../log-format/types.ts';
import { refuseNamed } from '../pipeline/admission.ts';
import { KNOWS_NOTHING } from '../pipeline/catalog.ts';
import { printable } from '../printable.ts';
import type { Assignment, Source } from '../source/contract.ts';
import { type FileFormat, fallbackScan, formatAsJson, formatAsText, formatOfFile } from './check-format.ts';
import { eventTimeSettings } from './event-time.ts';
import { withSource } from './open.ts';
import { grouped, jsonOf, reportWarning } from './report.ts';

/** Rejected lines shown of each file. */
const EXAMPLES = 5;

/** What to do about lines without a customer id. */
const MISSING_CUSTOMERS =
  'set MISSING_CUSTOMER_ID to count lines without a customer id for one customer, or CUSTOMER_ID if it stands elsewhere';

/** What a file holds. */
interface Finding {
  readonly file: string;
  readonly format: FileFormat;
  lines: number;
  accepted: number;
  rejected: number;
  readonly rejectedByReason: Partial<Record<RejectionReason, number>>;
  readonly examples: Rejection[];
  firstEventMs: number;
  lastEventMs: number;
}

/** `daymark check`. @returns 1 where an input cannot be read or holds no record. */
export async function check(
  paths: string[],
  settings: Settings,
  { json }: { readonly json: boolean },
): Promise<number> {
  const { findings, problems } = await withSource(paths, settings, false, async (source) => {
    await refuseNamed(source, await fallbackScan(settings), ['NO_LINE_UNDERSTOOD']);
    return await findAll(source, settings);
  });
  for (const problem of problems) reportWarning(problem);
  if (json) console.log(jsonOf({ files: findings.map((finding) => asJson(finding, settings)) }));
  else for (const finding of findings) console.log(asText(finding, settings));
  const isWell = findings.every(({ accepted }) => accepted > 0) && findings.length > 0;
  return isWell && problems.every(({ code }) => code === 'SAME_CONTENT') ? 0 : 1;
}

async function findAll(
  source: Source,
  settings: Settings,
): Promise<{ findings: Finding[]; problems: DaymarkError[] }> {
  const { assignments, problems } = await (await source.discover()).assign(KNOWS_NOTHING);
  const findings: Finding[] = [];
  const errors = problems.map(({ error }) => error);
  const scanners = new Map<string | undefined, Scanner>();
  const { maxAgeMs, maxAheadMs } = eventTimeSettings(settings);
  const nowMs = Date.now();
  for (const assignment of assignments) {
    try {
      const format = await formatOfFile(await assignment.sample(), settings);
      const scanner = scanners.get(format.name) ?? new Scanner(format.scan);
      scanners.set(format.name, scanner);
      scanner.setTimeBounds(nowMs - maxAgeMs, nowMs + maxAheadMs);
      findings.push(await findIn(assignment, format, scanner));
    } catch (error) {
      if (!(error instanceof DaymarkError)) throw error;
      errors.push(error);
    }
  }
  return { findings, problems: errors };
}

async function findIn(assignment: Assignment, format: FileFormat, scanner: Scanner): Promise<Finding> {
  const finding: Finding = {
    file: assignment.partition.name,
    format,
    lines: 0,
    accepted: 0,
    rejected: 0,
    rejectedByReason: {},
    examples: [],
    firstEventMs: Number.POSITIVE_INFINITY,
    lastEventMs: Number.NEGATIVE_INFINITY,
  };
  const reader = await assignment.open();
  if (!reader) throw new DaymarkError('READ_FAILED', `${finding.file} was replaced while it was looked at.`);
  try {
    scanner.start(0, false);
    for (let bytes = -1; bytes !== 0; ) {
      bytes = await reader.read(scanner.space());
      scanner.filled(bytes);
      takeLines(scanner, finding);
    }
    note(finding, scanner, scanner.finish(EXAMPLES - finding.examples.length));
    return finding;
  } finally {
    await reader.close();
  }
}

function takeLines(scanner: Scanner, finding: Finding): void {
  for (;;) {
    const step = scanner.step(Number.POSITIVE_INFINITY, EXAMPLES - finding.examples.length);
    note(finding, scanner, step);
    if (step.isCustomerTableFull) scanner.forgetCustomers();
    else if (step.lines === 0) return;
  }
}

function note(finding: Finding, { batch }: Scanner, step: ScanStep): void {
  finding.lines += step.lines;
  finding.accepted += batch.rows;
  finding.rejected += step.rejected;
  finding.examples.push(...step.rejections);
  for (const [reason, lines] of step.rejectedByReason) {
    finding.rejectedByReason[reason] = (finding.rejectedByReason[reason] ?? 0) + lines;
  }
  for (let row = 0; row < batch.rows; row++) {
    finding.firstEventMs = Math.min(finding.firstEventMs, batch.eventTimeMs[row]);
    finding.lastEventMs = Math.max(finding.lastEventMs, batch.eventTimeMs[row]);
  }
}

function asJson(finding: Finding, settings: Settings): Record<string, unknown> {
  const hasEvents = finding.accepted > 0;
  return {
    file: finding.file,
    ...formatAsJson(finding.format, settings),
    lines: finding.lines,
    accepted: finding.accepted,
    rejected: finding.rejected,
    rejected_by_reason: finding.rejectedByReason,
    first_event: hasEvents ? new Date(finding.firstEventMs).toISOString() : null,
    last_event: hasEvents ? new Date(finding.lastEventMs).toISOString() : null,
    examples: finding.examples,
  };
}

function asText(finding: Finding, settings: Settings): string {
  const { file, lines, accepted, rejected, examples } = finding;
  const reasons = Object.entries(finding.rejectedByReason) as [RejectionReason, number][];
  const text = [
    file,
    ...formatAsText(finding.format, settings).map((line) => `  ${line}`),
    `  ${grouped(lines)} lines: ${grouped(accepted)} would be accepted${finding.format.customerNeeded === undefined ? '' : ' once CUSTOMER_ID is set'}, ${grouped(rejected)} rejected`,
  ];
  if (accepted > 0) {
    const [first, last] = [finding.firstEventMs, finding.lastEventMs].map((ms) => new Date(ms).toISOString());
    text.push(`  requests from ${first} to ${last}`);
  }
  for (const [reason, count] of reasons.sort(([, a], [, b]) => b - a)) {
    text.push(`  ${grouped(count)} × ${reason}: ${REJECTION_REASONS[reason]}`);
  }
  if (finding.rejectedByReason.missing_customer_id !== undefined) text.push(`  ${MISSING_CUSTOMERS}`);
  for (const { offset, reason, excerpt } of examples) text.push(`  at byte ${offset}, ${reason}: ${excerpt}`);
  return text.map((line) => printable(line)).join('\n');
}
