/** Runs a pipeline with the table of customers that its file has, and again with the next one when the file changes. */

import type { Settings } from '../../config/settings.ts';
import { counted } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import { FILE_POLL_MS } from '../../limits.ts';
import { aliasText, type CustomerTable } from '../../log-format/customer-table.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type { PipelineEvents, Summary } from '../../pipeline/types.ts';
import { polledCustomersFile } from './customers-file.ts';

/**
 * @param run runs until its signal, and commits what it has read by then. Its summary counts all runs.
 * @returns the summary of the last run: it ended by itself, or because of `signal`.
 */
export async function runWithTables(
  { CUSTOMERS_FILE: path }: Settings,
  first: ScanSettings,
  problem: PipelineEvents['problem'],
  signal: AbortSignal,
  run: (scan: ScanSettings, signal: AbortSignal) => Promise<Summary>,
): Promise<Summary> {
  if (path === undefined) return run(first, signal);
  const file = polledCustomersFile(path, problem);
  for (let scan = first; ; ) {
    const change = new AbortController();
    const timer = setInterval(() => {
      if (hasOtherAliases(scan, file.value)) change.abort();
    }, FILE_POLL_MS);
    const summary = await run(scan, AbortSignal.any([signal, change.signal])).finally(() =>
      clearInterval(timer),
    );
    if (signal.aborted || !change.signal.aborted) return summary;
    scan = { ...scan, aliases: file.value.aliases };
    problem(changeOf(path, scan));
  }
}

/** Names do not matter here: they are looked up when they are shown. */
function hasOtherAliases({ aliases = new Map() }: ScanSettings, table: CustomerTable): boolean {
  return table.aliases !== aliases && aliasText(table) !== aliasText({ aliases });
}

function changeOf(path: string, { aliases = new Map() }: ScanSettings): DaymarkError {
  const detail = `${path} has changed; lines that are read from now on count by its ${counted(aliases.size, 'alias', 'aliases')}.`;
  return new DaymarkError('CUSTOMERS_CHANGED', detail);
}
