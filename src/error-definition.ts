/** What a code means, and what you should do if you meet it. */
export interface ErrorDefinition {
  /** Short, and the same every time it occurs (RFC 9457, `title`). */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** Exit code of the program: 2 for wrong usage. Unset: 1, failed. */
  readonly exitCode?: 1 | 2;
  /** HTTP status if the API answers with this code. */
  readonly httpStatus?: number;
  /** More exact HTTP statuses for some cases, each with its case. */
  readonly otherHttpStatuses?: Readonly<Record<number, string>>;
  /** True if the error passes by itself, so that waiting and trying again helps. Unset: somebody must fix something. */
  readonly isTransient?: true;
}

/** Keeps the exact types of a table of errors. */
export const define = <const T extends Record<string, ErrorDefinition>>(table: T): T => table;
