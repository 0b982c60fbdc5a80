/**
 * A limit that several processes share, exactly. One process counts (`SharedLimit`). It lends uses to those that answer requests
 * (`leased-limit.ts`), in portions that shrink with what is left, so they seldom have to ask. When nothing is left, it takes back
 * what others do not use, and only then refuses. So no more than the limit is ever allowed, and all of it can be used, by whichever
 * process a client reaches.
 *
 * Messages between two processes arrive in their order.
 */

import { LENT_USES_WAIT_MS, MAX_LIMITED_CLIENTS } from '../../limits.ts';
import type { LimitBounds } from './client-limit.ts';

/** What a process asks: some uses for requests that wait. It has none left of this client. */
export interface Ask {
  readonly kind: 'ask';
  readonly client: string;
  /** How many requests wait. */
  readonly uses: number;
}

/** What a process gives back. */
export interface GivenBack {
  readonly kind: 'given back';
  readonly client: string;
  /** The window that they were lent in. */
  readonly endMs: number;
  readonly uses: number;
}

/** What a process gets. If these are fewer than it asked for, there are no more in this window. */
export interface Lent {
  readonly kind: 'lent';
  readonly client: string;
  readonly uses: number;
  /** By the clock that all processes share. */
  readonly endMs: number;
  /** What is left beside them. */
  readonly left: number;
}

/** Tells a process to give back what it has left of a client. */
export interface GiveBack {
  readonly kind: 'give back';
  readonly client: string;
}

interface Waiting extends Ask {
  readonly process: number;
}

interface Window {
  readonly endMs: number;
  left: number;
  /** Processes that may have uses left. */
  readonly holders: Set<number>;
  /** Processes that are to give back, and have not answered yet. While there are any, what is asked for waits. */
  readonly giving: Set<number>;
  waiting: Waiting[];
  timer: NodeJS.Timeout | undefined;
}

export class SharedLimit {
  readonly #bounds: LimitBounds;
  readonly #processes: number;
  readonly #send: (process: number, message: Lent | GiveBack) => void;
  readonly #now: () => number;
  /** By client, the oldest window first. */
  readonly #windows = new Map<string, Window>();

  /** @param processes how many there are. @param now the clock that all processes share. */
  constructor(
    bounds: LimitBounds,
    processes: number,
    send: (process: number, message: Lent | GiveBack) => void,
    now: () => number,
  ) {
    this.#bounds = bounds;
    this.#processes = processes;
    this.#send = send;
    this.#now = now;
  }

  /** Takes a message of a process. */
  receive(process: number, message: Ask | GivenBack): void {
    if (message.kind === 'ask') this.#ask({ ...message, process }, true);
    else this.#takeBack(process, message);
  }

  /** Forgets a process that ended. What it had left counts as used. */
  forget(process: number): void {
    for (const window of this.#windows.values()) {
      window.holders.delete(process);
      window.waiting = window.waiting.filter((ask) => ask.process !== process);
      if (window.giving.delete(process)) this.#settle(window);
    }
  }

  #ask(ask: Waiting, mayLend: boolean): void {
    const window = this.#current(ask.client);
    window.holders.delete(ask.process);
    if (window.giving.size > 0) window.waiting.push(ask);
    else if (ask.uses > window.left && window.holders.size > 0) {
      window.waiting.push(ask);
      this.#demand(ask.client, window);
    } else this.#lend(ask, window, mayLend);
  }

  #lend({ process, client, uses }: Waiting, window: Window, mayLend: boolean): void {
    // With half of an equal share, what is lent at the end is a use at a time, and little has to be given back.
    const portion = mayLend ? Math.floor(window.left / (2 * this.#processes)) : 0;
    const lent = Math.min(window.left, Math.max(uses, portion));
    window.left -= lent;
    if (lent > uses) window.holders.add(process);
    this.#send(process, { kind: 'lent', client, uses: lent, endMs: window.endMs, left: window.left });
  }

  #demand(client: string, window: Window): void {
    for (const process of window.holders) {
      window.giving.add(process);
      this.#send(process, { kind: 'give back', client });
    }
    window.holders.clear();
    // A process whose event loop stands still keeps nobody waiting. What it gives back later still counts.
    window.timer = setTimeout(() => {
      window.giving.clear();
      this.#settle(window);
    }, LENT_USES_WAIT_MS).unref();
  }

  #takeBack(process: number, { client, endMs, uses }: GivenBack): void {
    const window = this.#windows.get(client);
    if (!window) return;
    // Otherwise they were lent in a window that is over, or it had none.
    if (window.endMs === endMs) window.left += uses;
    if (window.giving.delete(process)) this.#settle(window);
  }

  /** Decides what waits, once all have given back. Each gets what it asked for, and no more. */
  #settle(window: Window): void {
    if (window.giving.size > 0) return;
    clearTimeout(window.timer);
    const { waiting } = window;
    window.waiting = [];
    for (const ask of waiting) this.#ask(ask, false);
  }

  #current(client: string): Window {
    const nowMs = this.#now();
    const known = this.#windows.get(client);
    // What waits in a window that ends is decided in the next one, at the latest when its timer comes.
    if (known && known.endMs > nowMs) return known;
    this.#windows.delete(client);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size < MAX_LIMITED_CLIENTS) break;
      this.#windows.delete(oldest);
    }
    const window: Window = {
      ...{ endMs: nowMs + this.#bounds.windowMs, left: this.#bounds.max },
      ...{ holders: new Set<number>(), giving: new Set<number>(), waiting: [], timer: undefined },
    };
    this.#windows.set(client, window);
    return window;
  }
}
