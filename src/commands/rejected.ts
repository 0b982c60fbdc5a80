import type { Settings } from '../config/settings.ts';
import { grouped, counted as numberOf } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { REJECTION_REASONS } from '../log-format/types.ts';
import { nearestHint } from '../nearest.ts';
import type { PartitionLedger, RejectedLine, Store } from '../store/contract.ts';
import { printableCsvOf } from './cli/csv.ts';
import { assertOneForm } from './cli/forms.ts';
import { INPUT_WORDS } from './cli/input-words.ts';
import { jsonOf, reportInfo, table } from './cli/report.ts';
import { byName } from './sources.ts';
import { openStoreToRead } from './stores/open.ts';

/** Lines that are read from the store at once. */
const PAGE_LINES = 200;

interface RejectedOptions {
  readonly source?: string;
  readonly reason?: string;
  readonly limit: number;
  readonly json: boolean;
  readonly csv: boolean;
}

interface KeptLine extends RejectedLine {
  readonly file: string;
  readonly partitionId: string;
}

/** What was found: the lines to print, and how many there are. */
interface Findings {
  readonly lines: readonly KeptLine[];
  readonly counted: number;
  readonly kept: number;
}

/** `daymark rejected`. */
export async function rejected(settings: Settings, options: RejectedOptions): Promise<number> {
  const { json, csv } = options;
  assertOneForm(options);
  const findings = await find(settings, options);
  if (json) console.log(jsonOf(asJson(findings)));
  else if (csv) process.stdout.write(printableCsvOf(findings.lines, COLUMNS));
  else if (findings.lines.length > 0) console.log(asTable(findings));
  if (!json) reportInfo(inShort(findings));
  return 0;
}

/** @returns the reasons one by one; undefined: lines of all reasons. */
function reasonsOf(list: string | undefined): readonly string[] | undefined {
  const reasons = list?.split(',').map((reason) => reason.trim());
  const unknown = reasons?.find((reason) => !Object.hasOwn(REJECTION_REASONS, reason));
  if (unknown === undefined) return reasons;
  const known = Object.keys(REJECTION_REASONS);
  const all = `The reasons are ${known.join(', ')}; docs/rejections.md explains them.`;
  throw new DaymarkError(
    'INVALID_SETTING',
    `--reason names ${JSON.stringify(unknown)}, which is not a reason.${nearestHint(unknown, known)} ${all}`,
  );
}

async function find(settings: Settings, { source, reason, limit }: RejectedOptions): Promise<Findings> {
  const reasons = reasonsOf(reason);
  const store = await openStoreToRead(settings);
  try {
    const ledgers = byName(await store.ledger()).filter((ledger) => isAsked(ledger, source));
    if (ledgers.length === 0 && source !== undefined)
      throw new DaymarkError('NO_SUCH_SOURCE', `No file ${JSON.stringify(source)} was read.`);
    const counts = ledgers
      .flatMap(({ rejections }) => rejections)
      .filter((count) => reasons?.includes(count.reason) ?? true);
    return {
      lines: await readLines(store, ledgers, reasons, limit),
      counted: counts.reduce((sum, { lines }) => sum + lines, 0),
      kept: counts.reduce((sum, { kept }) => sum + kept, 0),
    };
  } finally {
    await store.close();
  }
}

/** By its id, its path, or the end of its path. */
function isAsked({ id, name }: PartitionLedger, source: string | undefined): boolean {
  return source === undefined || id === source || name === source || name.endsWith(`/${source}`);
}

/** Only lines from before the ledgers were read, so that they match the counts. */
async function readLines(
  store: Store,
  ledgers: readonly PartitionLedger[],
  reasons: readonly string[] | undefined,
  limit: number,
): Promise<KeptLine[]> {
  const lines: KeptLine[] = [];
  for (const { id, name, offset: toOffset } of ledgers) {
    let fromOffset = 0;
    while (lines.length < limit) {
      const most = Math.min(PAGE_LINES, limit - lines.length);
      const page = await store.rejectedLines({ partitionId: id, reasons, fromOffset, toOffset, limit: most });
      lines.push(...page.map((line) => ({ file: name, partitionId: id, ...line })));
      if (page.length < most) break;
      fromOffset = page[page.length - 1].offset + 1;
    }
  }
  return lines;
}

/** `2 of 3 rejected lines; 1 more was counted and not kept`. */
function inShort({ lines, counted, kept }: Findings): string {
  const shown = `${grouped(lines.length)} of ${numberOf(counted, 'rejected line')}`;
  const hidden =
    kept > lines.length
      ? `; ${grouped(kept - lines.length)} more ${kept - lines.length === 1 ? 'is' : 'are'} kept, see --limit`
      : '';
  const lost =
    counted > kept
      ? `; ${grouped(counted - kept)} more ${counted - kept === 1 ? 'was' : 'were'} counted and not kept`
      : '';
  return `${shown}${hidden}${lost}`;
}

function asJson({ lines, counted, kept }: Findings): Record<string, unknown> {
  return {
    counted,
    kept,
    lines: lines.map(({ file, offset, reason, excerpt }) => ({ file, offset, reason, excerpt })),
  };
}

const COLUMNS: readonly (keyof KeptLine)[] = ['file', 'offset', 'reason', 'excerpt'];

function asTable({ lines }: Findings): string {
  const rows = lines.map(({ file, partitionId, offset, reason, excerpt }) => {
    return [file, INPUT_WORDS.positionText(offset, partitionId), reason, excerpt];
  });
  return table([['file', 'at', 'reason', 'line'], ...rows], [1, 2, 3]);
}
