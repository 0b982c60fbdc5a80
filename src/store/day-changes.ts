/** What late events and rebuilds changed of final days: a part of the store's contract. */

import type { DayNumbers } from '../statistics/day-numbers.ts';
import type { SpanRange } from '../window/types.ts';
import type { StoredPartitionDay } from './partitions.ts';
import type { DayChangeCause } from './tables.ts';

/** A partition whose lines changed a day, and its lines of that day in the batch, of all customers. */
export interface DayChangeSource extends Omit<StoredPartitionDay, 'date'> {
  /** Its present name. */
  readonly name: string;
}

/** A change of a day that was final. */
export interface DayChange {
  readonly date: string;
  /** The changes of a day are numbered from 1 on. */
  readonly number: number;
  /** How many there were so far. Only the last ones are kept. */
  readonly count: number;
  /** When it was stored, in ms since 1970. */
  readonly changedMs: number;
  readonly cause: DayChangeCause;
  /** Null where the customer had no request of this day, or has none any more. */
  readonly before: DayNumbers | null;
  readonly after: DayNumbers | null;
  /** The first partitions whose lines of this day were in the batch; empty for a rebuild, which reads all. */
  readonly sources: readonly DayChangeSource[];
  /** How many partitions there were. */
  readonly sourceCount: number;
}

/** Asks for the changes of a customer's days. */
export interface DayChangesQuery extends SpanRange {
  readonly customerId: string;
  /** Changes of the first day from this number on. */
  readonly fromNumber: number;
  /** Changes to return at the most. */
  readonly limit: number;
}
