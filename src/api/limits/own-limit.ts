import { MAX_LIMITED_CLIENTS } from '../../limits.ts';
import type { ClientLimit, LimitBounds, Use } from './client-limit.ts';

interface Window {
  readonly endMs: number;
  used: number;
}

/** A limit that one process counts for itself. */
export class OwnLimit implements ClientLimit {
  readonly #bounds: LimitBounds;
  readonly #now: () => number;
  /** By client, the oldest window first. */
  readonly #windows = new Map<string, Window>();

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(bounds: LimitBounds, now = () => performance.now()) {
    this.#bounds = bounds;
    this.#now = now;
  }

  use(client: string): Use {
    const { max } = this.#bounds;
    const nowMs = this.#now();
    const window = this.#current(client, nowMs) ?? this.#begin(client, nowMs);
    window.used++;
    return {
      isAllowed: window.used <= max,
      left: Math.max(0, max - window.used),
      waitMs: window.endMs - nowMs,
    };
  }

  waitMs(client: string): number {
    const nowMs = this.#now();
    const window = this.#current(client, nowMs);
    return window && window.used >= this.#bounds.max ? window.endMs - nowMs : 0;
  }

  #current(client: string, nowMs: number): Window | undefined {
    const window = this.#windows.get(client);
    if (!window || window.endMs > nowMs) return window;
    this.#windows.delete(client);
    return undefined;
  }

  #begin(client: string, nowMs: number): Window {
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size < MAX_LIMITED_CLIENTS) break;
      this.#windows.delete(oldest);
    }
    const window = { endMs: nowMs + this.#bounds.windowMs, used: 0 };
    this.#windows.set(client, window);
    return window;
  }
}
