/** A product that writes request logs, as its package installs it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { OddRequest } from './wire.ts';

/** A log that a product writes. */
export interface ProductLog {
  /** What the log's format is. */
  readonly about: string;
  readonly file: string;
  /** Whom the requests count for. */
  readonly customer: 'user' | 'path';
  /** True where its lines have durations. */
  readonly hasDuration: boolean;
  /** The name in LOG_FORMAT that `check` recommends. Undefined where it makes a format for the lines. */
  readonly preset?: string;
}

/** A port, and the logs in which its requests are. */
interface Endpoint {
  readonly port: number;
  readonly logs: readonly ProductLog[];
}

interface RunningProduct {
  readonly endpoints: readonly Endpoint[];
  /** Ends the product. Then all logs are written. */
  stop(): Promise<void>;
}

export interface Product {
  readonly name: string;
  /** The program that must be there. */
  readonly program: string;
  /** The Debian package that has it. */
  readonly package: string;
  /** Statuses in its log for a request whose client went away. None where its requests end too soon for that. */
  readonly abortedStatuses: readonly number[];
  /** True for a request of which its log does not say the target. */
  readonly loses?: (request: OddRequest) => boolean;
  /** @param directory an empty one. @param upstreamPort where the answers come from. */
  start(directory: string, upstreamPort: number): Promise<RunningProduct>;
}

/** Debian puts some programs where the PATH of a user does not lead. */
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin'];

/** The path of a program. Undefined where it is not installed. */
export function pathOf(program: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Ports that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/**
 * Starts a program and waits until it listens.
 * @param output where its standard output and error go.
 */
export async function startProgram(
  program: string,
  args: readonly string[],
  {
    ports,
    output,
    env = {},
  }: { readonly ports: readonly number[]; readonly output: string; readonly env?: Record<string, string> },
): Promise<ChildProcess> {
  const file = openSync(output, 'a');
  const child = spawn(pathOf(program) ?? program, args, {
    stdio: ['ignore', file, file],
    env: { PATH: FOLDERS.join(':'), ...env },
  });
  closeSync(file);
  const assertPossible = () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}; see ${output}`);
  };
  for (const port of ports) await until(() => isListening(port), { assertPossible });
  return child;
}

/** Ends a program that {@link startProgram} started, with a signal that lets it write its logs. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Whether somebody listens on a port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
