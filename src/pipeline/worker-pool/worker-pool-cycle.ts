import { bug } from '../../errors.ts';
import { PROGRESS_INTERVAL_MS, SECTIONS_AHEAD } from '../../limits.ts';
import type { Assignment, Partition } from '../../source/contract.ts';
import type { WindowDelta } from '../../store/contract.ts';
import type { Crew, ScannedNews } from './worker-pool.ts';
import { Ledger } from '../scan/ledger.ts';
import { commitIntervalMs, LogChanged, type Pass, type PassParts, PassTurn } from '../scan/scan-cycle.ts';
import type { OpenReader } from '../scan/split.ts';
import { type FedSection, SectionFeed } from './split-enumerator.ts';
import { errorOf } from './thread-error.ts';

/** What was scanned makes no whole, because a section could not be read to its end. Read that partition uncut. */
export class SectionBroken extends Error {
  readonly partitionId: string;

  constructor({ id, name }: { readonly id: string; readonly name: string }) {
    super(`a section of ${name} broke off`);
    this.partitionId = id;
  }
}

/** What the crew has scanned and handed over: one commit. */
interface Batch {
  readonly ledger: Ledger;
  readonly deltas: () => Iterable<WindowDelta>;
}

/**
 * Reads with a crew of scan threads. While one batch is committed here, they scan the next; more than these two are
 * never in memory.
 */
export class CrewPass implements Pass {
  readonly #parts: PassParts;
  readonly #crew: Crew;
  readonly #sectionBytes: number;
  readonly #uncut: ReadonlySet<string>;
  readonly #openReader: OpenReader;
  /** By number; what is done is not in it any more. */
  readonly #sections = new Map<number, FedSection>();
  #offered = 0;
  #ledger = new Ledger();
  #counted: { readonly bytes: number; readonly lines: number };

  /** @param uncut partitions that are to be read as one section each. */
  constructor(
    parts: PassParts,
    crew: Crew,
    openReader: OpenReader,
    sectionBytes: number,
    uncut: ReadonlySet<string>,
  ) {
    this.#parts = parts;
    this.#crew = crew;
    this.#openReader = openReader;
    this.#sectionBytes = sectionBytes;
    this.#uncut = uncut;
    this.#counted = crew.gate.totals;
  }

  async read(assignments: readonly Assignment[]): Promise<boolean> {
    const feed = new SectionFeed(assignments, {
      scan: this.#parts.scan,
      sectionBytes: this.#sectionBytes,
      uncut: this.#uncut,
      openReader: this.#openReader,
      note: this.#parts.note,
    });
    try {
      await this.#readAll(feed);
      return feed.isDone && !feed.hasMissed;
    } finally {
      // Files are closed when no thread reads them any more.
      try {
        await this.#crew.forget();
      } finally {
        await feed.close();
      }
    }
  }

  async #readAll(feed: SectionFeed): Promise<void> {
    const turn = new PassTurn(this.#parts);
    let scanned: Batch | undefined;
    do {
      await this.#offer(feed);
      this.#crew.goOn();
      // It begins when the threads have enough to do: a commit to the embedded store keeps this thread to its end.
      const committed = this.#commit(scanned);
      const [batch] = await Promise.allSettled([this.#scanBatch(feed), committed]);
      await committed;
      if (batch.status === 'rejected') throw batch.reason;
      scanned = batch.value;
    } while (!feed.isDone && !turn.isOver && !this.#parts.signal.aborted);
    await this.#commit(scanned);
  }

  async #scanBatch(feed: SectionFeed): Promise<Batch> {
    await this.#untilDue(feed);
    const deltas = await this.#crew.handOver();
    await this.#takeNews(feed);
    const ledger = this.#ledger;
    this.#ledger = new Ledger();
    return { ledger, deltas };
  }

  async #untilDue(feed: SectionFeed): Promise<void> {
    const { signal, now, progress, settings } = this.#parts;
    // Only what has a known size is cut into sections.
    const intervalMs = commitIntervalMs(settings.isFollowing, 0);
    const beganMs = now();
    for (;;) {
      await this.#takeNews(feed);
      const isDue = this.#crew.gate.isClosed || now() - beganMs >= intervalMs;
      if (isDue || feed.isDone || signal.aborted) return;
      await this.#offer(feed);
      if (progress.isDue) progress.tell();
      await this.#crew.heard(PROGRESS_INTERVAL_MS);
    }
  }

  /** Sees to it that as many sections wait as the threads scan while a commit keeps this thread. */
  async #offer(feed: SectionFeed): Promise<void> {
    const wanted = SECTIONS_AHEAD * this.#crew.size;
    const sections: FedSection[] = [];
    while (this.#crew.unclaimed + sections.length < wanted) {
      const section = await feed.next();
      if (!section) break;
      this.#sections.set(this.#offered++, section);
      sections.push(section);
    }
    if (sections.length === 0) return;
    this.#crew.offer(
      sections.map(({ from, to, takesLastLine, head, place }) => ({ from, to, takesLastLine, head, place })),
    );
  }

  async #takeNews(feed: SectionFeed): Promise<void> {
    for (const news of this.#crew.takeNews()) await this.#note(news, feed);
    const { bytes, lines } = this.#crew.gate.totals;
    this.#parts.progress.add(bytes - this.#counted.bytes, lines - this.#counted.lines);
    this.#counted = { bytes, lines };
  }

  async #note({ section: number, part, isDone, error }: ScannedNews, feed: SectionFeed): Promise<void> {
    const section = this.#sections.get(number);
    if (!section) throw bug(`nobody asked for section ${number}`);
    const { assignment, reader } = section.source;
    const { partition } = assignment;
    const checksums = reader.checksumsUpTo(part.to);
    // Asked behind all that was read.
    if (!reader.isIntact()) throw new LogChanged(partition);
    // What comes behind it may be scanned already: nothing of this batch can be used.
    if (isDone && section.to !== undefined && section.to !== part.to) throw new SectionBroken(partition);
    this.#ledger.add(partition, part, checksums);
    if (!isDone) return;
    this.#sections.delete(number);
    await feed.done(section);
    if (error) this.#parts.note(errorOf(error));
    else if (section.to === undefined) this.#ended(partition);
  }

  #ended(partition: Partition): void {
    if (!this.#parts.settings.isFollowing) this.#ledger.finish(partition);
    this.#parts.ended(partition.id);
  }

  async #commit(batch: Batch | undefined): Promise<void> {
    if (!batch) return;
    const { committer } = this.#parts;
    await committer.commit(batch.ledger.advances(), batch.deltas);
  }
}
