import { counted, grouped } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import { MIN_LINES_TO_JUDGE } from '../../limits.ts';
import type { RejectionReason } from '../../log-format/types.ts';
import { type Source, storedPosition } from '../../source/contract.ts';
import type { Advance } from '../../store/contract.ts';

/** Reasons that do not speak against the format. */
const EXPECTED: ReadonlySet<string> = new Set<RejectionReason>([
  'header_line',
  'missing_customer_id',
  'continued_line',
  'event_too_old',
]);

interface Share {
  readonly lines: number;
  readonly rejected: number;
}

/** A partition that is not to be read on. */
export interface MostlyRejected {
  readonly partitionId: string;
  readonly error: DaymarkError;
}

/** Watches the share of rejected lines of each partition. A file in another format must not count as an empty one. */
export class RejectedShare {
  readonly #maxPercent: number;
  readonly #positionText: Source['positionText'];
  /** Grows with the partitions that a run moves, as the list of files itself does. */
  readonly #committed = new Map<string, Share>();

  /** @param maxPercent 100: no bound. @param positionText as of the source. */
  constructor(maxPercent: number, positionText: Source['positionText']) {
    this.#maxPercent = maxPercent;
    this.#positionText = positionText;
  }

  /** The partitions of which this run would reject too many lines, this batch included. */
  judge(advances: readonly Advance[]): MostlyRejected[] {
    return advances
      .filter((advance) => this.#isTooMuch(this.#with(advance)))
      .map((advance) => ({ partitionId: advance.partitionId, error: this.#errorOf(advance) }));
  }

  #isTooMuch({ lines, rejected }: Share): boolean {
    return lines >= MIN_LINES_TO_JUDGE && rejected * 100 > lines * this.#maxPercent;
  }

  #with(advance: Advance): Share {
    const { lines, rejected } = this.#committed.get(advance.partitionId) ?? { lines: 0, rejected: 0 };
    return { lines: lines + advance.lines, rejected: rejected + unexpected(advance) };
  }

  #errorOf(advance: Advance): DaymarkError {
    const { lines, rejected } = this.#with(advance);
    const detail = `${grouped(rejected)} of ${counted(lines, 'line')} of ${advance.name} were rejected${this.#mostFrequent(advance)}. daymark stopped reading it.`;
    return new DaymarkError('MOSTLY_REJECTED', detail);
  }

  /** The reason that the batch has most often, with an example of it. */
  #mostFrequent({ partitionId, rejectedByReason, rejectedLines }: Advance): string {
    const reasons = [...rejectedByReason].filter(([reason]) => !EXPECTED.has(reason));
    const [reason] = reasons.sort(([, a], [, b]) => b - a)[0] ?? [];
    if (reason === undefined) return '';
    const example = rejectedLines.find((line) => line.reason === reason);
    if (!example) return `, most of them as ${reason}`;
    const place = this.#positionText(storedPosition(example.offset), partitionId);
    return `, most of them as ${reason}, such as the one at ${place}: ${example.excerpt}`;
  }

  /** Counts what was stored. */
  add(advances: readonly Advance[]): void {
    for (const advance of advances) this.#committed.set(advance.partitionId, this.#with(advance));
  }
}

function unexpected({ rejectedByReason }: Advance): number {
  return [...rejectedByReason].reduce((sum, [reason, lines]) => sum + (EXPECTED.has(reason) ? 0 : lines), 0);
}
