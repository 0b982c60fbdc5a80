/** The key of a window. Nothing outside `window/`, `statistics/` and the store's schema takes it apart. */
export interface WindowKey {
  readonly customerId: string;
  /** The day, `YYYY-MM-DD`. */
  readonly date: string;
}
