/** What happens to processes, brokers and the database, and when: all of it follows from a seed. */

import { Choice } from '../../support/random-choice.ts';
import { randomNumbers } from '../../support/random-log.ts';

export type FaultKind =
  | 'kill a process'
  | 'pause a process'
  | 'stop a process'
  | 'add a process'
  | 'kill a broker'
  | 'restart the database'
  | 'add partitions';

export interface Fault {
  readonly kind: FaultKind;
  /** From the beginning. */
  readonly atMs: number;
  /** From 0 to 1: chooses which one, and for how long. */
  readonly chance: number;
}

/** How often each happens in ten minutes. */
const IN_TEN_MINUTES: Readonly<Record<FaultKind, number>> = {
  'kill a process': 40,
  'pause a process': 20,
  'stop a process': 8,
  'add a process': 10,
  'kill a broker': 8,
  'restart the database': 5,
  'add partitions': 3,
};

/** @param kinds those that happen; each at least once. @returns them in the order of time. */
export function faultsOf(seed: number, durationMs: number, kinds: readonly FaultKind[]): readonly Fault[] {
  const random = randomNumbers(seed);
  const choice = new Choice(random);
  const faults = kinds.flatMap((kind) => {
    const times = Math.max(1, Math.round((IN_TEN_MINUTES[kind] * durationMs) / 600_000));
    const step = (0.85 * durationMs) / times;
    // One in each part of the time, so that none of them is left for the end.
    return Array.from({ length: times }, (_, i) => ({
      kind,
      atMs: 0.05 * durationMs + (i + random()) * step,
      chance: random(),
    }));
  });
  return choice.shuffled(faults).sort((a, b) => a.atMs - b.atMs);
}
