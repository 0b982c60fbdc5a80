/** What is known of the server: its zone, its target, and, for those who may see it, how far it has read. */

import { getContext, setContext } from 'svelte';
import { type About, about, type Status, status } from './api.ts';
import { type Day, dayIn, plusDays } from './days.ts';
import { Query } from './query.svelte.ts';
import { type ChosenRange, lastHours, rangeOf } from './ranges.ts';

const KEY = Symbol('server');

export class Server {
  readonly aboutQuery = new Query<About>(() => about);
  readonly statusQuery = new Query<Status>(() => status);

  get zone(): string {
    return this.aboutQuery.data?.time_zone ?? 'UTC';
  }

  get target(): number {
    return this.aboutQuery.data?.target_percentage ?? 99.9;
  }

  get status(): Status | undefined {
    return this.statusQuery.data;
  }

  /** True when all that can be known is. */
  get isKnown(): boolean {
    return this.aboutQuery.data !== undefined && !(this.statusQuery.isLoading && !this.status);
  }

  /** The status is for operators. Others learn from the numbers that they may read. */
  get lastRead(): Day | undefined {
    const last = this.status?.last_event;
    return last ? dayIn(this.zone, new Date(last)) : undefined;
  }

  get today(): Day {
    return dayIn(this.zone, new Date());
  }

  /** The last day of the ranges: today, or the last day that logs reach if that is longer ago. @param known the last day with requests. */
  lastDay(known: Day | undefined): Day {
    const last = this.lastRead ?? known;
    return last !== undefined && last < plusDays(this.today, -1) ? last : this.today;
  }

  /** The range that the address names. @param known the last day with requests. */
  rangeOf(query: URLSearchParams, known?: Day): ChosenRange {
    const last = this.lastDay(known);
    const event = this.status?.last_event;
    const endMs = last === this.today ? Date.now() : event ? Date.parse(event) : undefined;
    return rangeOf(query, last, endMs === undefined ? undefined : lastHours(this.zone, endMs));
  }
}

export const provideServer = (): Server => setContext(KEY, new Server());
export const useServer = (): Server => getContext<Server>(KEY);
