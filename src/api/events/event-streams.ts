/** `GET /v1/events`: tells clients that answers have changed. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, randomBytes } from 'node:crypto';
import { counted } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import {
  EVENT_ACCESS_INTERVAL_MS,
  EVENT_HEARTBEAT_MS,
  EVENT_OUTAGE_MS,
  EVENT_POLL_MS,
  EVENT_RETRY_MS,
  EVENT_STREAMS_SHARE_OF_READER,
} from '../../limits.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { StatsReader } from '../stats-reader.ts';
import { VersionGate } from '../version-gate.ts';
import { EventStream, type StreamEnd } from './event-stream.ts';
import { eventText, HEARTBEAT_TEXT, retryText } from './event-text.ts';

/** Intervals, in ms. */
interface EventTimes {
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly accessMs: number;
  readonly outageMs: number;
}

const TIMES: EventTimes = {
  ...{ pollMs: EVENT_POLL_MS, heartbeatMs: EVENT_HEARTBEAT_MS },
  ...{ accessMs: EVENT_ACCESS_INTERVAL_MS, outageMs: EVENT_OUTAGE_MS },
};

const ENDS = ['client', 'key', 'slow', 'store', 'stop'] as const satisfies readonly StreamEnd[];

/** A client that wants a stream. */
interface NewStream {
  readonly owner: string;
  readonly lastId: string | undefined;
  readonly mayRead: () => boolean | Promise<boolean>;
  readonly cut: () => void;
}

/**
 * The open streams of this process. While there is one, the store's data version is read every EVENT_POLL_MS, once for all of
 * them, as kept answers read it. Changes between two reads are one event.
 *
 * An id is a fingerprint of the version, with a key that only this process has. The version itself would tell how much is
 * committed, and the embedded store counts anew in each process. So a client that reaches another process, or this one after a
 * restart, gets an event: its settings may be other ones, too.
 */
export class EventStreams {
  readonly #gate: VersionGate;
  readonly #max: number;
  readonly #maxOfReader: number;
  readonly #metrics: Metrics;
  readonly #times: EventTimes;
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #streams = new Set<EventStream>();
  /** By owner, those included that are about to open. */
  readonly #owned = new Map<string, number>();
  /** What is polled belongs to no request, so it must not become a part of the trace of the first one. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #failingSinceMs: number | undefined;
  #isClosed = false;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(
    store: Pick<StatsReader, 'dataVersion'>,
    max: number,
    metrics: Metrics,
    times: Partial<EventTimes> = {},
    now = () => performance.now(),
  ) {
    this.#gate = new VersionGate(store);
    this.#max = max;
    this.#maxOfReader = Math.max(1, Math.floor(max * EVENT_STREAMS_SHARE_OF_READER));
    this.#metrics = metrics;
    this.#times = { ...TIMES, ...times };
    this.#now = now;
    metrics.counter('daymark_events_sent_total').inc(0);
    for (const reason of ENDS) metrics.counter('daymark_event_streams_ended_total').inc({ reason }, 0);
    metrics.onScrape(() => metrics.gauge('daymark_event_streams').set(this.#streams.size));
  }

  /**
   * @returns a stream that has begun. A client that knows another version than the present one gets an event at once.
   * @throws {DaymarkError} TOO_MANY_STREAMS, OVERLOADED; what the store throws.
   */
  async open({ owner, lastId, ...parts }: NewStream): Promise<EventStream> {
    this.#take(owner);
    try {
      const id = this.#idOf(await this.#gate.nextVersion());
      if (this.#isClosed) throw new DaymarkError('OVERLOADED', 'The server stops.');
      const nowMs = this.#now();
      const stream = new EventStream({ owner, ...parts });
      Object.assign(stream, { knownId: lastId ?? id, checkedMs: nowMs });
      stream.body.once('close', () => this.#forget(stream));
      this.#streams.add(stream);
      stream.send(retryText(EVENT_RETRY_MS), nowMs);
      if (stream.knownId === id) stream.send(eventText('current', id), nowMs);
      else this.#tell(stream, id, nowMs);
      this.#outside(() => this.#poll());
      return stream;
    } catch (error) {
      this.#giveBack(owner);
      throw error;
    }
  }

  /** Ends all streams, and opens none from now on. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#endAll('stop');
  }

  #take(owner: string): void {
    const open = [...this.#owned.values()].reduce((sum, streams) => sum + streams, 0);
    if (open >= this.#max || this.#isClosed)
      throw new DaymarkError('OVERLOADED', `All ${counted(this.#max, 'stream')} of events are taken.`);
    const own = this.#owned.get(owner) ?? 0;
    if (own >= this.#maxOfReader) {
      const detail = `One reader may have ${counted(this.#maxOfReader, 'stream')} of events open.`;
      throw new DaymarkError('TOO_MANY_STREAMS', detail);
    }
    this.#owned.set(owner, own + 1);
  }

  #giveBack(owner: string): void {
    const own = (this.#owned.get(owner) ?? 0) - 1;
    if (own > 0) this.#owned.set(owner, own);
    else this.#owned.delete(owner);
  }

  #forget(stream: EventStream): void {
    if (!this.#streams.delete(stream)) return;
    this.#giveBack(stream.owner);
    this.#metrics.counter('daymark_event_streams_ended_total').inc({ reason: stream.end ?? 'client' });
  }

  /** Looks again, after a while, as long as there is somebody to tell. */
  #poll(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#look().finally(() => {
        this.#timer = undefined;
        if (this.#streams.size > 0) this.#poll();
      });
    }, this.#times.pollMs);
  }

  async #look(): Promise<void> {
    const id = await this.#currentId();
    for (const stream of [...this.#streams]) {
      if (this.#isClosed) return;
      if (stream.end !== undefined || !(await this.#mayGoOn(stream))) continue;
      const nowMs = this.#now();
      if (id !== undefined) this.#tell(stream, id, nowMs);
      if (nowMs - stream.sentMs >= this.#times.heartbeatMs) stream.send(HEARTBEAT_TEXT, nowMs);
    }
  }

  /** @returns undefined while the store does not say. Where that lasts, nothing is promised to clients any more: their streams end. */
  async #currentId(): Promise<string | undefined> {
    try {
      const id = this.#idOf(await this.#gate.nextVersion());
      this.#failingSinceMs = undefined;
      return id;
    } catch {
      const nowMs = this.#now();
      this.#failingSinceMs ??= nowMs;
      if (nowMs - this.#failingSinceMs >= this.#times.outageMs) this.#endAll('store');
      return undefined;
    }
  }

  /** Ends the stream of an owner that may not read any more, or of whom that cannot be known. */
  async #mayGoOn(stream: EventStream): Promise<boolean> {
    const nowMs = this.#now();
    if (nowMs - stream.checkedMs < this.#times.accessMs) return true;
    stream.checkedMs = nowMs;
    try {
      if (await stream.mayRead()) return true;
      stream.close('key');
    } catch {
      stream.close('store');
    }
    return false;
  }

  #tell(stream: EventStream, id: string, nowMs: number): void {
    if (stream.knownId === id) return;
    if (!stream.send(eventText('change', id), nowMs)) return;
    stream.knownId = id;
    this.#metrics.counter('daymark_events_sent_total').inc();
  }

  #endAll(reason: StreamEnd): void {
    for (const stream of this.#streams) stream.close(reason);
  }

  #idOf(version: string): string {
    return createHmac('sha256', this.#key).update(version).digest('base64url').slice(0, 22);
  }
}
