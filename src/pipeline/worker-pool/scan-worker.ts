import type { MessagePort } from 'node:worker_threads';
import { DaymarkError } from '../../errors.ts';
import type { ByteLocation, PositionedBytes } from '../../source/contract.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';
import type { ScannedPart } from '../scan/ledger.ts';
import type { OpenLocation, Split } from '../scan/split.ts';
import { type ScanTask, SplitScanner } from '../scan/split-scanner.ts';
import { ClaimCounter } from './claim-counter.ts';
import { encodePartialAggregates, type PartialAggregates } from './partial-aggregates.ts';

/** What a scan thread is started with. */
export interface ScanThreadData {
  readonly claimCounter: SharedArrayBuffer;
  readonly closingLines: number;
  readonly task: ScanTask;
  /** True where a batch without room is spilled. */
  readonly isSpilling: boolean;
}

/** A split for whichever thread claims it. */
export interface OfferedSplit extends Split {
  /** Where its first byte is. */
  readonly location: ByteLocation;
}

/** What the committing thread sends to a scan thread. */
export type WorkerCommand =
  /** More splits, for all threads. Also says that the claim counter is open again. */
  | { readonly kind: 'splits'; readonly splits: readonly OfferedSplit[] }
  /** The claim counter is closed: say when what was claimed is scanned. */
  | { readonly kind: 'rest' }
  /** The claim counter is closed: flush what was scanned, to be committed or to be spilled. */
  | { readonly kind: 'flush'; readonly form: FlushForm }
  /** The claim counter is closed and starts again at 0: forget everything, the splits too. */
  | { readonly kind: 'forget' };

/** Partial aggregates, or a run of encoded windows. */
export type FlushForm = 'aggregates' | 'run';

/** What a scan thread sends back. */
export type WorkerMessage =
  | {
      readonly kind: 'scanned';
      readonly split: number;
      /** Undefined where the split could not be opened. */
      readonly part: ScannedPart | undefined;
      /** True where nothing more comes of the split. */
      readonly isDone: boolean;
      /** Of a split that is done: false where lines of it are missing that others come behind. */
      readonly isWhole: boolean;
      readonly error?: ThreadError | undefined;
    }
  /** Windows, before the command to flush: there was no room for more. */
  | { readonly kind: 'windows'; readonly windows: PartialAggregates; readonly form: FlushForm }
  | { readonly kind: 'flushed'; readonly windows: PartialAggregates; readonly form: FlushForm }
  | { readonly kind: 'resting' | 'forgotten' };

interface Work {
  readonly number: number;
  readonly split: OfferedSplit;
  readonly reader: PositionedBytes;
}

/** The scan thread's side of a {@link WorkerPool}: claims splits, scans them, and flushes their windows. */
export class ScanService {
  readonly #port: MessagePort;
  readonly #openLocation: OpenLocation;
  readonly #claimCounter: ClaimCounter;
  readonly #scanner: SplitScanner;
  readonly #isSpilling: boolean;
  /** By their numbers. Those that other threads have claimed may still be in it. */
  readonly #offered = new Map<number, OfferedSplit>();
  #known = 0;
  /** The split in work, or held until the claim counter opens again. */
  #work: Work | undefined;

  constructor(
    port: MessagePort,
    { claimCounter, closingLines, task, isSpilling }: ScanThreadData,
    openLocation: OpenLocation,
    systemTimeMs: () => number,
  ) {
    this.#port = port;
    this.#openLocation = openLocation;
    this.#claimCounter = new ClaimCounter(closingLines, claimCounter);
    this.#scanner = new SplitScanner(task, systemTimeMs);
    this.#isSpilling = isSpilling;
  }

  async handle(command: WorkerCommand): Promise<void> {
    if (command.kind === 'splits') {
      for (const split of command.splits) this.#offered.set(this.#known++, split);
      while (await this.#findWork()) await this.#scan();
    } else if (command.kind === 'rest') {
      this.#send({ kind: 'resting' });
    } else if (command.kind === 'flush') {
      this.#flush('flushed', command.form);
    } else {
      await this.#forget();
    }
  }

  /** @returns false where there is nothing to do at present. */
  async #findWork(): Promise<boolean> {
    // A split that others come behind is scanned to its end, even if a flush was needed in between.
    if (this.#work) return this.#work.split.bytes !== undefined || !this.#claimCounter.isClosed;
    const number = this.#claimCounter.claim(this.#known);
    if (number === undefined) return false;
    for (const offered of this.#offered.keys()) {
      if (offered >= number) break;
      this.#offered.delete(offered);
    }
    const split = this.#offered.get(number) as OfferedSplit;
    try {
      const reader = counted(await this.#openLocation(split.location), this.#claimCounter);
      this.#work = { number, split, reader };
      this.#scanner.begin(split, reader, null);
    } catch (error) {
      this.#report(number, undefined, split.bytes === undefined, error);
    }
    return true;
  }

  async #scan(): Promise<void> {
    if (!this.#work) return;
    const { number, split } = this.#work;
    try {
      const stop = await this.#scanner.scan(this.#claimCounter);
      if (this.#scanner.isFull) this.#claimCounter.closeFull();
      if (stop === 'full' && split.bytes !== undefined)
        this.#flush('windows', this.#isSpilling ? 'run' : 'aggregates');
      else if (stop === 'done') await this.#finish();
      else {
        const part = this.#scanner.takePart();
        this.#send({ kind: 'scanned', split: number, part, isDone: false, isWhole: false });
      }
    } catch (error) {
      await this.#finish(error);
    }
  }

  async #finish(error?: unknown): Promise<void> {
    const { number, reader } = this.#work as Work;
    this.#work = undefined;
    await reader.close();
    const { isWhole } = this.#scanner;
    this.#report(number, this.#scanner.takePart(), isWhole, error);
  }

  #report(split: number, part: ScannedPart | undefined, isWhole: boolean, error: unknown): void {
    if (error !== undefined && !(error instanceof DaymarkError)) throw error;
    this.#send({ kind: 'scanned', split, part, isDone: true, isWhole, error: error && threadError(error) });
  }

  #flush(kind: 'windows' | 'flushed', form: FlushForm): void {
    const windows =
      form === 'run'
        ? Array.from(this.#scanner.encodedWindows(), (piece) => new Uint8Array(piece))
        : encodePartialAggregates(this.#scanner.partialAggregates());
    this.#scanner.clear();
    const buffers = windows.map(({ buffer }) => buffer);
    this.#port.postMessage({ kind, windows, form } satisfies WorkerMessage, buffers);
  }

  async #forget(): Promise<void> {
    await this.#work?.reader.close();
    this.#work = undefined;
    this.#offered.clear();
    this.#known = 0;
    this.#scanner.clear();
    this.#send({ kind: 'forgotten' });
  }

  #send(message: WorkerMessage): void {
    this.#port.postMessage(message);
  }
}

function counted(reader: PositionedBytes, claimCounter: ClaimCounter): PositionedBytes {
  return {
    before: reader.before,
    hasBytePositions: reader.hasBytePositions,
    read: async (target) => {
      const bytes = await reader.read(target);
      claimCounter.read(bytes);
      return bytes;
    },
    positionAt: (bytes) => reader.positionAt(bytes),
    close: () => reader.close(),
  };
}
