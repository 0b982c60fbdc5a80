/** What was read of each log, as the API and `daymark sources` say it. */

import { printable, printableJson } from '../printable.ts';
import type { LedgerQuery, SourceLedger, Store } from '../store/contract.ts';
import type { InputWords } from './input-words.ts';
import type { ListPage } from './lists.ts';
import { encodeCursor, type PagePlace } from './page-cursor.ts';

/** A log and its ledger. The order of the fields is part of the API. */
export function sourceOf(ledger: SourceLedger, { positionText }: Pick<InputWords, 'positionText'>) {
  const { id, name, sourceName, state, offset, lines, accepted, rejected, late, dropped, excluded } = ledger;
  return {
    ...{ id, name, state, offset, at: positionText(offset, id) },
    ...{ lines, accepted, rejected },
    rejected_by_reason: Object.fromEntries(ledger.rejections.map(({ reason, lines }) => [reason, lines])),
    ...{ late, dropped, excluded },
    first_event: instantOrNull(ledger.firstEventMs),
    last_event: instantOrNull(ledger.lastEventMs),
    added: instantOrNull(ledger.addedMs),
    moved: instantOrNull(ledger.movedMs),
    source_name: sourceName === '' ? null : sourceName,
  };
}

/** RFC 3339, UTC. */
export function instantOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}

export const SOURCES = 'sources';

/** The columns of a log in CSV. */
export const SOURCE_COLUMNS: readonly string[] = [
  ...['id', 'name', 'state', 'offset', 'at', 'lines', 'accepted', 'rejected', 'rejected_by_reason'],
  ...['late', 'dropped', 'excluded', 'first_event', 'last_event', 'added', 'moved', 'source_name'],
];

/** How rows are written whose texts can hold anything: they may be printed on a terminal as they come. */
export const PRINTABLE: Required<Pick<ListPage, 'asJson' | 'asCell'>> = {
  asJson: (row) => printableJson(JSON.stringify(row)),
  asCell: printable,
};

/** What a client asks for. */
export interface SourcesAsked extends Pick<LedgerQuery, 'state' | 'source' | 'limit'> {
  readonly from: PagePlace;
}

/** @returns a page. Names of files hold anything, so unprintable characters are escaped. */
export async function sourcesPage(
  store: Pick<Store, 'ledgerPage'>,
  { from, limit, ...asked }: SourcesAsked,
  words: InputWords,
): Promise<ListPage> {
  // The next page begins with the one ledger that is too many.
  const ledgers = await store.ledgerPage({ ...asked, fromId: from.id, limit: limit + 1 });
  const next = ledgers[limit];
  return {
    name: SOURCES,
    rows: ledgers.slice(0, limit).map((ledger) => sourceOf(ledger, words)),
    columns: SOURCE_COLUMNS,
    ...PRINTABLE,
    next: next ? encodeCursor(SOURCES, { id: next.id, offset: 0 }) : null,
  };
}
