import { bug, DaymarkError } from '../../errors.ts';
import { MAX_PUSH_PARTITIONS, MAX_PUSH_REJECTIONS_TOLD, MAX_PUSH_TRIES } from '../../limits.ts';
import type { Partition, Position } from '../../source/contract.ts';
import type { Checkpoint, NewPartition, Push, PushAnswer, Store } from '../../store/contract.ts';
import { customerOfDay } from '../../window/key.ts';
import type { ZoneTable } from '../../window/types.ts';
import { CountedDeltas } from '../loop/counted-deltas.ts';
import { asPartition } from '../loop/known-partitions.ts';
import { Ledger, type ScannedPart } from '../scan/ledger.ts';
import type { SplitScanner } from '../scan/split-scanner.ts';
import type { EventTimeSettings, StoredCommit } from '../types.ts';
import { BytesReader } from './bytes-reader.ts';
import type { Pushed, PushedLines } from './types.ts';

/** What a {@link Pusher} works with. */
export interface PusherParts {
  readonly store: Pick<Store, 'commit' | 'pushes' | 'checkpoints' | 'addPartitions'>;
  readonly dayZone: ZoneTable;
  readonly eventTime: Pick<EventTimeSettings, 'waitMs'>;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** The system time, in ms since 1970. */
  readonly systemTimeMs: () => number;
  /** A number below another one, by chance. */
  readonly randomBelow: (bound: number) => number;
}

/** How lines of one form are read. */
export interface PushScan {
  readonly scanner: SplitScanner;
  /** Stored with each partition, as `encodeReadingSettings` writes them. */
  readonly readingSettings: string;
  /** True where the first line names the columns. */
  readonly hasHeader: boolean;
}

/** It has no byte of a file, so no file is taken for it. */
const HEAD_KEY = 'push';

/**
 * Takes lines that were handed in: each push is scanned, and committed with its key and its checkpoint in one transaction. So it
 * counts once, however often it comes: a second one with its key finds what the first one was told, and is told the same.
 *
 * Whoever hands lines in has a partition. Its position is the number of bytes that were handed in. If two processes take pushes of
 * the same client at once, the checkpoint lets one of them win; the other one goes on in the next partition of this client.
 */
export class Pusher {
  readonly #parts: PusherParts;
  /** Which partition of each client this process uses. */
  readonly #places = new Map<string, number>();

  constructor(parts: PusherParts) {
    this.#parts = parts;
  }

  /**
   * @throws {DaymarkError} PUSH_KEY_REUSED, PUSH_TOO_LARGE, PUSH_UNREADABLE, PUSH_OTHER_CUSTOMER; STORE_*. Nothing was counted then, or, where the store
   * did not answer, nobody knows: a second try tells.
   */
  async push(lines: PushedLines, scan: PushScan): Promise<Pushed> {
    const known = await this.#known(lines);
    if (known) return known;
    for (let tries = 0; tries < MAX_PUSH_TRIES; tries++) {
      try {
        return await this.#commit(lines, scan);
      } catch (error) {
        const code = error instanceof DaymarkError ? error.code : undefined;
        if (code === 'PUSH_KNOWN')
          return (await this.#known(lines)) ?? fail('a push is known, and cannot be found');
        if (code !== 'CHECKPOINT_MOVED') throw error;
        this.#places.set(lines.key.scope, this.#parts.randomBelow(MAX_PUSH_PARTITIONS));
      } finally {
        scan.scanner.takePart();
        scan.scanner.clear();
      }
    }
    throw new DaymarkError(
      'STORE_BUSY',
      `Others moved the partitions of ${lines.name} ${MAX_PUSH_TRIES} times.`,
    );
  }

  /** What was answered before to the same lines with the same key. */
  async #known({ key, fingerprint }: PushedLines): Promise<Pushed | undefined> {
    const push = await this.#parts.store.pushes.find(key);
    if (!push) return undefined;
    if (push.fingerprint !== fingerprint)
      throw new DaymarkError('PUSH_KEY_REUSED', 'This `Idempotency-Key` was sent before with other content.');
    return { answer: JSON.parse(push.answer) as PushAnswer, isReplay: true, commit: undefined };
  }

