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

  /** @param question read when what it depends on changes. Undefined: there is nothing to ask yet. */
  constructor(question: () => Ask<T> | undefined) {
    $effect(() => {
      const ask = question();
      void this.#again;
      if (!ask) return this.#note(undefined);
      const stop = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      this.isLoading = true;
      ask(stop.signal).then(
        (data) => {
          if (stop.signal.aborted) return;
          this.data = data;
          this.#note(undefined);
          this.isLoading = false;
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          const trouble = troubleOf(error);
          this.#note(trouble);
          this.isLoading = false;
          if (isOutage(trouble) || trouble.code === 'ANSWER_TOO_SLOW')
            timer = setTimeout(() => this.ask(), retryMs(error));
        },
      );
      return () => {
        clearTimeout(timer);
        stop.abort();
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
}

function troubleOf(error: unknown): Trouble {
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
