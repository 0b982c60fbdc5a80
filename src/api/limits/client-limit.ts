/** What a client has left of a limit after one use of it. */
export interface Use {
  /** False: all of the window was used before. */
  readonly isAllowed: boolean;
  /** Uses that are left in the window. Where several processes share a limit, those that others used lately may be among them. */
  readonly left: number;
  /** Until the window ends. */
  readonly waitMs: number;
}

/** Bounds how often each client does something within a window of time, which begins with its first use. */
export interface ClientLimit {
  /** Counts one use. It is a promise where another process must be asked. */
  use(client: string): Use | Promise<Use>;
  /** @returns how long a client that used up its window has to wait, as far as that is known here; 0: it may try. */
  waitMs(client: string): number;
}

/** How many uses each client has in a window. */
export interface LimitBounds {
  readonly max: number;
  readonly windowMs: number;
}

/** Makes the limits of an app. */
export type NewLimit = (name: LimitName, bounds: LimitBounds) => ClientLimit;

/** What is limited: all requests of a client, and credentials that are not valid by the address that sent them. */
export type LimitName = 'requests' | 'failures';

/** Milliseconds on a clock that never goes back, and that all processes of a machine share. */
export function sharedClockMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
