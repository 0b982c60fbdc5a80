import type { Position, PositionedBytes } from '../../source/contract.ts';
import type { DayLines } from '../../statistics/lines-by-day.ts';
import type { PartitionDay } from '../../store/contract.ts';
import { dateOfDay } from '../../window/day.ts';

/** Gives the position of a number of bytes. */
export type PositionOf = (bytes: number) => Position;

/**
 * Asks for the positions behind some numbers of bytes.
 * @returns a function that gives them.
 */
export function positionsOf(reader: PositionedBytes, bytes: Iterable<number>): PositionOf {
  if (reader.hasBytePositions) return (at) => reader.positionAt(at);
  const inOrder = [...new Set(bytes)].sort((a, b) => a - b);
  const positions = new Map(inOrder.map((at) => [at, reader.positionAt(at)]));
  return (at) => positions.get(at) as Position;
}

/** The days of a part of a partition. */
export class PartDays {
  #days = new Map<number, PartitionDay>();

  /** How many days there are. */
  get size(): number {
    return this.#days.size;
  }

  add(days: readonly DayLines[], positionOf: PositionOf): void {
    for (const { day, lines, from, to } of days) {
      const date = dateOfDay(day);
      const more = { date, lines, fromOffset: positionOf(from), toOffset: positionOf(to) };
      this.#days.set(day, joined(this.#days.get(day), more));
    }
  }

  /** By date. Forgets them. */
  take(): readonly PartitionDay[] {
    const inOrder = [...this.#days].sort(([a], [b]) => a - b).map(([, day]) => day);
    this.#days = new Map();
    return inOrder;
  }
}

/** The days of several parts of a partition together, by date. */
export function joinedDays(parts: Iterable<readonly PartitionDay[]>): readonly PartitionDay[] {
  const byDate = new Map<string, PartitionDay>();
  for (const days of parts) for (const day of days) byDate.set(day.date, joined(byDate.get(day.date), day));
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

function joined(before: PartitionDay | undefined, more: PartitionDay): PartitionDay {
  if (!before) return more;
  return {
    date: more.date,
    lines: before.lines + more.lines,
    fromOffset: Math.min(before.fromOffset, more.fromOffset),
    toOffset: Math.max(before.toOffset, more.toOffset),
  };
}
