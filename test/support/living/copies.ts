/** What copies do to logs that are known: they take their places, come little by little, and go on by themselves. */

import { readFileSync, rmSync } from 'node:fs';
import type { WorldClock } from './clock.ts';
import type { LivingLogs } from './living-logs.ts';
import type { LogNumber } from './log-directory.ts';
import type { Readers } from './readers.ts';

/** A log that parts from what it was behind this goes on as another one from there. */
const MAX_PARTED_BYTES = 4_000;
/** A path whose content counts again and again within so long is stopped. */
const REPEAT_WINDOW_MS = 10 * 60_000;

export type Length = 'longer' | 'equal' | 'shorter';
export type Way = 'renamed over it' | 'by rsync' | 'in place' | 'in place slowly' | 'into room made before';

/** What a copy happens in. */
export interface Surroundings {
  readonly logs: LivingLogs;
  readonly readers: Readers;
  readonly clock: WorldClock;
  /** A number to choose by, from 0 on. */
  readonly roll: number;
  stop(): Promise<void>;
}

/** A copy of a log takes its place. */
export async function replaceByCopy(
  log: LogNumber,
  length: Length,
  way: Way,
  around: Surroundings,
): Promise<void> {
  const { logs, readers, roll } = around;
  logs.complete(log);
  // What is not in the copy must have been read.
  if (length === 'shorter' && !readers.isRunning) return;
  if (length === 'shorter' || way === 'into room made before') await readers.look();
  const path = logs.files.path(log);
  const present = readFileSync(path);
  const cut = roll % present.length;
  const added = length === 'longer' ? Buffer.from(logs.expected.fresh(1 + (roll % 3))) : Buffer.of();
  const copy = length === 'shorter' ? present.subarray(0, cut) : Buffer.concat([present, added]);
  if (way === 'renamed over it') logs.files.replace(path, copy);
  else if (way === 'by rsync') logs.files.replace(path, copy, 3_600_000);
  else if (way === 'in place') logs.files.overwrite(path, copy);
  else if (way === 'in place slowly') await writeSlowly(path, copy, around);
  else if (readers.isRunning) await fillSlowly(path, copy, Math.min(cut, copy.length), around);
  else logs.files.overwrite(path, copy);
  if (length === 'shorter') logs.lacks(log, present.subarray(cut));
}

/** Empties a file, and writes it in pieces; readers look, wait, stop and start between them. */
async function writeSlowly(path: string, copy: Uint8Array, around: Surroundings): Promise<void> {
  const { logs, readers, clock, roll } = around;
  const cuts = [0, roll % 7, roll % 1_500, roll % (copy.length + 1), copy.length];
  const ends = cuts.map((cut) => Math.min(cut, copy.length)).sort((a, b) => a - b);
  const isStopped = roll % 4 === 0 && readers.isRunning;
  for (const [index, end] of ends.entries()) {
    if (index === 0) logs.files.overwrite(path, copy.subarray(0, end));
    else logs.files.append(path, copy.subarray(ends[index - 1], end));
    if (isStopped && index === 1) await around.stop();
    if ((roll >> index) % 2 === 0) await readers.look();
    if ((roll >> index) % 8 === 1) clock.pass(15_000);
    if (isStopped && index === 3) await readers.start();
  }
}

/** As a program that makes room for all of a file, and then fills it. */
async function fillSlowly(path: string, copy: Buffer, cut: number, around: Surroundings): Promise<void> {
  const { logs, readers, roll } = around;
  const begun = Math.max(Math.min(64, copy.length), cut);
  for (const end of [begun, copy.length]) {
    logs.files.overwrite(path, Buffer.concat([copy.subarray(0, end), Buffer.alloc(copy.length - end)]));
    for (let i = roll % 3; i > 0; i--) await readers.look();
  }
}

/** A log is deleted, and comes back from a backup: at its name or at another one, at once or little by little. */
export async function deleteAndRestore(log: LogNumber, around: Surroundings): Promise<void> {
  const { logs, readers, clock, roll } = around;
  if (!readers.isRunning) return;
  logs.complete(log);
  await readers.look();
  const path = logs.files.path(log);
  const content = readFileSync(path);
  rmSync(path);
  for (let i = roll % 4; i > 0; i--) {
    await readers.look();
    if (roll % 5 === 0) clock.pass(11_000);
  }
  const restored = roll % 3 === 0 ? logs.files.otherPath('restored') : path;
  if (roll % 2 === 0) logs.files.overwrite(restored, content);
  else await writeSlowly(restored, content, around);
  if (roll % 7 < 3) logs.files.append(restored, logs.expected.fresh());
}

/** A log is cut, and then goes on otherwise: it is another one, and all its lines count. */
export async function cutAndGoOn(log: LogNumber, around: Surroundings): Promise<void> {
  const { logs, readers, clock, roll } = around;
  if (!readers.isRunning) return;
  logs.complete(log);
  const path = logs.files.path(log);
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const kept = lines
    .slice(0, roll % lines.length)
    .map((line) => `${line}\n`)
    .join('');
  if (kept.length > MAX_PARTED_BYTES) return;
  await readers.look();
  clock.pass(REPEAT_WINDOW_MS + 1);
  await readers.look();
  if (roll % 2 === 0) logs.files.replace(path, Buffer.from(kept));
  else logs.files.overwrite(path, Buffer.from(kept));
  if (roll % 3 === 0) await readers.look();
  logs.expected.countAll(kept);
  logs.files.append(path, logs.expected.fresh(3));
  await readers.look();
}

/** A rotated log and its copy both go on, each by itself: one of them is another log. */
export async function copyAndGoOn(log: LogNumber, around: Surroundings): Promise<void> {
  const { logs, readers } = around;
  const path = logs.files.path(log, '.1');
  const isKnown = !logs.hasRotatedHalf && !logs.hasRotatedPart;
  if (!logs.files.has(log, '.1') || !isKnown || !readers.isRunning) return;
  const content = readFileSync(path, 'utf8');
  if (content.length > MAX_PARTED_BYTES || !content.endsWith('\n')) return;
  await readers.settle();
  const copy = logs.files.otherPath('went-on');
  logs.expected.countAll(content);
  logs.files.append(copy, content + logs.expected.fresh(3));
  logs.files.append(path, logs.expected.fresh(3));
  await readers.look();
}
