/** The errors of the program. Their codes stand in `error-table.ts`. */

import { ERRORS, type ErrorCode, type ErrorDefinition } from './error-table.ts';

export { ERRORS, type ErrorCode, type ErrorDefinition };

interface ErrorParts {
  readonly cause?: unknown;
  readonly lines?: readonly string[] | undefined;
}

/**
 * Something that can go wrong outside the program. Its code is in the table of errors. A broken invariant is not such an
 * error: it is a bug, thrown as {@link bug}.
 */
export class DaymarkError extends Error {
  override readonly name = 'DaymarkError';
  readonly code: ErrorCode;
  /** Details, one a line: for example, the logs that are missing. */
  readonly lines: readonly string[];

  /**
   * @param detail what went wrong this time: the path, the setting, the address, with the cause's own words. It is shown
   * as one line, although names in it may hold newlines.
   */
  constructor(code: ErrorCode, detail: string, { lines = [], ...options }: ErrorParts = {}) {
    super(detail, options);
    this.code = code;
    this.lines = lines;
  }

  get definition(): ErrorDefinition & { readonly exitCode: 1 | 2 } {
    return { exitCode: 1, ...ERRORS[this.code] };
  }

  /** True if it passes by itself. */
  get isTransient(): boolean {
    return this.definition.isTransient === true;
  }
}

/** True of an error that passes by itself. Waiting and trying again helps. */
export function isTransient(error: unknown): error is DaymarkError {
  return error instanceof DaymarkError && error.isTransient;
}

/** A broken invariant: the program is wrong, not the world. It stops the program. */
export function bug(message: string): Error {
  return new Error(`BUG: ${message}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
