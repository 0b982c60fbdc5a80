import type { Row } from '../api/forms.ts';
import { SOURCE_COLUMNS, sourceOf } from '../api/sources.ts';
import type { Settings } from '../config/settings.ts';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { topicPartitionOf } from '../source/kafka/position.ts';
import type { PartitionLedger } from '../store/contract.ts';
import { printableCsvOf } from './cli/csv.ts';
import { assertOneForm } from './cli/forms.ts';
import { INPUT_WORDS } from './cli/input-words.ts';
import { jsonOf, reportInfo, table } from './cli/report.ts';
import { daySources } from './day-sources.ts';
import { openStoreToRead } from './stores/open.ts';

interface SourcesOptions {
  readonly date?: string;
  readonly customer?: string;
  /** Only where the flag is given. */
  readonly customersFile?: string;
  readonly json: boolean;
  readonly csv: boolean;
}

/** `daymark sources`. */
export async function sources(settings: Settings, options: SourcesOptions): Promise<number> {
  const { date, customer, customersFile, json, csv } = options;
  assertOneForm(options);
  if (customer === undefined && customersFile !== undefined)
    throw new DaymarkError('WRONG_USAGE', '--customers-file needs --customer.');
  if (date !== undefined) return daySources(settings, { ...options, date });
  if (customer !== undefined) throw new DaymarkError('WRONG_USAGE', '--customer needs --date.');
  const ledgers = await readLedgers(settings);
  if (json) console.log(jsonOf({ sources: ledgers.map(asJson), total: totalOf(ledgers) }));
  else if (csv)
    process.stdout.write(
      printableCsvOf<Row>(
        ledgers.map((ledger) => sourceOf(ledger, INPUT_WORDS)),
        SOURCE_COLUMNS,
      ),
    );
  else if (ledgers.length > 0) console.log(asText(ledgers));
  else reportInfo('nothing was read yet');
  return 0;
}

/** In the order of their names. */
async function readLedgers(settings: Settings): Promise<readonly PartitionLedger[]> {
  const store = await openStoreToRead(settings);
  try {
    return byName(await store.ledger());
  } finally {
    await store.close();
  }
}

/** Sorted by name, then by when they were added. */
export function byName(ledgers: readonly PartitionLedger[]): readonly PartitionLedger[] {
  return ledgers.toSorted(
    (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)) || (a.addedMs ?? 0) - (b.addedMs ?? 0),
  );
}

const COUNTS = ['lines', 'accepted', 'rejected', 'late', 'dropped', 'excluded'] as const;

type Total = Record<(typeof COUNTS)[number], number>;

function totalOf(ledgers: readonly PartitionLedger[]): Total {
  const total: Total = { lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 };
  for (const ledger of ledgers) for (const column of COUNTS) total[column] += ledger[column];
  return total;
}

function asJson(ledger: PartitionLedger): Record<string, unknown> {
  return {
    ...sourceOf(ledger, INPUT_WORDS),
    // Its name before positions were opaque.
    bytes: ledger.offset,
    reader: ledger.reader,
  };
}

/** Columns that are there where they say something. */
const MORE_COLUMNS: readonly {
  readonly title: string;
  readonly textOf: (one: PartitionLedger) => string;
}[] = [
  { title: 'source name', textOf: ({ sourceName }) => sourceName },
  { title: 'reader', textOf: ({ reader }) => reader ?? '' },
];

function asText(ledgers: readonly PartitionLedger[]): string {
  const header = ['file', 'state', 'bytes', ...COUNTS, 'first event', 'last event', 'added', 'moved'];
  const total = totalOf(ledgers);
  const more = MORE_COLUMNS.filter(({ textOf }) => ledgers.some((ledger) => textOf(ledger)));
  const rows = ledgers.flatMap((ledger) => [
    [...rowOf(ledger), ...more.map(({ textOf }) => textOf(ledger) || '-')],
    ...reasonRows(ledger),
  ]);
  return table([
    [...header, ...more.map(({ title }) => title)],
    ...rows,
    ['all', '', '', ...COUNTS.map((column) => grouped(total[column]))],
  ]);
}

function rowOf(ledger: PartitionLedger): string[] {
  return [
    ledger.name,
    ledger.state,
    topicPartitionOf(ledger.id) ? INPUT_WORDS.positionText(ledger.offset, ledger.id) : grouped(ledger.offset),
    ...COUNTS.map((column) => grouped(ledger[column])),
    ...[ledger.firstEventMs, ledger.lastEventMs, ledger.addedMs, ledger.movedMs].map(inSeconds),
  ];
}

/** Under the column of rejected lines. */
function reasonRows({ rejections }: PartitionLedger): string[][] {
  return rejections
    .toSorted((a, b) => b.lines - a.lines)
    .map(({ reason, lines }) => [`  ${reason}`, '', '', '', '', grouped(lines)]);
}

function inSeconds(timeMs: number | null): string {
  return timeMs === null ? '-' : `${new Date(timeMs).toISOString().slice(0, -5)}Z`;
}
