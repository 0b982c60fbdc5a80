/** Answers that are written straight to a socket, because there is no request. */

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { LINGER_MS } from '../limits.ts';
import { PROBLEM_HEADERS, type Problem } from './problem.ts';

/**
 * Sends a problem document and closes the connection. Before that, it discards for a moment what the client still sends:
 * closing a socket with unread bytes resets the connection, and the client may lose the answer.
 */
export function endWithProblem(
  socket: Socket,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  // The client may be gone. Without a listener, that error would end the process.
  socket.on('error', () => undefined);
  socket.end(textOf(problem, headers));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}

function textOf(problem: Problem, headers: Readonly<Record<string, string>>): string {
  const body = JSON.stringify(problem);
  const all = { ...PROBLEM_HEADERS, ...headers, date: new Date().toUTCString(), connection: 'close' };
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}
