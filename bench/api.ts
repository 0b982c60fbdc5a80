/**
 * How many answers of 30 days the API gives in a second, beside nginx with one worker that serves the same bytes as a
 * file. The API has the hooks of a production server: request ids, metrics and a guard.
 * `npm run bench:api [-- --seconds 5 --rounds 5 --connections 25]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Load, type LoadOptions, siege, wrk } from './support/load.ts';
import { run } from './support/measure.ts';
import { formatRatios, inTurn, median } from './support/rounds.ts';
import { type Server, startDaymark, startNginx } from './support/servers.ts';
import { printTable } from './support/table.ts';
import { daymark, findTools, PROJECT_DIR } from './support/tools.ts';

const PATH = '/customers/cust_1/stats?from=2024-09-03';
const DAYS = 30;
const SERVER_CORE = 0;
/** Beside the server, so that the load does not take its time. */
const LOAD_CORE = availableParallelism() > 1 ? 1 : 0;

interface Settings {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
}

async function bodyOf(url: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function checkDays(body: Buffer): void {
  const days = JSON.parse(body.toString()) as unknown[];
  if (days.length !== DAYS) throw new Error(`the answer has ${days.length} days, not ${DAYS}`);
}

type Results = Record<'daymark, wrk' | 'nginx, wrk' | 'daymark, siege' | 'nginx, siege', Load[]>;

function load(
  servers: { ours: Server; nginx: Server },
  directory: string,
  settings: Settings,
): Promise<Results> {
  const { connections, seconds, rounds } = settings;
  const at = ({ url }: Server): LoadOptions => ({ url, connections, seconds, core: LOAD_CORE, directory });
  return inTurn(
    {
      'daymark, wrk': () => wrk(at(servers.ours)),
      'nginx, wrk': () => wrk(at(servers.nginx)),
      'daymark, siege': () => siege(at(servers.ours)),
      'nginx, siege': () => siege(at(servers.nginx)),
    },
    rounds,
  );
}

const speeds = (loads: readonly Load[]) => loads.map((load) => load.requestsPerS);
const failures = (loads: readonly Load[]) => loads.reduce((sum, load) => sum + load.failed, 0);

function print(results: Results): void {
  const rows = Object.entries(results).map(([name, loads]) => {
    const reference = name.endsWith('wrk') ? results['nginx, wrk'] : results['nginx, siege'];
    const ratios = formatRatios(speeds(loads), speeds(reference));
    return [name, median(speeds(loads)).toFixed(0), ratios, String(failures(loads))];
  });
  printTable(['', 'requests/s', 'of nginx (each round)', 'failed'], rows);
}

async function compare(directory: string, nginxDirectory: string, settings: Settings): Promise<void> {
  const dataDirectory = join(directory, 'data');
  await run(daymark('ingest', join(PROJECT_DIR, 'logs/api_requests.log'), '--json'), {
    DATA_DIR: dataDirectory,
  });
  const ours = await startDaymark({ directory: dataDirectory, core: SERVER_CORE, path: PATH });
  try {
    const body = await bodyOf(ours.url);
    checkDays(body);
    const nginx = await startNginx({ directory: nginxDirectory, core: SERVER_CORE, path: PATH }, body);
    try {
      await compareServers({ ours, nginx }, directory, settings);
    } finally {
      await nginx.stop();
    }
  } finally {
    await ours.stop();
  }
}

async function compareServers(
  servers: { ours: Server; nginx: Server },
  directory: string,
  settings: Settings,
): Promise<void> {
  const before = await bodyOf(servers.ours.url);
  const results = await load(servers, directory, settings);
  const after = await bodyOf(servers.ours.url);
  const isSame = before.equals(await bodyOf(servers.nginx.url)) && before.equals(after);
  console.log(
    `${DAYS} days, ${before.length} bytes, ${settings.connections} connections, server on a core of its own; medians`,
  );
  print(results);
  const failed = Object.values(results).reduce((sum, loads) => sum + failures(loads), 0);
  console.log(isSame ? 'Both serve the same bytes.' : 'THE BODIES DIFFER');
  console.log(failed === 0 ? 'No request failed.' : `${failed} REQUESTS FAILED`);
  if (!isSame || failed > 0) process.exitCode = 1;
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '25' },
  },
});
findTools('wrk', 'siege', 'nginx', 'taskset');
console.log(`load average before: ${loadavg()[0]!.toFixed(2)}`);
const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-api-'));
const nginxDirectory = mkdtempSync(join(tmpdir(), 'daymark-bench-nginx-'));
try {
  await compare(directory, nginxDirectory, {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    connections: Number(values.connections),
  });
} finally {
  for (const each of [directory, nginxDirectory]) rmSync(each, { recursive: true, force: true });
}
