/** The rejected lines that are kept, as the API says them. */

import { setImmediate } from 'node:timers/promises';
import { DaymarkError } from '../errors.ts';
import { MAX_REJECTED_ROUNDS, REJECTED_LEDGERS_A_ROUND } from '../limits.ts';
import { nearestHint } from '../nearest.ts';
import type { RejectedLine, SourceLedger, Store } from '../store/contract.ts';
import type { InputWords } from './input-words.ts';
import type { ListPage } from './lists.ts';
import { encodeCursor, FIRST_PLACE, type PagePlace } from './page-cursor.ts';
import { PRINTABLE } from './sources.ts';

export const REJECTED = 'rejected';

/** The columns of a rejected line in CSV. */
export const REJECTED_COLUMNS: readonly string[] = ['source_id', 'file', 'offset', 'at', 'reason', 'excerpt'];

/** What a client asks for. */
export interface RejectedAsked {
  readonly source?: string | undefined;
  /** Separated by commas. */
  readonly reason?: string | undefined;
  readonly limit: number;
  readonly from: PagePlace;
}

type LedgerReader = Pick<Store, 'ledgerPage' | 'rejectedLines'>;

/**
 * @returns a page. Lines hold anything, so unprintable characters are escaped.
 * @throws {DaymarkError} NO_SUCH_SOURCE; INVALID_REQUEST where one of the reasons is none.
 */
export async function rejectedPage(
  store: LedgerReader,
  asked: RejectedAsked,
  words: InputWords,
): Promise<ListPage> {
  const { lines, next } = await readPage(store, { ...asked, reasons: reasonsOf(asked.reason, words) });
  if (lines.length === 0) await assertSource(store, asked);
  return {
    name: REJECTED,
    rows: lines.map(({ ledger, line }) => rejectedLineOf(line, ledger, words)),
    columns: REJECTED_COLUMNS,
    ...PRINTABLE,
    next: next ? encodeCursor(REJECTED, next) : null,
  };
}

/** A rejected line. The order of the fields is part of the API. */
function rejectedLineOf(
  { offset, reason, excerpt }: RejectedLine,
  { id, name }: SourceLedger,
  { positionText }: InputWords,
) {
  return { source_id: id, file: name, offset, at: positionText(offset, id), reason, excerpt };
}

/** What is read: {@link RejectedAsked}, with the reasons one by one. Undefined: lines of all reasons. */
interface LinesAsked extends RejectedAsked {
  readonly reasons: readonly string[] | undefined;
}

interface FoundLine {
  readonly ledger: SourceLedger;
  readonly line: RejectedLine;
}

interface FoundPage {
  readonly lines: readonly FoundLine[];
  readonly next: PagePlace | undefined;
}

/**
 * By log and place. Of a log, only lines that stand before its position are read, so that they match its counts. Logs of
 * which none of the asked lines is kept cost time, too, so their number is bounded: then the page ends early.
 */
async function readPage(store: LedgerReader, asked: LinesAsked): Promise<FoundPage> {
  const lines: FoundLine[] = [];
  let { from } = asked;
  for (let round = 0; round < MAX_REJECTED_ROUNDS; round++) {
    const ledgers = await store.ledgerPage({
      ...{ source: asked.source, reasons: asked.reasons, hasRejected: true },
      ...{ fromId: from.id, limit: REJECTED_LEDGERS_A_ROUND + 1 },
    });
    for (const ledger of ledgers.slice(0, REJECTED_LEDGERS_A_ROUND)) {
      const next = await readLedger(store, ledger, from, asked, lines);
      if (next) return { lines, next };
      await setImmediate();
    }
    const following = ledgers[REJECTED_LEDGERS_A_ROUND];
    if (!following) return { lines, next: undefined };
    from = { id: following.id, offset: 0 };
  }
  return { lines, next: from };
}

/** Adds the lines of a log for which there is room. @returns the place of the first line for which there is none. */
async function readLedger(
  store: LedgerReader,
  ledger: SourceLedger,
  from: PagePlace,
  { reasons, limit }: LinesAsked,
  lines: FoundLine[],
): Promise<PagePlace | undefined> {
  const room = limit - lines.length;
  const found = await store.rejectedLines({
    ...{ partitionId: ledger.id, reasons, toOffset: ledger.offset },
    fromOffset: ledger.id === from.id ? from.offset : 0,
    limit: room + 1,
  });
  lines.push(...found.slice(0, room).map((line) => ({ ledger, line })));
  const next = found[room];
  return next && { id: ledger.id, offset: next.offset };
}

function reasonsOf(
  list: string | undefined,
  { rejectionReasons: known }: InputWords,
): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const reasons = list.split(',');
  const unknown = reasons.find((reason) => !known.includes(reason));
  if (unknown === undefined) return reasons;
  const hint = nearestHint(unknown, known);
  throw new DaymarkError(
    'INVALID_REQUEST',
    `\`${unknown}\` in \`reason\` is no reason.${hint} The reasons are ${known.join(', ')}.`,
  );
}

/** A log of which no line is kept is not the same as no log. */
async function assertSource(store: LedgerReader, { source, from }: RejectedAsked): Promise<void> {
  if (source === undefined || from !== FIRST_PLACE) return;
  if ((await store.ledgerPage({ source, fromId: '', limit: 1 })).length > 0) return;
  throw new DaymarkError(
    'NO_SUCH_SOURCE',
    `No file ${JSON.stringify(source)} was read. \`/v1/sources\` lists the files.`,
  );
}
