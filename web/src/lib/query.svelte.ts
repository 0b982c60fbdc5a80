/** Questions to the API. While a new answer is awaited, the old one stays: nothing jumps, and no spinner turns. */

import { ProblemError } from 'daymark/client';
import { tick } from 'svelte';
import { live, retryMsOf } from './live.svelte.ts';

type Ask<T> = (signal: AbortSignal) => Promise<T>;

/** The server itself gives up before. Longer takes only a connection that is gone. */
const REFRESH_TIMEOUT_MS = 60_000;

export interface Trouble {
  /** The code of the problem document; `NO_ANSWER` where none came. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** What keeps the whole server from answering, and passes. */
const OUTAGE = /^(STORE_|OVERLOADED|RATE_LIMITED|NO_ANSWER|HTTP_5|SCHEMA_)/;

export const isOutage = ({ code }: Trouble): boolean => OUTAGE.test(code);

/** A question that can be asked again. */
interface Asked {
  ask(): void;
}

/** The questions that wait for the end of an outage. The page tells of it once, and not with each of them. */
class Outage {
  trouble = $state.raw<Trouble | undefined>();
  readonly #waiting = new Map<Asked, Trouble>();

  /** @param trouble undefined: it was answered, or is not asked any more. */
  note(question: Asked, trouble: Trouble | undefined): void {
    this.#waiting.delete(question);
    if (trouble && isOutage(trouble)) this.#waiting.set(question, trouble);
    this.trouble = [...this.#waiting.values()].at(-1);
  }

  /** Asks all of them again. */
  ask(): void {
    for (const question of [...this.#waiting.keys()]) question.ask();
  }
}

export const outage = new Outage();

export class Query<T> {
  data = $state.raw<T | undefined>();
  trouble = $state.raw<Trouble | undefined>();
  isLoading = $state(true);
  #again = $state(0);
  #ask: Ask<T> | undefined;
  #stop = new AbortController();
  /** Something changed while the first answer was awaited. */
  #isBehind = false;

  /** @param question read when what it depends on changes. Undefined: there is nothing to ask yet. */
  constructor(question: () => Ask<T> | undefined) {
    $effect(() => {
      const ask = question();
      void this.#again;
      if (!ask) return this.#note(undefined);
      const stop = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const leave = live.join(this);
      [this.#ask, this.#stop, this.#isBehind] = [ask, stop, false];
      this.isLoading = true;
      ask(stop.signal).then(
        (data) => {
          if (stop.signal.aborted) return;
          this.data = data;
          this.#note(undefined);
          this.isLoading = false;
          // Where that fails, the next change asks again.
          if (this.#isBehind) this.refresh().catch(() => undefined);
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          const trouble = troubleOf(error);
          this.#note(trouble);
          this.isLoading = false;
          if (isOutage(trouble)) timer = setTimeout(() => this.ask(), retryMsOf(error));
        },
      );
      return () => {
        clearTimeout(timer);
        stop.abort();
        leave();
      };
    });
    $effect(() => () => outage.note(this, undefined));
  }

  #note(trouble: Trouble | undefined): void {
    this.trouble = trouble;
    outage.note(this, trouble);
  }

  /** Asks again. */
  ask(): void {
    this.#again++;
  }

  /**
   * Asks the same again, and puts the answer in the place of the old one. Meanwhile nothing shows it.
   * @throws what may pass by itself. What is shown stays then.
   */
  async refresh(): Promise<void> {
    const [ask, { signal }] = [this.#ask, this.#stop];
    if (!ask || signal.aborted) return;
    // It took the server very long, and would again.
    if (this.trouble?.code === 'ANSWER_TOO_SLOW') return;
    if (this.isLoading) {
      this.#isBehind = true;
      return;
    }
    try {
      const data = await ask(AbortSignal.any([signal, AbortSignal.timeout(REFRESH_TIMEOUT_MS)]));
      if (signal.aborted) return;
      this.#note(undefined);
      if (!isSame(data, this.data)) await keepFocus(() => (this.data = data));
    } catch (error) {
      if (signal.aborted) return;
      const trouble = troubleOf(error);
      if (isOutage(trouble)) throw error;
      this.#note(trouble);
    }
  }
}

/** Both are answers in JSON. What is the same must not be drawn anew. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** An element that moves to another place of a list loses the focus. */
async function keepFocus(change: () => void): Promise<void> {
  const focused = document.activeElement;
  change();
  await tick();
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused)
    focused.focus({ preventScroll: true });
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof ProblemError) {
    const { code, title, detail } = error.problem;
    return { code, title, detail: detail ?? '' };
  }
  return { code: 'NO_ANSWER', title: 'The server does not answer', detail: String(error) };
}
