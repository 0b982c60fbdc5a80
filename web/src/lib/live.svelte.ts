/**
 * Keeps what is shown up to date: it listens to the server's events, and has all questions of the page asked again after a change.
 * Where the server has no stream for this page, it has them asked every half minute. Hidden tabs ask nothing.
 */

import { ProblemError } from 'daymark/client';
import { createParser } from 'eventsource-parser';
import { events } from './api.ts';

/** A question of the page, asked again while its answer stays. */
interface Refreshable {
  /** When it was asked last, by `performance.now()`. */
  readonly askedMs: number;
  /** @throws what may pass by itself. */
  refresh(): Promise<void>;
}

/** A busy store changes all the time. */
const REFRESH_GAP_MS = 2000;
/** An event reaches all pages at once. */
const REFRESH_JITTER_MS = 250;
const POLL_MS = 30_000;
/** The server sends a comment every 15 seconds. */
const SILENCE_MS = 40_000;
const RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;

/** `live`: events come. `asking`: the server has no stream for this page. `lost`: it does not answer. */
type State = 'connecting' | 'live' | 'asking' | 'lost';

/** How a stream ended. `refused`: the server has none for this page. `ended`: it was open. `failed`: no answer came. */
type Ending = 'refused' | 'ended' | 'failed';

class Live {
  state = $state<State>('connecting');
  /** Since when there is no connection. */
  lostSince = $state.raw<Date | undefined>();
  /** All that is shown was current then. */
  asOf = $state.raw(new Date());
  readonly #questions = new Set<Refreshable>();
  /** Ends what runs while the tab is shown. */
  #shown: AbortController | undefined;
  /** The last event that the stream told of, and that of which all answers are. */
  #newestId: string | undefined;
  #knownId: string | undefined;
  #retryMs = RETRY_MS;
  #refreshedMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  #isBehind = false;

  /** @returns what to call when the question is not of interest any more. */
  join(question: Refreshable): () => void {
    this.#questions.add(question);
    return () => this.#questions.delete(question);
  }

  follow(): void {
    const look = (): void => {
      if (!document.hidden) this.#begin();
      else {
        this.#shown?.abort();
        this.#shown = undefined;
      }
    };
    document.addEventListener('visibilitychange', look);
    look();
  }

  #begin(): void {
    if (this.#shown) return;
    this.#shown = new AbortController();
    void this.#run(this.#shown.signal);
  }

  async #run(shown: AbortSignal): Promise<void> {
    for (let failures = 0; !shown.aborted; ) {
      const ending = await this.#listen(shown);
      if (shown.aborted) return;
      if (ending === 'refused') {
        failures = 0;
        if (this.state !== 'lost') this.state = 'asking';
        await this.#refresh();
        await pause(jittered(POLL_MS), shown);
        continue;
      }
      failures = ending === 'failed' ? failures + 1 : 0;
      if (failures > 0) this.#lose();
      await pause(jittered(Math.min(MAX_RETRY_MS, this.#retryMs * 2 ** Math.max(0, failures - 1))), shown);
    }
  }

  /** Listens until the stream ends. */
  async #listen(shown: AbortSignal): Promise<Ending> {
    const silent = new AbortController();
    const hush = (): void => silent.abort();
    let timer = setTimeout(hush, SILENCE_MS);
    let isOpen = false;
    const askedMs = performance.now();
    const parser = createParser({
      onRetry: (ms) => {
        this.#retryMs = ms;
      },
      onEvent: ({ id, event }) => {
        if (!isOpen) this.#open(askedMs, id);
        isOpen = true;
        this.#newestId = id;
        if (event === 'change') void this.#refresh();
      },
    });
    try {
      const body = await events(this.#knownId, AbortSignal.any([shown, silent.signal]));
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(hush, SILENCE_MS);
        parser.feed(value);
        if (isOpen && !this.#refreshing) this.asOf = new Date();
      }
    } catch (error) {
      if (error instanceof ProblemError && isRefusal(error.problem)) return 'refused';
      return isOpen ? this.#ended() : 'failed';
    } finally {
      clearTimeout(timer);
    }
    return isOpen ? this.#ended() : 'refused';
  }

  /** The first event came. What was asked before it may be older. */
  #open(askedMs: number, id: string | undefined): void {
    this.#find('live');
    if (this.#knownId !== undefined) return;
    this.#knownId = id;
    if ([...this.#questions].some((question) => question.askedMs < askedMs)) void this.#refresh();
  }

  #ended(): Ending {
    this.lostSince = new Date();
    return 'ended';
  }

  #lose(): void {
    this.lostSince ??= new Date();
    this.state = 'lost';
  }

  #find(state: 'live' | 'asking'): void {
    this.state = state;
    this.lostSince = undefined;
  }

  /** Asks all questions again, now or after those that are being asked: never two rounds at once. */
  #refresh(): Promise<void> {
    this.#isBehind = true;
    this.#refreshing ??= this.#refreshUntilCurrent().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Ends while the tab is hidden. When it is shown again, the server tells by `#knownId` what was missed. */
  async #refreshUntilCurrent(): Promise<void> {
    while (this.#isBehind && this.#shown) {
      const gapMs = this.#refreshedMs + REFRESH_GAP_MS - performance.now();
      await pause(Math.max(gapMs, 0) + REFRESH_JITTER_MS * Math.random(), this.#shown.signal);
      if (!this.#shown) return;
      this.#isBehind = false;
      await this.#askAll(this.#shown.signal);
    }
  }

  async #askAll(shown: AbortSignal): Promise<void> {
    const id = this.#newestId;
    this.#refreshedMs = performance.now();
    const began = new Date();
    const answers = await Promise.allSettled([...this.#questions].map((question) => question.refresh()));
    const errors = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason as unknown);
    if (errors.length === 0) {
      this.#knownId = id;
      this.asOf = began;
      if (this.state === 'lost') this.#find('asking');
      return;
    }
    // Too many requests are no outage.
    if (!errors.every((error) => error instanceof ProblemError && error.problem.status === 429)) this.#lose();
    this.#isBehind = true;
    await pause(Math.max(...errors.map(retryMsOf)), shown);
  }
}

export const live = new Live();

/** The server answers, and has no stream for this page: it is older, all streams are taken, or the key is not valid. */
function isRefusal({ status, code }: { readonly status: number; readonly code: string }): boolean {
  return status < 500 || status === 501 || code === 'OVERLOADED';
}

/** How long to wait before an outage is asked again. */
export function retryMsOf(error: unknown): number {
  const seconds = error instanceof ProblemError ? error.retryAfterS : undefined;
  return seconds === undefined ? 5000 : seconds * 1000;
}

const jittered = (ms: number): number => ms * (0.75 + 0.5 * Math.random());

/** Resolves after some time, or when the tab is hidden. */
function pause(ms: number, shown: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    shown.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
    if (shown.aborted) resolve();
  });
}
