/** Where the API logs faults and requests. */

import { fstatSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { AccessLog, AnsweredRequest } from '../../api/observe-requests.ts';
import { MAX_UNWRITTEN_ACCESS_LOG_BYTES, MAX_UNWRITTEN_LOG_BYTES, PIPE_WRITE_BYTES } from '../../limits.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { printableJson } from '../../printable.ts';
import { areMessagesJson, type Message, writeMessage } from '../cli/messages.ts';

const STDOUT = 1;
const STDERR = 2;

/** Logs faults of the API to standard error, in the form of all messages. */
export function faultLogger(): Logger {
  return pino(
    {
      level: 'warn',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    areMessagesJson() ? jsonDestination() : { write: (line) => writeMessage(messageIn(line)) },
  );
}

/**
 * A line can hold what a client sent, so it is escaped. On a full disk, lines are lost: that neither ends the program nor fills
 * memory.
 */
function jsonDestination(): DestinationStream {
  const destination = pino.destination({ dest: STDERR, sync: true, maxLength: MAX_UNWRITTEN_LOG_BYTES });
  destination.on('error', () => undefined);
  return { write: (line) => destination.write(`${printableJson(line.trimEnd())}\n`) };
}

interface LoggedFault {
  readonly level: string;
  readonly message?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
}

/** For people: the fault, what is known of the request, and the stack. */
function messageIn(line: string): Message {
  const { level, message = '', err, time: _, ...rest } = JSON.parse(line) as LoggedFault & { time: string };
  const known = Object.entries(rest).map(([name, value]) => `${name}: ${String(value)}`);
  const stack = (err?.stack ?? err?.message ?? '').split('\n').map((each) => each.trim());
  return {
    level: level === 'warn' ? 'warn' : 'error',
    text: message,
    more: [...known, ...stack.filter((each) => each !== '')],
  };
}

/** An access log, and how to end it. */
export interface OpenAccessLog {
  readonly log: AccessLog;
  close(): void;
}

/**
 * Writes a line of JSON for each request to standard output. A line that nobody takes is lost, and counted as lost.
 * @param isShared other processes write to the same place.
 */
export function openAccessLog(metrics: Metrics, isShared: boolean): OpenAccessLog {
  const destination = pino.destination({
    ...{ dest: STDOUT, sync: false, maxLength: MAX_UNWRITTEN_ACCESS_LOG_BYTES },
    // A file takes any number of lines in one piece.
    ...(isShared && !fstatSync(STDOUT).isFile() && { maxWrite: PIPE_WRITE_BYTES }),
  });
  const lost = metrics.counter('daymark_access_log_lost_total');
  destination.on('drop', () => lost.inc());
  destination.on('error', () => undefined);
  return {
    log: (request) => destination.write(`${lineOf(request)}\n`),
    close: () => {
      try {
        destination.flushSync();
      } catch {
        // Nobody reads it any more.
      }
    },
  };
}

/** What a client can choose in it are an id that was checked and one of the methods of HTTP. */
function lineOf(request: AnsweredRequest): string {
  const { method, route, status, durationMs, bytes, client, requestId, keyId } = request;
  return JSON.stringify({
    time: new Date().toISOString(),
    ...{ method, route: route ?? null, status, duration_ms: Math.round(durationMs * 1000) / 1000, bytes },
    ...{ client, request_id: requestId, key_id: keyId ?? null },
  });
}
