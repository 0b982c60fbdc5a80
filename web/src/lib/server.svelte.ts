/** What is known of the server: its zone, its target, who looks, and, for those who may see it, how far it has read. */

import { getContext, setContext } from 'svelte';
import { type About, about, onSignedOut, type Status, status, type Who, who } from './api.ts';
import { clock } from './clock.svelte.ts';
import { type Day, dayIn, plusDays } from './days.ts';
import { link } from './link.svelte.ts';
import { Query } from './query.svelte.ts';
import { type ChosenRange, lastHours, rangeOf } from './ranges.ts';

const KEY = Symbol('server');

export class Server {
  #range: ChosenRange | undefined;
  readonly aboutQuery = new Query<About>(() => about);
  readonly whoQuery = new Query<Who>(() => {
    // In a frame, the page around it sends a new token now and then.
    void link.token;
    return who;
  });
  readonly statusQuery = new Query<Status>(() => (this.isAdmin ? status : undefined));

  constructor() {
    // A session ends while the page is open: the server knows whether it has.
    onSignedOut(() => this.whoQuery.ask());
  }

  get zone(): string {
    return this.aboutQuery.data?.time_zone ?? 'UTC';
  }

  get target(): number {
    return this.aboutQuery.data?.target_percentage ?? 99.9;
  }

  /** What counts as a failure, as the server is set up. Empty where an older one does not say. */
  get definition(): string {
    const about = this.aboutQuery.data;
    if (about?.failed_statuses === undefined) return '';
    const failed = about.failed_statuses.replace(/^0\b/, 'no response');
    return `Failed: ${failed}.${about.ignored_statuses ? ` Not counted: ${about.ignored_statuses}.` : ''}`;
  }

  /** Who looks, or who looked until the session was over. */
  get who(): Who | undefined {
    return this.whoQuery.data;
  }

  get isSignedOut(): boolean {
    return this.whoQuery.trouble?.code === 'UNAUTHENTICATED';
  }

  get isAdmin(): boolean {
    return this.who?.role === 'admin' && !this.isSignedOut;
  }

  /** It is for operators alone. */
  get status(): Status | undefined {
    return this.isAdmin ? this.statusQuery.data : undefined;
  }

  /** True when all that can be known is. */
  get isKnown(): boolean {
    if (this.aboutQuery.data === undefined) return false;
    if (this.isSignedOut) return true;
    return this.who !== undefined && !(this.isAdmin && this.statusQuery.isLoading && !this.status);
  }

  /** Others than operators learn from the numbers that they may read. */
  get lastRead(): Day | undefined {
    const last = this.status?.last_event;
    return last ? dayIn(this.zone, new Date(last)) : undefined;
  }

  /** It changes at midnight, and the ranges that end with it. */
  readonly today: Day = $derived(dayIn(this.zone, clock.now));

  /** The last day of the ranges: today, or the last day that logs reach if that is longer ago. @param known the last day with requests. */
  lastDay(known: Day | undefined): Day {
    const last = this.lastRead ?? known;
    return last !== undefined && last < plusDays(this.today, -1) ? last : this.today;
  }

  /** The range that the address names. @param known the last day with requests. */
  rangeOf(query: URLSearchParams, known?: Day): ChosenRange {
    const last = this.lastDay(known);
    const event = this.status?.last_event;
    const endMs = last === this.today ? clock.now.getTime() : event ? Date.parse(event) : undefined;
    const range = rangeOf(query, last, endMs === undefined ? undefined : lastHours(this.zone, endMs));
    // An equal one is the same one: otherwise each new status would ask for all numbers of the range again.
    if (JSON.stringify(range) !== JSON.stringify(this.#range)) this.#range = range;
    return this.#range ?? range;
  }
}

export const provideServer = (): Server => setContext(KEY, new Server());
export const useServer = (): Server => getContext<Server>(KEY);
