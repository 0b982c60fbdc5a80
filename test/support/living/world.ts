/** A directory of logs, the programs that read it, and what can happen to all of them. */

import { renameSync, rmSync, statSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { PREFIX_FIRST_STEP_BYTES } from '../../../src/limits.ts';
import type { Store } from '../../../src/store/contract.ts';
import { WorldClock } from './clock.ts';
import {
  copyAndGoOn,
  cutAndGoOn,
  deleteAndRestore,
  type Length,
  replaceByCopy,
  type Surroundings,
  type Way,
} from './copies.ts';
import { failingStore } from './failing-store.ts';
import { type Archive, LivingLogs } from './living-logs.ts';
import { LogDirectory, type LogNumber } from './log-directory.ts';
import { Readers } from './readers.ts';

const HOUR_MS = 3_600_000;

export class World {
  readonly logs: LivingLogs;
  readonly readers: Readers;
  readonly clock = new WorldClock();
  readonly #failures: ReturnType<typeof failingStore>['failures'];
  /** True where a file that left its path may not be read to its end yet. */
  #hasDeparted = false;

  constructor(directory: string, headerBytes: number, realStore: Store) {
    const { store, failures } = failingStore(realStore);
    const files = new LogDirectory(directory, this.clock);
    this.logs = new LivingLogs(files, headerBytes);
    this.readers = new Readers(files, store, this.clock);
    this.#failures = failures;
  }

  /** @param roll a number to choose by. */
  async apply(operation: Operation, log: LogNumber, roll: number): Promise<void> {
    const { needs, happen } = OPERATIONS[operation];
    if (needs === 'a log' && !this.logs.files.has(log)) return;
    await happen(this, log, roll);
  }

  around(roll: number): Surroundings {
    const { logs, readers, clock } = this;
    return { logs, readers, clock, roll, stop: () => this.stop() };
  }

  async rotate(log: LogNumber, writesOn: boolean): Promise<void> {
    const isTooShort = statSync(this.logs.files.path(log)).size < PREFIX_FIRST_STEP_BYTES;
    // Of a part without a checksum nobody can say whose it is: when it is over, it is half a line.
    if (this.logs.isShortened(log) && (writesOn || isTooShort)) this.logs.complete(log);
    const path = this.logs.rotate(log);
    if (writesOn) {
      if (this.logs.expected.made % 2 === 0) await this.readers.look();
      this.logs.writeOn(log, path);
    }
    this.logs.end(log);
  }

  /** Out of reach only what was held: a look has seen it. @param leave gives the path at which it can still be written to. */
  async leave(log: LogNumber, leave: (path: string) => string | undefined, writesOn: boolean): Promise<void> {
    if (!this.readers.isRunning) return;
    if (this.logs.isShortened(log)) this.logs.complete(log);
    await this.readers.look();
    if (this.logs.expected.made % 2 === 0) this.logs.write(log);
    const away = leave(this.logs.files.path(log));
    this.#hasDeparted = true;
    if (writesOn && away !== undefined) {
      if (this.logs.expected.made % 3 === 0) await this.readers.look();
      this.logs.writeOn(log, away);
    }
    this.logs.end(log);
    this.#hasDeparted = true;
  }

  moveAway(path: string): string {
    const away = this.logs.files.awayPath();
    renameSync(path, away);
    return away;
  }

  async copyWriteAndTruncate(log: LogNumber): Promise<void> {
    if (!this.readers.isRunning) return;
    this.logs.copyAside(log);
    this.logs.write(log);
    this.logs.hasRotatedPart = true;
    // Else the line is nowhere.
    await this.readers.look();
    this.logs.truncate(log);
  }

  async rewrite(log: LogNumber): Promise<void> {
    if (!this.readers.isRunning) return;
    this.logs.complete(log);
    await this.readers.look();
    this.logs.truncate(log);
    this.logs.write(log);
  }

  async packSlowly(archive: Archive | undefined): Promise<void> {
    if (!archive) return;
    const { bytes, from, to } = archive;
    const middle = bytes.length >> 1;
    this.logs.files.append(to, bytes.subarray(0, middle));
    await this.readers.look();
    if (bytes.length % 2 === 0) await this.readers.look();
    this.logs.files.append(to, bytes.subarray(middle));
    if (bytes.length % 3 === 0) await this.readers.look();
    rmSync(from);
  }

  async deleteOldest(log: LogNumber): Promise<void> {
    const path = this.logs.files.oldest(log);
    // What nobody has read is lost with it.
    if (!path || !this.readers.isRunning) return;
    await this.settle();
    rmSync(path);
  }

  async settle(): Promise<void> {
    await this.readers.settle();
    this.#hasDeparted = false;
    this.logs.hasRotatedHalf = false;
  }

  async stop(): Promise<void> {
    if (!this.readers.isRunning) return;
    // A run that is stopped while its store fails ends with an error, as it should.
    this.failStore(0, 0);
    if (this.#hasDeparted) await this.settle();
    await this.readers.stop();
  }

  async stopView(): Promise<void> {
    this.failStore(0, 0);
    await this.readers.stopView();
  }

  failStore(before: number, behind: number): void {
    this.#failures.before = before;
    this.#failures.behind = behind;
  }

  /** Ends every line, and has everything read. */
  async end(): Promise<void> {
    for (const log of [0, 1] as const)
      if (this.logs.files.has(log) || this.logs.isShortened(log)) this.logs.complete(log);
    this.failStore(0, 0);
    await this.readers.end();
    this.logs.files.dispose();
  }
}

interface Happening {
  /** `a log`: it happens only where the log is there. */
  readonly needs: 'a log' | 'nothing';
  readonly happen: (world: World, log: LogNumber, roll: number) => void | Promise<void>;
}

const always = (happen: Happening['happen']): Happening => ({ needs: 'nothing', happen });
const toLog = (happen: Happening['happen']): Happening => ({ needs: 'a log', happen });
const copy = (length: Length, way: Way): Happening =>
  toLog((world, log, roll) => replaceByCopy(log, length, way, world.around(roll)));

/** What can happen. */
export const OPERATIONS = {
  write: always(({ logs }, log) => logs.write(log)),
  'write half a line': always(({ logs }, log) => logs.writeHalf(log, 20)),
  'write no newline': always(({ logs }, log) => logs.writeHalf(log, 1)),
  look: always(({ readers }) => readers.look()),
  wait: always(({ clock }) => clock.pass(3_000)),
  'wait long': always(({ clock }) => clock.pass(15_000)),
  rename: toLog((world, log) => world.rotate(log, false)),
  'rename, and write on': toLog((world, log) => world.rotate(log, true)),
  'rename away': toLog((world, log) => world.leave(log, (path) => world.moveAway(path), false)),
  'rename away, and write on': toLog((world, log) => world.leave(log, (path) => world.moveAway(path), true)),
  delete: toLog((world, log) => world.leave(log, (path) => void rmSync(path), false)),
  'copy and truncate': toLog(({ logs }, log) => {
    logs.copyAside(log);
    logs.truncate(log);
    if (logs.expected.made % 2 === 0) logs.write(log);
  }),
  'copy, write, and truncate': toLog((world, log) => world.copyWriteAndTruncate(log)),
  rewrite: toLog((world, log) => world.rewrite(log)),
  gzip: always(({ logs }, log) => logs.pack(logs.compressed(log, '.gz', gzipSync))),
  zstd: always(({ logs }, log) => logs.pack(logs.compressed(log, '.zst', zstdCompressSync))),
  'gzip in two looks': always((world, log) => world.packSlowly(world.logs.compressed(log, '.gz', gzipSync))),
  'copy aside': always(({ logs }, log) => {
    if (!logs.files.has(log, '.1') || logs.hasRotatedHalf) return;
    logs.files.copy(logs.files.path(log, '.1'), logs.files.otherPath('copy'));
  }),
  'delete the oldest': always((world, log) => world.deleteOldest(log)),
  'longer copy renamed over it': copy('longer', 'renamed over it'),
  'longer copy by rsync': copy('longer', 'by rsync'),
  'longer copy in place': copy('longer', 'in place'),
  'longer copy in place slowly': copy('longer', 'in place slowly'),
  'longer copy into room made before': copy('longer', 'into room made before'),
  'equal copy renamed over it': copy('equal', 'renamed over it'),
  'equal copy in place slowly': copy('equal', 'in place slowly'),
  'shorter copy renamed over it': copy('shorter', 'renamed over it'),
  'shorter copy by rsync': copy('shorter', 'by rsync'),
  'shorter copy in place': copy('shorter', 'in place'),
  'shorter copy in place slowly': copy('shorter', 'in place slowly'),
  'delete and restore': toLog((world, log, roll) => deleteAndRestore(log, world.around(roll))),
  'cut, and go on otherwise': toLog((world, log, roll) => cutAndGoOn(log, world.around(roll))),
  'copy, and both go on': always((world, log, roll) => copyAndGoOn(log, world.around(roll))),
  'view starts': always(({ readers }) => readers.startView()),
  'view looks': always(({ readers }) => readers.lookAtView()),
  'view catches up': always(({ readers }) => readers.catchUp()),
  'view catches up in part': toLog(({ readers, logs }, log, roll) =>
    readers.catchUpInPart(logs.files.path(log), roll % 200),
  ),
  'view stops': always((world) => world.stopView()),
  'clock an hour back': always(({ clock }) => clock.setSystemTimeBy(-HOUR_MS)),
  'clock an hour ahead': always(({ clock }) => clock.setSystemTimeBy(HOUR_MS)),
  'store fails for a while': always((world, _, roll) => world.failStore(1 + (roll % 4), 0)),
  'answers of the store are lost': always((world, _, roll) => world.failStore(0, 1 + (roll % 2))),
  stop: always((world) => world.stop()),
  start: always(({ readers }) => readers.start()),
  'read once': always(async ({ readers, logs }) => {
    if (!readers.isRunning && !logs.hasHalf && !isAnyShortened(logs)) await readers.readOnce();
  }),
} as const satisfies Record<string, Happening>;

function isAnyShortened(logs: LivingLogs): boolean {
  return logs.isShortened(0) || logs.isShortened(1);
}

export type Operation = keyof typeof OPERATIONS;
