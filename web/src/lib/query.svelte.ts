/** Questions to the API. While a new answer is awaited, the old one stays: nothing jumps, and no spinner turns. */

import { ProblemError } from 'daymark/client';

type Ask<T> = (signal: AbortSignal) => Promise<T>;

/** How long to wait before an outage is asked again, unless the server says. */
const RETRY_MS = 5000;

export interface Trouble {
  /** The code of the problem document; `NO_ANSWER` where none came. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** What the server may be rid of by itself. */
const PASSING = /^(STORE_|OVERLOADED|RATE_LIMITED|NO_ANSWER|ANSWER_TOO_SLOW|HTTP_5|SCHEMA_)/;

export class Query<T> {
  data = $state.raw<T | undefined>();
  trouble = $state.raw<Trouble | undefined>();
  isLoading = $state(true);
  #again = $state(0);

  /** @param question read when what it depends on changes. Undefined: there is nothing to ask yet. */
  constructor(question: () => Ask<T> | undefined) {
    $effect(() => {
      const ask = question();
      void this.#again;
      if (!ask) return;
      const stop = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      this.isLoading = true;
      ask(stop.signal).then(
        (data) => {
          if (stop.signal.aborted) return;
          this.data = data;
          this.trouble = undefined;
          this.isLoading = false;
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          this.trouble = troubleOf(error);
          this.isLoading = false;
          if (PASSING.test(this.trouble.code)) timer = setTimeout(() => this.ask(), retryMs(error));
        },
      );
      return () => {
        clearTimeout(timer);
        stop.abort();
      };
    });
  }

  /** Asks again. */
  ask(): void {
    this.#again++;
  }
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof ProblemError) {
    const { code, title, detail } = error.problem;
    return { code, title, detail: detail ?? '' };
  }
  return { code: 'NO_ANSWER', title: 'The server does not answer', detail: String(error) };
}

function retryMs(error: unknown): number {
  const seconds = error instanceof ProblemError ? error.retryAfterS : undefined;
  return seconds === undefined ? RETRY_MS : seconds * 1000;
}
