/** What programs put around the lines of others. */

/** The values of LOG_WRAPPER, but for `none`. */
export const LOG_WRAPPERS = ['cri', 'docker', 'syslog', 'compose', 'compose-timestamps'] as const;

export type LogWrapper = (typeof LOG_WRAPPERS)[number];

/** In words, for people. */
export const WRAPPER_TITLES: Record<LogWrapper, string> = {
  cri: 'the log of a Kubernetes container',
  docker: 'Docker’s json-file',
  syslog: 'syslog or journalctl',
  compose: 'docker compose logs',
  'compose-timestamps': 'docker compose logs --timestamps',
};

/** What stands in a wrapped line: the bytes `[start, end)` of `bytes`. */
export interface Unwrapped {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** True where the line goes on in the next wrapped line of the same stream. */
  readonly isPart: boolean;
  /** The lines of two streams can take turns. Empty where the wrapper has no streams. */
  readonly stream: string;
}

/**
 * Takes the wrapper off the line `[start, end)`, which has no newline. @returns undefined where the line does not have the
 * form of the wrapper.
 */
export type Unwrap = (bytes: Uint8Array, start: number, end: number) => Unwrapped | undefined;

/** What only stands before a line. */
export function behindPrefix(bytes: Uint8Array, start: number, end: number, prefixBytes: number): Unwrapped {
  return { bytes, start: start + prefixBytes, end, isPart: false, stream: '' };
}
