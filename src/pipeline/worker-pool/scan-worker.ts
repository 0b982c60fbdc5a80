import type { MessagePort } from 'node:worker_threads';
import { DaymarkError } from '../../errors.ts';
import { SharedGate } from './claim-counter.ts';
import { encodeHandover, type Handover } from './partial-aggregates.ts';
import type { ScannedPart } from '../scan/ledger.ts';
import type { ByteReader, OpenReader, Place, Section } from '../scan/split.ts';
import { emptyPart, type ScanTask, SectionScanner } from '../scan/split-scanner.ts';
import { type ThreadError, threadError } from './thread-error.ts';

/** What a scan thread is started with. */
export interface ScanThreadData {
  readonly gate: SharedArrayBuffer;
  readonly closingLines: number;
  readonly task: ScanTask;
}

/** A section for whichever thread claims it. */
export interface OfferedSection extends Section {
  readonly place: Place;
}

/** What a scan thread is told. */
export type ScanOrder =
  /** More sections, for all threads; also that the gate was opened again. */
  | { readonly kind: 'sections'; readonly sections: readonly OfferedSection[] }
  /** The gate is closed: hand over what was scanned. */
  | { readonly kind: 'hand over' }
  /** The gate is closed and begins anew: forget everything, the sections too. */
  | { readonly kind: 'forget' };

/** What a scan thread tells. */
export type ScanNews =
  /** `isDone`: nothing more comes of the section. */
  | {
      readonly kind: 'scanned';
      readonly section: number;
      readonly part: ScannedPart;
      readonly isDone: boolean;
      readonly error?: ThreadError | undefined;
    }
  /** Windows, before the order to hand them over: there was no room for more. */
  | { readonly kind: 'windows'; readonly windows: Handover }
  | { readonly kind: 'handed over'; readonly windows: Handover }
  | { readonly kind: 'forgotten' };

interface Work {
  readonly number: number;
  readonly section: OfferedSection;
  readonly reader: ByteReader;
}

/** The scan thread's side of a {@link Crew}: claims sections, scans them, and hands over what they hold. */
export class ScanService {
  readonly #port: MessagePort;
  readonly #openReader: OpenReader;
  readonly #gate: SharedGate;
  readonly #scanner: SectionScanner;
  /** By their numbers; those that other threads claimed may still stand in it. */
  readonly #offered = new Map<number, OfferedSection>();
  #known = 0;
  /** Scanned, or to be scanned on when the gate opens again. */
  #work: Work | undefined;

  constructor(
    port: MessagePort,
    { gate, closingLines, task }: ScanThreadData,
    openReader: OpenReader,
    systemTimeMs: () => number,
  ) {
    this.#port = port;
    this.#openReader = openReader;
    this.#gate = new SharedGate(closingLines, gate);
    this.#scanner = new SectionScanner(task, systemTimeMs);
  }

  async obey(order: ScanOrder): Promise<void> {
    if (order.kind === 'sections') {
      for (const section of order.sections) this.#offered.set(this.#known++, section);
      while (await this.#findWork()) await this.#scan();
    } else if (order.kind === 'hand over') {
      this.#handOver('handed over');
    } else {
      await this.#forget();
    }
  }

  /** @returns false where there is nothing to do at present. */
  async #findWork(): Promise<boolean> {
    // A section that others come behind is scanned to its end, also where there was no room in between.
    if (this.#work) return this.#work.section.to !== undefined || !this.#gate.isClosed;
    const number = this.#gate.claim(this.#known);
    if (number === undefined) return false;
    for (const offered of this.#offered.keys()) {
      if (offered >= number) break;
      this.#offered.delete(offered);
    }
    const section = this.#offered.get(number) as OfferedSection;
    try {
      const reader = counted(await this.#openReader({ ...section.place, offset: section.from }), this.#gate);
      this.#work = { number, section, reader };
      this.#scanner.begin(section, reader, null);
    } catch (error) {
      this.#report(number, nothingOf(section), error);
    }
    return true;
  }

  async #scan(): Promise<void> {
    if (!this.#work) return;
    const { number, section } = this.#work;
    try {
      const stop = await this.#scanner.scan(this.#gate);
      if (this.#scanner.isFull) this.#gate.close();
      if (stop === 'full' && section.to !== undefined) this.#handOver('windows');
      else if (stop === 'done') await this.#finish();
      else this.#tell({ kind: 'scanned', section: number, part: this.#scanner.takePart(), isDone: false });
    } catch (error) {
      await this.#finish(error);
    }
  }

  async #finish(error?: unknown): Promise<void> {
    const { number, reader } = this.#work as Work;
    this.#work = undefined;
    await reader.close();
    this.#report(number, this.#scanner.takePart(), error);
  }

  #report(section: number, part: ScannedPart, error: unknown): void {
    if (error !== undefined && !(error instanceof DaymarkError)) throw error;
    this.#tell({ kind: 'scanned', section, part, isDone: true, error: error && threadError(error) });
  }

  #handOver(kind: 'windows' | 'handed over'): void {
    const windows = encodeHandover(this.#scanner.handedWindows());
    this.#scanner.clear();
    const buffers = windows.map(({ buffer }) => buffer);
    this.#port.postMessage({ kind, windows } satisfies ScanNews, buffers);
  }

  async #forget(): Promise<void> {
    await this.#work?.reader.close();
    this.#work = undefined;
    this.#offered.clear();
    this.#known = 0;
    this.#scanner.clear();
    this.#tell({ kind: 'forgotten' });
  }

  #tell(news: ScanNews): void {
    this.#port.postMessage(news);
  }
}

function nothingOf({ from }: Section): ScannedPart {
  return emptyPart(from);
}

function counted(reader: ByteReader, gate: SharedGate): ByteReader {
  return {
    before: reader.before,
    read: async (target) => {
      const bytes = await reader.read(target);
      gate.read(bytes);
      return bytes;
    },
    close: () => reader.close(),
  };
}
