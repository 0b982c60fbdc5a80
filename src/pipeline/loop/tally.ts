import type { Commit } from '../../store/contract.ts';
import type { Summary } from '../types.ts';

/** Adds up what a run stored. */
export class Tally {
  #lines = 0;
  #accepted = 0;
  #rejected = 0;
  #late = 0;
  #dropped = 0;
  #excluded = 0;
  #bytes = 0;
  #commits = 0;
  #windowsTouched = 0;
  readonly #rejectedByReason: Record<string, number> = {};
  /** Grows with the partitions that a run moves, as the list of files itself does. */
  readonly #partitions = new Set<string>();

  /** Counts a stored commit. @param bytes of the lines in it. */
  add({ advances }: Pick<Commit, 'advances'>, windows: number, bytes: number): void {
    this.#commits++;
    this.#windowsTouched += windows;
    this.#bytes += bytes;
    for (const advance of advances) {
      this.#lines += advance.lines;
      this.#accepted += advance.accepted;
      this.#rejected += advance.rejected;
      this.#late += advance.late;
      this.#dropped += advance.dropped;
      this.#excluded += advance.excluded;
      if (advance.toOffset > advance.fromOffset) this.#partitions.add(advance.partitionId);
      for (const [reason, lines] of advance.rejectedByReason) {
        this.#rejectedByReason[reason] = (this.#rejectedByReason[reason] ?? 0) + lines;
      }
    }
  }

  /** Of the lines that were stored. */
  get bytes(): number {
    return this.#bytes;
  }

  get summary(): Omit<Summary, 'isComplete'> {
    return {
      lines: this.#lines,
      accepted: this.#accepted,
      rejected: this.#rejected,
      rejectedByReason: { ...this.#rejectedByReason },
      late: this.#late,
      dropped: this.#dropped,
      excluded: this.#excluded,
      partitions: this.#partitions.size,
      windowsTouched: this.#windowsTouched,
      commits: this.#commits,
      bytes: this.#bytes,
    };
  }
}
