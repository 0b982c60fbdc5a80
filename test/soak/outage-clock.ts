/** When the database was away, and what the API may answer because of that. */
export class OutageClock {
  readonly #outages: { readonly fromMs: number; toMs: number }[] = [];

  begin(): void {
    this.#outages.push({ fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY });
  }

  end(): void {
    const last = this.#outages.at(-1);
    if (last) last.toMs = Date.now();
  }

  /** Whether it was away at some time between these. */
  overlaps(fromMs: number, toMs: number): boolean {
    return this.#outages.some((outage) => outage.fromMs <= toMs && outage.toMs >= fromMs);
  }
}
