/**
 * Keeps what is shown up to date: it listens to the server's events, and has all questions of the page asked again after a change.
 * Where the server has no stream for this page, it has them asked every half minute. Hidden tabs ask nothing.
 */

import { ProblemError } from 'daymark/client';
import { createParser } from 'eventsource-parser';
import { events } from './api.ts';

/** A question of the page, asked again while its answer stays. */
interface Refreshable {
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
  #isAllowed = false;
  /** Ends what runs while the tab is shown. */
  #shown: AbortController | undefined;
  #stream: 'open' | 'refused' | 'none' = 'none';
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

  constructor() {
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** @param isAllowed whether whoever looks may see numbers. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
    if (!isAllowed) {
      this.state = 'connecting';
      this.#knownId = undefined;
    }
    this.#look();
  }

  /** Begins, or stops, where that is due. */
  #look(): void {
    const isDue = this.#isAllowed && !document.hidden;
    if (isDue === (this.#shown !== undefined)) return;
    this.#shown?.abort();
    this.#shown = isDue ? new AbortController() : undefined;
    if (this.#shown) void this.#run(this.#shown.signal);
  }

  async #run(shown: AbortSignal): Promise<void> {
    for (let failures = 0; !shown.aborted; ) {
      const ending = await this.#listen(shown);
      if (shown.aborted) return;
      this.#stream = ending === 'refused' ? 'refused' : 'none';
      failures = ending === 'failed' ? failures + 1 : 0;
      if (ending === 'refused') await this.#refresh();
      else this.lostSince ??= new Date();
      // A stream that ended may open again at once.
      if (failures > 0) this.state = 'lost';
      const waitMs = this.#retryMs * 2 ** Math.max(0, failures - 1);
      await pause(jittered(ending === 'refused' ? POLL_MS : Math.min(MAX_RETRY_MS, waitMs)), shown);
    }
  }

  /** Listens until the stream ends. */
  async #listen(shown: AbortSignal): Promise<Ending> {
    const silent = new AbortController();
    const hush = (): void => silent.abort();
    let timer = setTimeout(hush, SILENCE_MS);
    let isOpen = false;
    const parser = createParser({
      onRetry: (ms) => {
        this.#retryMs = ms;
      },
      onEvent: ({ id, event }) => {
        isOpen = true;
        this.#stream = 'open';
        this.#newestId = id;
        // What a page has that knows no event may be older than the first one.
        if (event === 'change' || this.#knownId === undefined) void this.#refresh();
        else this.#settle();
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
      return isOpen ? 'ended' : 'failed';
    } finally {
      clearTimeout(timer);
    }
    return isOpen ? 'ended' : 'refused';
  }

  /** All that is shown is current, or was when it was asked. */
  #settle(): void {
    if (this.#stream === 'none') return;
    this.state = this.#stream === 'open' ? 'live' : 'asking';
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
    const errors = answers
      .filter((answer) => answer.status === 'rejected')
      .map(({ reason }) => reason as unknown);
    if (errors.length === 0) {
      this.#knownId = id;
      this.asOf = began;
      this.#settle();
      return;
    }
    // Too many requests are no outage.
    if (errors.some((error) => !(error instanceof ProblemError && error.problem.status === 429))) {
      this.lostSince ??= new Date();
      this.state = 'lost';
    }
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