  async #commit(lines: PushedLines, { scanner, readingSettings, hasHeader }: PushScan): Promise<Pushed> {
    const { store, dayZone, eventTime, now, systemTimeMs } = this.#parts;
    const checkpoint = await this.#partitionOf(lines);
    // The name that it has, and not that of the push: the first one named it.
    const partition = { ...asPartition(checkpoint), clockMs: checkpoint.clockMs };
    const { bytes, key, fingerprint } = lines;
    const part = await this.#scan(lines, scanner, partition, hasHeader);
    if (lines.customers) assertOwn(scanner, lines.customers);
    const ledger = new Ledger();
    ledger.add(partition, part, new Uint8Array());
    // Nobody waits for a client that says nothing: it may never come again.
    ledger.finish(partition);
    const advances = ledger.advances();
    const answer = answerOf(part, bytes, partition);
    const nowMs = systemTimeMs();
    const push: Push = { ...key, fingerprint, answer: JSON.stringify(answer), createdMs: nowMs };
    const finality = { nowMs, waitMs: eventTime.waitMs, zone: dayZone };
    const counted = new CountedDeltas(() => scanner.deltas());
    const beganMs = now();
    const timeZone = dayZone.name;
    const deltas = counted.read();
    await store.commit({ timeZone, advances, readingSettings, push, finality, deltas });
    const { rows, windows } = counted;
    const sizes = { rows, windows, durationMs: now() - beganMs };
    return { answer, isReplay: false, commit: storedOf(answer, bytes.length, sizes) };
  }

  async #scan(
    { bytes }: PushedLines,
    scanner: SplitScanner,
    partition: Partition & { readonly clockMs: number | null },
    hasHeader: boolean,
  ): Promise<ScannedPart> {
    if (bytes.length === 0) return scanner.takePart();
    const split = { bytes: undefined, takesLastLine: true, head: hasHeader ? bytes : undefined };
    const scanAll = async (): Promise<boolean> => {
      beginAt(scanner, split, new BytesReader(bytes, partition.offset), partition.clockMs);
      return (await scanner.scan(UNBOUNDED)) === 'done';
    };
    if (!(await scanAll())) {
      // It knows the customers of earlier pushes, and forgets them where there is no room for more.
      scanner.takePart();
      scanner.clear();
      if (!(await scanAll())) {
        const detail = 'The lines touch more windows of customers, days and endpoints than one push may.';
        throw new DaymarkError('PUSH_TOO_LARGE', detail);
      }
    }
    const part = scanner.takePart();
    if (part.to !== partition.offset + bytes.length)
      throw bug(`${part.to - part.from} bytes of a push were read`);
    return part;
  }

  /** The partition that this process uses for a client, which is added where the store does not know it. */
  async #partitionOf({ key: { scope }, name }: PushedLines): Promise<Checkpoint> {
    const { store, systemTimeMs } = this.#parts;
    const place = this.#places.get(scope) ?? 0;
    const id = partitionId(scope, place);
    const [known] = await store.checkpoints.byIds([id]);
    if (known) return known;
    const added = newPartition(id, place === 0 ? name : `${name}, ${place + 1}`, systemTimeMs());
    await store.addPartitions(async (lookup) => ((await lookup.byIds([id])).length > 0 ? [] : [added]));
    const [there] = await store.checkpoints.byIds([id]);
    return there ?? fail(`partition ${id} was added, and is not there`);
  }
}

/** @throws {DaymarkError} PUSH_UNREADABLE where the first line does not name the columns of the format. */
function beginAt(
  scanner: SplitScanner,
  ...[split, reader, clockMs]: Parameters<SplitScanner['begin']>
): void {
  try {
    scanner.begin(split, reader, clockMs);
  } catch (error) {
    if (!(error instanceof DaymarkError && error.code === 'HEADER_MISSING')) throw error;
    throw new DaymarkError('PUSH_UNREADABLE', error.message, { cause: error });
  }
}

/**
 * One line of another customer refuses all of them. Its id is not told: the line may have had an alias.
 * @throws {DaymarkError} PUSH_OTHER_CUSTOMER.
 */
function assertOwn(scanner: SplitScanner, customers: ReadonlySet<string>): void {
  for (const { key } of scanner.deltas()) {
    const customer = customerOfDay(key);
    if (customer === undefined || customers.has(customer)) continue;
    const detail = 'At least one line is of a customer whose lines this key does not hand in.';
    throw new DaymarkError('PUSH_OTHER_CUSTOMER', detail);
  }
}

/** Nothing but the content ends the scan of a push. */
const UNBOUNDED = { isClosed: false, room: Number.POSITIVE_INFINITY, took: () => undefined };

function fail(what: string): never {
  throw bug(what);
}

function partitionId(scope: string, place: number): string {
  return `push-${scope === '' ? 'anybody' : scope}-${place + 1}`;
}

function newPartition(id: string, name: string, addedMs: number): NewPartition {
  return {
    // If its first push is refused, it stays without a line.
    ...{ id, name, addedMs, startOffset: 0, tailChecksum: '', isFinished: true },
    ...{ headFingerprint: '', headKey: HEAD_KEY, inode: '', prefixChecksums: null },
  };
}

function answerOf(part: ScannedPart, bytes: Uint8Array, { id, offset: from }: Partition): PushAnswer {
  const { lines, accepted, rejected, late, dropped, excluded } = part;
  const told = part.rejectedLines.slice(0, MAX_PUSH_REJECTIONS_TOLD);
  return {
    ...{ lines, accepted, rejected, rejected_by_reason: Object.fromEntries(part.rejectedByReason) },
    ...{ late, dropped, excluded, rejected_lines: numbered(told, bytes, from), source_id: id },
  };
}

const LF = 0x0a;

/** Counts lines as far as the last rejected one that is told. */
function numbered(told: ScannedPart['rejectedLines'], bytes: Uint8Array, from: Position) {
  let line = 1;
  let next = 0;
  return told.map(({ offset: position, reason, excerpt }) => {
    const offset = position - from;
    for (let at = bytes.indexOf(LF, next); at >= 0 && at < offset; at = bytes.indexOf(LF, next)) {
      line++;
      next = at + 1;
    }
    return { line, offset, reason, excerpt };
  });
}

function storedOf(
  { lines, accepted, rejected, late, dropped, excluded, rejected_by_reason }: PushAnswer,
  bytes: number,
  sizes: Pick<StoredCommit, 'rows' | 'windows' | 'durationMs'>,
): StoredCommit {
  return {
    ...{ lines, accepted, rejected, late, dropped, excluded, rejectedByReason: rejected_by_reason },
    ...{ ...sizes, bytes, totalMs: sizes.durationMs },
    ...{ partitions: 1, tries: 1, failures: [] },
  };
}
