import { byteText } from '../reference/byte-text.ts';
import { behindPrefix, type Unwrapped } from './types.ts';

/** `web-1  | `: the container, with spaces behind it up to the longest name (https://docs.docker.com/reference/cli/docker/compose/logs/). */
const NAME = String.raw`[A-Za-z0-9][\w.-]* +\|`;
const PLAIN = new RegExp(`^${NAME}(?: |$)`);
/** Docker writes all nine digits, so that the lines stand in columns. */
const TIMED = new RegExp(
  String.raw`^${NAME} \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)(?: |$)`,
);

export function unwrapCompose(bytes: Uint8Array, start: number, end: number): Unwrapped | undefined {
  return behind(PLAIN, bytes, start, end);
}

/** The same with `--timestamps`. */
export function unwrapTimedCompose(bytes: Uint8Array, start: number, end: number): Unwrapped | undefined {
  return behind(TIMED, bytes, start, end);
}

function behind(prefix: RegExp, bytes: Uint8Array, start: number, end: number): Unwrapped | undefined {
  const match = prefix.exec(byteText(bytes, start, end));
  return match ? behindPrefix(bytes, start, end, match[0].length) : undefined;
}
