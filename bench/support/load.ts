import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './measure.ts';
import { findTools } from './tools.ts';

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The core of the program that makes the requests. */
  readonly core: number;
  /** The directory for the program's own files. */
  readonly directory: string;
}

/** The result of one run of a load generator. */
export interface Load {
  readonly requestsPerS: number;
  readonly failed: number;
}

/** wrk: connections that stay open, one thread. */
export async function wrk({ url, connections, seconds, core }: LoadOptions): Promise<Load> {
  const tools = findTools('wrk', 'taskset');
  const load = [tools.wrk, '--threads=1', `--connections=${connections}`, `--duration=${seconds}s`, url];
  return parseWrk(await run([tools.taskset, '-c', String(core), ...load]));
}

/** siege in its benchmark mode: no delay between the requests of a user. */
export async function siege({ url, connections, seconds, core, directory }: LoadOptions): Promise<Load> {
  const tools = findTools('siege', 'taskset');
  const configuration = join(directory, 'siege.conf');
  // With a new connection for each request, the machine would run out of ports within seconds.
  writeFileSync(configuration, 'connection = keep-alive\nparser = false\nverbose = false\nlogging = false\n');
  const load = [`--rc=${configuration}`, '--benchmark', `--concurrent=${connections}`, `--time=${seconds}S`];
  const argv = [tools.taskset, '-c', String(core), tools.siege, ...load, '--json-output', '--quiet', url];
  return parseSiege(await run(argv, { HOME: directory }));
}

/** Reads the output of wrk. It lists socket errors, and answers other than 2xx and 3xx, only if there are any. */
export function parseWrk(text: string): Load {
  const requestsPerS = /^Requests\/sec:\s+([\d.]+)$/m.exec(text);
  if (requestsPerS === null) throw new Error(`not understood: ${text}`);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(text) ?? [];
  const failed = [...errors.slice(1), ...refused.slice(1)].reduce((sum, count) => sum + Number(count), 0);
  return { requestsPerS: Number(requestsPerS[1]), failed };
}

/** Reads the JSON object that siege prints. An answer of 400 or more is a transaction, but not a successful one. */
export function parseSiege(text: string): Load {
  const report = JSON.parse(text.slice(text.indexOf('{'))) as Record<string, number | undefined>;
  const { transactions, successful_transactions, failed_transactions, transaction_rate } = report;
  const failed = transactions! - successful_transactions! + failed_transactions!;
  if (transaction_rate === undefined || Number.isNaN(failed)) throw new Error(`not understood: ${text}`);
  return { requestsPerS: transaction_rate, failed };
}
