import { bytesOf, byteText } from '../reference/byte-text.ts';
import { membersOf } from '../reference/json.ts';
import { MISSING } from '../reference/value.ts';
import type { Unwrapped } from './types.ts';

const MEMBERS = ['log', 'stream'];

/**
 * Docker keeps the output of containers as `{"log":"…\n","stream":"stdout","time":"…"}`. It cuts a line behind 16 KiB; only
 * the last part of a line ends with a newline (https://github.com/moby/moby/tree/master/daemon/logger/jsonfilelog).
 */
export function unwrapDocker(bytes: Uint8Array, start: number, end: number): Unwrapped | undefined {
  const [log, stream] = membersOf(byteText(bytes, start, end), MEMBERS) ?? [];
  if (log?.kind !== 'text' || log === MISSING || log.text === undefined) return undefined;
  if (stream?.text !== 'stdout' && stream?.text !== 'stderr') return undefined;
  const isPart = !log.text.endsWith('\n');
  const text = isPart ? log.text : log.text.replace(/\r?\n$/, '');
  if (text.includes('\n')) return undefined;
  return { bytes: bytesOf(text), start: 0, end: text.length, isPart, stream: stream.text };
}
