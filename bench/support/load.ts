import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.ts';
import { findTools } from './tools.ts';

/** A request that the load repeats. */
export interface Question {
  /** With its query. */
  readonly path: string;
  /** What stands behind `Bearer`. */
  readonly key: string;
}

export interface LoadOptions {
  readonly url: string;
  /** They are asked one after the other, and then again. */
  readonly questions: readonly Question[];
  readonly connections: number;
  readonly seconds: number;
  /** The core of the program that makes the requests. Undefined: it may use all. */
  readonly core: number | undefined;
  /** The directory for the program's own files. */
  readonly directory: string;
}

/** The result of one run of a load generator. */
export interface Load {
  readonly requests: number;
  readonly requestsPerS: number;
  readonly failed: number;
  /** Of the load generator. */
  readonly cpuS: number;
}

/** wrk: connections that stay open, one thread. All requests are put together before the first one is sent. */
export async function wrk(options: LoadOptions): Promise<Load> {
  const { url, questions, connections, seconds, core, directory } = options;
  const script = join(directory, 'questions.lua');
  const list = join(directory, 'questions.txt');
  writeFileSync(list, questions.map(({ path, key }) => `${path} ${key}\n`).join(''));
  writeFileSync(script, luaOf(list));
  const argv = [findTools('wrk').wrk, '--threads=1', `--connections=${connections}`];
  const { stdout, cpuS } = await measure(
    [...argv, `--duration=${seconds}s`, `--script=${script}`, url],
    core === undefined ? {} : { core },
  );
  return { ...parseWrk(stdout), cpuS };
}

function luaOf(list: string): string {
  return `
local requests, at = {}, 0
function init(args)
  for line in io.lines(${JSON.stringify(list)}) do
    local path, key = line:match("(%S+) (%S+)")
    requests[#requests + 1] = wrk.format("GET", path, { Host = wrk.headers.Host, Authorization = "Bearer " .. key })
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
`;
}

/** What siege prints at the end, under the names that it uses. */
export type SiegeReport = Readonly<Record<string, number>>;

/** siege in its benchmark mode: no delay between the requests of a user. All of them have the same key. */
export async function siege(options: LoadOptions): Promise<SiegeReport> {
  const { url, questions, connections, seconds, core, directory } = options;
  const configuration = join(directory, 'siege.conf');
  const list = join(directory, 'urls.txt');
  // With a new connection for each request, the machine would run out of ports within seconds.
  writeFileSync(
    configuration,
    'connection = keep-alive\nparser = false\nverbose = false\nlogging = false\naccept-encoding = identity\n',
  );
  writeFileSync(list, questions.map(({ path }) => `${url}${path}\n`).join(''));
  const load = [`--rc=${configuration}`, '--benchmark', `--concurrent=${connections}`, `--time=${seconds}S`];
  const header = `--header=Authorization: Bearer ${questions[0]?.key}`;
  const argv = [findTools('siege').siege, ...load, header, '--json-output', '--quiet', `--file=${list}`];
  const measured = core === undefined ? {} : { core };
  return parseSiege((await measure(argv, { ...measured, env: { HOME: directory } })).stdout);
}

/** Reads the output of wrk. It lists socket errors, and answers other than 2xx and 3xx, only if there are any. */
export function parseWrk(text: string): Omit<Load, 'cpuS'> {
  const requestsPerS = /^Requests\/sec:\s+([\d.]+)$/m.exec(text);
  const requests = /^\s*(\d+) requests in /m.exec(text);
  if (requestsPerS === null || requests === null) throw new Error(`not understood: ${text}`);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(text) ?? [];
  const failed = [...errors.slice(1), ...refused.slice(1)].reduce((sum, count) => sum + Number(count), 0);
  return { requests: Number(requests[1]), requestsPerS: Number(requestsPerS[1]), failed };
}

/** Reads the JSON object that siege prints. */
export function parseSiege(text: string): SiegeReport {
  const report = JSON.parse(text.slice(text.indexOf('{'))) as Record<string, number>;
  if (Number.isNaN(failedOf(report)) || report.transaction_rate === undefined)
    throw new Error(`not understood: ${text}`);
  return report;
}

/** An answer of 400 or more is a transaction of siege, but not a successful one. */
export function failedOf(report: SiegeReport): number {
  const { transactions = Number.NaN, successful_transactions, failed_transactions } = report;
  return transactions - (successful_transactions ?? Number.NaN) + (failed_transactions ?? Number.NaN);
}
