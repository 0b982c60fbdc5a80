import { byteText } from '../reference/byte-text.ts';
import { behindPrefix, type Unwrapped } from './types.ts';

/** `Feb  6 12:14:00` (RFC 3164), with a fraction as `journalctl -o short-precise` has it. Months can be of any language. */
const TRADITIONAL = String.raw`[^\s\d<>:[\]]{3,7} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?`;
/** `2024-02-06T12:14:00.123456+00:00`: rsyslog, syslog-ng, `journalctl -o short-iso`. */
const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;
/** `Tue 2024-02-06 12:14:00 UTC`: `journalctl -o short-full`. */
const FULL = String.raw`[^\s\d<>:[\]]{2,7} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? [\w+:-]+`;
/** `1707221640.123456` and `[ 1234.567890]`: `journalctl -o short-unix` and `-o short-monotonic`. */
const SECONDS = String.raw`\d{9,11}\.\d{1,9}|\[ *\d+\.\d{1,9}\]`;

/**
 * The name of a program, and its process id in brackets. A colon follows; rsyslog leaves it out behind a process id where a
 * message came as RFC 5424. A name without both could as well be the first word of the message.
 */
const TAG = String.raw`[^\s[\]]+(?:\[[^\s[\]]*\]:?|:)`;
/** A host can be missing. It ends with no colon: that would be the name of the program. */
const HOST = String.raw`[^\s[\]]*[^\s:[\]]`;
/** A byte order mark can stand before the message of RFC 5424. */
const MARK = String.raw`(?:\xef\xbb\xbf)?`;

/** https://datatracker.ietf.org/doc/html/rfc3164#section-4.1, and what programs made of it. */
const LEGACY = new RegExp(
  `^(?:<\\d{1,3}>)?(?:${TRADITIONAL}|${ISO}|${FULL}|${SECONDS}) (?:${HOST} )?${TAG}(?:$| ${MARK})`,
);

/** One or more of `[name key="value"]`. A backslash is before a quote, a bracket and a backslash in a value. */
const DATA = String.raw`(?:\[[^\s=\]"]+(?: [^\s=\]"]+="(?:[^"\\\]]|\\.)*")*\])+`;

/** https://datatracker.ietf.org/doc/html/rfc5424#section-6. rsyslog keeps the space behind the tag of RFC 3164, too. */
const RFC_5424 = new RegExp(
  `^<\\d{1,3}>1 (?:-|${ISO}) [^\\s]+ [^\\s]+ [^\\s]+ [^\\s]+ (?:-|${DATA})(?:$| {1,2}${MARK})`,
);

/** Takes off what syslog and `journalctl` (in its short forms) write before a message. */
export function unwrapSyslog(bytes: Uint8Array, start: number, end: number): Unwrapped | undefined {
  const line = byteText(bytes, start, end);
  const prefix = (RFC_5424.exec(line) ?? LEGACY.exec(line))?.[0];
  return prefix === undefined ? undefined : behindPrefix(bytes, start, end, prefix.length);
}
