/** The time of a world: one clock that only goes on, and the system's, which is set now and then. */
export class WorldClock {
  #nowMs = 1_000_000;
  #systemAheadMs = Date.now();

  /** Never jumps. */
  readonly nowMs = (): number => this.#nowMs;
  /** In ms since 1970. */
  readonly systemMs = (): number => this.#nowMs + this.#systemAheadMs;

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** Somebody sets the system's clock, forward or back. */
  setSystemTimeBy(ms: number): void {
    this.#systemAheadMs += ms;
  }
}
