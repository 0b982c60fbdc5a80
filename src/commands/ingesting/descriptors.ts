import { readFileSync } from 'node:fs';
import { DaymarkError } from '../../errors.ts';
import {
  ASSUMED_DESCRIPTORS,
  CONNECTIONS_SHARE_OF_DESCRIPTORS,
  DEFAULT_MAX_CONNECTIONS,
  EVENT_STREAMS_SHARE_OF_CONNECTIONS,
  HELD_FILES_SHARE_OF_DESCRIPTORS,
  MAX_CONNECTIONS_SHARE_OF_DESCRIPTORS,
  MAX_HELD_FILES,
} from '../../limits.ts';

/**
 * How many connections the API takes at once. It leaves descriptors for the store and the logs.
 * @param setting undefined: as many as fit well.
 * @param processes how many share the setting.
 * @throws {DaymarkError} INVALID_SETTING if the setting is more than the descriptors allow.
 */
export function maxConnectionsOf(
  setting: number | undefined,
  descriptors = maxDescriptors(),
  processes = 1,
): number {
  if (setting === undefined) {
    const share = Math.floor(descriptors * CONNECTIONS_SHARE_OF_DESCRIPTORS);
    return Math.max(1, Math.min(DEFAULT_MAX_CONNECTIONS, share));
  }
  const most = Math.floor(descriptors * MAX_CONNECTIONS_SHARE_OF_DESCRIPTORS);
  const share = Math.floor(setting / processes);
  if (share <= most) return share;
  const who = processes === 1 ? 'this process' : `each of ${processes} processes`;
  const detail = `MAX_CONNECTIONS is ${setting}, and ${who} may open ${descriptors} files (\`ulimit -n\`): ${most * processes} is the most.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/**
 * How many streams of events may be open, each on a connection.
 * @param setting undefined: as many as fit well.
 * @throws {DaymarkError} INVALID_SETTING if the setting is more than the connections.
 */
export function maxEventStreamsOf(setting: number | undefined, connections: number): number {
  if (setting === undefined) return Math.floor(connections * EVENT_STREAMS_SHARE_OF_CONNECTIONS);
  if (setting <= connections) return setting;
  const detail = `MAX_EVENT_STREAMS is ${setting}, and there may be ${connections} connections (MAX_CONNECTIONS): each stream takes one.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/** How many logs may stay open. */
export function maxHeldFiles(descriptors = maxDescriptors()): number {
  return Math.min(MAX_HELD_FILES, Math.floor(descriptors * HELD_FILES_SHARE_OF_DESCRIPTORS));
}

/** How many files the process may open. Node raises the soft limit to the hard one at its start. */
export function maxDescriptors(limits = readLimits()): number {
  const soft = /^Max open files +(\w+)/m.exec(limits)?.[1];
  if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
  return soft === undefined ? ASSUMED_DESCRIPTORS : Number(soft);
}

/** Only Linux has this file; empty elsewhere. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
