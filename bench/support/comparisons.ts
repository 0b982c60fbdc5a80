import type { Comparison, Run } from './comparison.ts';
import { DAYS_ALONE, runDaymark, runDuckDb, runGoAccess, runMawk, runWc, runZcat } from './contenders.ts';
import { derivedLogFile } from './derived-log-file.ts';
import type { KeptFile } from './kept-file.ts';
import { sampleLogFile } from './sample-log-file.ts';

/** The core of contenders that are pinned to one. */
const PINNED = { core: 0 };
const IN_TURN_ON_ONE_CORE = `whole processes in turn, each on core ${PINNED.core} alone`;

const ONE_WORKER = ['--workers', '1'];
const JSON_FORMAT =
  'json timestamp=time customer_id=customer_id request_path=path status=status duration=duration:s';

/** The tables of `npm run bench:ingest` by name. Each has its own default number of lines. */
export const COMPARISONS = {
  default: defaultFormat,
  kinds,
  'kinds-random': kindsInRandomOrder,
  workers,
  combined,
  json,
  gzip,
} as const satisfies Record<string, (lines?: number) => Promise<Comparison>>;

async function defaultFormat(lines = 40_000_000): Promise<Comparison> {
  const file = await sampleLogFile({ lines });
  return {
    title: `Default format: ${IN_TURN_ON_ONE_CORE}`,
    lines,
    file,
    contenders: {
      daymark: () => runDaymark(file.path, [...ONE_WORKER, ...DAYS_ALONE], PINNED),
      DuckDB: () => runDuckDb(file.path, 'default', PINNED),
      mawk: () => runMawk(file.path, 'counts.awk', PINNED),
      'wc -l': () => runWc(file.path, PINNED),
    },
    once: ['mawk'],
    reference: 'DuckDB',
  };
}

function kinds(lines = 40_000_000): Promise<Comparison> {
  return allKinds('in time order', lines, derivedLogFile('ordered', lines));
}

function kindsInRandomOrder(lines = 40_000_000): Promise<Comparison> {
  return allKinds('in random order', lines, sampleLogFile({ lines }));
}

/** It computes only some of the rows of the others. */
function withoutAnswers({ answers: _, ...run }: Run): Run {
  return run;
}

/** Days, hours and endpoints of customers, and the same of all customers together, against days alone. */
async function allKinds(order: string, lines: number, kept: Promise<KeptFile>): Promise<Comparison> {
  const file = await kept;
  const kinds = ['days', 'hours', 'endpoints'] as const;
  return {
    title: `All kinds of windows, ${order}: ${IN_TURN_ON_ONE_CORE}`,
    lines,
    file,
    contenders: {
      daymark: () => runDaymark(file.path, ONE_WORKER, PINNED),
      DuckDB: () => runDuckDb(file.path, 'default', PINNED, kinds),
      'daymark, days alone': async () =>
        withoutAnswers(await runDaymark(file.path, [...ONE_WORKER, ...DAYS_ALONE], PINNED)),
    },
    reference: 'daymark, days alone',
  };
}

async function workers(lines = 200_000_000): Promise<Comparison> {
  const file = await sampleLogFile({ lines });
  return {
    title: 'Workers: the default format, on all cores',
    lines,
    file,
    contenders: {
      '--workers 2': () => runDaymark(file.path, ['--workers', '2', ...DAYS_ALONE], {}),
      '--workers 1': () => runDaymark(file.path, [...ONE_WORKER, ...DAYS_ALONE], {}),
    },
    reference: '--workers 1',
    isExact: true,
  };
}

async function combined(lines = 1_000_000): Promise<Comparison> {
  const file = await derivedLogFile('combined', lines);
  return {
    title: `Combined format: ${IN_TURN_ON_ONE_CORE}`,
    lines,
    file,
    contenders: {
      daymark: () =>
        runDaymark(file.path, [...ONE_WORKER, ...DAYS_ALONE, '--log-format', 'combined'], PINNED),
      GoAccess: () => runGoAccess(file.path, PINNED),
      mawk: () => runMawk(file.path, 'combined-counts.awk', PINNED),
    },
    once: ['mawk'],
    reference: 'GoAccess',
  };
}

async function json(lines = 5_000_000): Promise<Comparison> {
  const file = await derivedLogFile('json', lines);
  return {
    title: `JSON lines: ${IN_TURN_ON_ONE_CORE}`,
    lines,
    file,
    contenders: {
      daymark: () =>
        runDaymark(file.path, [...ONE_WORKER, ...DAYS_ALONE, '--log-format', JSON_FORMAT], PINNED),
      DuckDB: () => runDuckDb(file.path, 'json', PINNED),
    },
    reference: 'DuckDB',
  };
}

async function gzip(lines = 10_000_000): Promise<Comparison> {
  const file = await derivedLogFile('gz', lines);
  return {
    title: 'gzip: the default format, compressed, on all cores',
    lines,
    file,
    contenders: {
      daymark: () => runDaymark(file.path, DAYS_ALONE, {}),
      'zcat | wc -l': () => runZcat(file.path),
    },
    reference: 'zcat | wc -l',
  };
}
