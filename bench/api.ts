/**
 * How many answers of 30 days the API gives in a second, with all guards: keys, a rate limit, metrics and an access log. It is
 * `daymark serve` as a user runs it, with one process and with two, beside nginx with one worker that serves the same bytes as
 * files, with an access log. Each of 1,000 customers asks with a key of its own. Every answer is checked before and after.
 * `npm run bench:api [-- --seconds 5 --rounds 5 --connections 25 --customers 1000 --days 90 --no-postgres]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from '../test/support/postgres-cluster.ts';
import { customerId, dateOf, fillStore, makeKeys } from './support/api-store.ts';
import { failedOf, type Load, type Question, type SiegeReport, siege, wrk } from './support/load.ts';
import { formatRatios, inTurn, median } from './support/rounds.ts';
import { type DaymarkServer, type Server, startDaymark, startNginx } from './support/servers.ts';
import { printTable } from './support/table.ts';
import { findTools } from './support/tools.ts';

const ANSWER_DAYS = 30;
const SERVER_CORE = 0;
/** Beside the server, so that the load does not take its time. */
const LOAD_CORE = availableParallelism() > 1 ? 1 : 0;

/** Guards that let all requests of the benchmark pass. The limit counts each of them. */
const GUARDS = { AUTH: 'keys', ACCESS_LOG: 'json', RATE_LIMIT_PER_MINUTE: '1000000000' };

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '25' },
    customers: { type: 'string', default: '1000' },
    days: { type: 'string', default: '90' },
    postgres: { type: 'boolean', default: true },
  },
});
const [seconds, rounds, connections] = [values.seconds, values.rounds, values.connections].map(Number) as [
  number,
  number,
  number,
];
const [customers, days] = [Number(values.customers), Number(values.days)];

/** The newest days of each customer: all of these answers fit into the memory for kept ones. */
function keptQuestions(keys: readonly string[]): Question[] {
  return keys.map((key, i) => ({
    path: `/customers/${customerId(i)}/stats?from=${dateOf(ANSWER_DAYS - 1)}&to=${dateOf(0)}`,
    key,
  }));
}

/** All stretches of days of all customers: when one is asked for again, its answer was pushed out long ago. */
function newQuestions(keys: readonly string[]): Question[] {
  return Array.from({ length: days - ANSWER_DAYS }, (_, ago) =>
    keys.map((key, i) => ({
      path: `/customers/${customerId(i)}/stats?from=${dateOf(ago + ANSWER_DAYS)}&to=${dateOf(ago + 1)}`,
      key,
    })),
  ).flat();
}

/** Asks each question. @throws where an answer is not that of its customer and its days. */
async function answersOf(url: string, questions: readonly Question[]): Promise<Map<string, Uint8Array>> {
  const bodies = new Map<string, Uint8Array>();
  for (const { path, key } of questions) {
    const headers = { authorization: `Bearer ${key}`, 'accept-encoding': 'identity' };
    const response = await fetch(url + path, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}: ${body}`);
    const rows = JSON.parse(body.toString()) as { customer_id: string; date: string }[];
    const [, id] = /^\/customers\/([^/]+)/.exec(path) ?? [];
    if (rows.length !== ANSWER_DAYS || rows.some((row) => row.customer_id !== id))
      throw new Error(`${path} answers with ${rows.length} days, or those of another customer`);
    bodies.set(new URL(path, url).pathname, body);
  }
  return bodies;
}

interface Measured extends Load {
  /** Of the server, for a request. */
  readonly serverUs: number;
  readonly serverCores: number;
  readonly loadCores: number;
}

/** @param isPinned the server has a core of its own, and so has the load. */
async function loaded(
  server: Server,
  questions: readonly Question[],
  directory: string,
  isPinned = true,
): Promise<Measured> {
  const beforeS = server.cpuS();
  const core = isPinned ? LOAD_CORE : undefined;
  const load = await wrk({ url: server.url, questions, connections, seconds, core, directory });
  const serverS = server.cpuS() - beforeS;
  return {
    ...load,
    serverUs: (serverS / load.requests) * 1e6,
    serverCores: serverS / seconds,
    loadCores: load.cpuS / seconds,
  };
}

const NGINX = 'nginx, one worker';
const ONE = 'daymark, kept answers';
const TWO = 'daymark, kept answers, 2 processes';

type Results = Readonly<Record<string, readonly Measured[]>>;
const of = (loads: readonly Measured[], field: keyof Measured) => loads.map((load) => load[field]);

function printLoads(results: Results): void {
  const nginx = of(results[NGINX]!, 'requestsPerS');
  const rows = Object.entries(results).map(([name, loads]) => [
    name,
    median(of(loads, 'requestsPerS')).toFixed(0),
    formatRatios(of(loads, 'requestsPerS'), nginx),
    median(of(loads, 'serverUs')).toFixed(1),
    median(of(loads, 'serverCores')).toFixed(2),
    median(of(loads, 'loadCores')).toFixed(2),
    String(of(loads, 'failed').reduce((sum, failed) => sum + failed, 0)),
  ]);
  printTable(
    ['wrk', 'requests/s', 'of nginx (each round)', 'CPU µs a request', 'server cores', 'wrk cores', 'failed'],
    rows,
  );
  const ratio = formatRatios(of(results[TWO]!, 'requestsPerS'), of(results[ONE]!, 'requestsPerS'));
  console.log(`Two processes are ${ratio} times as fast as one; there are ${availableParallelism()} cores.`);
}

/** The names and units of siege's own report. */
const SIEGE_ROWS = [
  ['Transactions (hits)', 'transactions', 0],
  ['Availability (%)', 'availability', 2],
  ['Elapsed time (s)', 'elapsed_time', 2],
  ['Data transferred (MB)', 'data_transferred', 2],
  ['Response time (s)', 'response_time', 4],
  ['Transaction rate (trans/s)', 'transaction_rate', 2],
  ['Throughput (MB/s)', 'throughput', 2],
  ['Concurrency', 'concurrency', 2],
  ['Successful transactions', 'successful_transactions', 0],
  ['Failed transactions', 'failed_transactions', 0],
  ['Longest transaction (s)', 'longest_transaction', 3],
  ['Shortest transaction (s)', 'shortest_transaction', 3],
] as const;

/** Older versions of siege have fewer rows. */
function printSiege(reports: Readonly<Record<string, SiegeReport>>): void {
  const columns = Object.values(reports);
  const known = SIEGE_ROWS.filter(([, field]) => columns.every((report) => report[field] !== undefined));
  printTable(
    [`siege -b -c${connections} -t${seconds}S`, ...Object.keys(reports)],
    known.map(([name, field, digits]) => [name, ...columns.map((report) => report[field]!.toFixed(digits))]),
  );
}

interface Site {
  readonly directory: string;
  /** Of nothing else: its worker may be another user. */
  readonly nginxDirectory: string;
  readonly sqlite: Readonly<Record<string, string>>;
  readonly postgres: Readonly<Record<string, string>> | undefined;
}

/** Measures all servers. @returns how many requests failed. */
async function compare({ directory, nginxDirectory, sqlite, postgres }: Site): Promise<number> {
  const running: Server[] = [];
  const started = async <T extends Server>(server: Promise<T>): Promise<T> => {
    running.push(await server);
    return server;
  };
  const serve = (name: string, env: Readonly<Record<string, string>>, core: number | undefined) =>
    started(startDaymark({ env, core, accessLog: join(directory, `${name}.log`) }));
  try {
    const keys = await makeKeys(customers, sqlite);
    const kept = keptQuestions(keys.own);
    const uncached = newQuestions(keys.own);
    const one = await serve('one', { ...sqlite, ...GUARDS }, SERVER_CORE);
    const two = await serve('two', { ...sqlite, ...GUARDS, PROCESSES: '2' }, undefined);
    const open = await serve('open', sqlite, SERVER_CORE);
    const bodies = await answersOf(one.url, kept);
    const nginx = await started(startNginx(nginxDirectory, SERVER_CORE, bodies));
    const contenders: Record<string, () => Promise<Measured>> = {
      [NGINX]: () => loaded(nginx, kept, directory),
      [ONE]: () => loaded(one, kept, directory),
      'the same without guards': () => loaded(open, kept, directory),
      [TWO]: () => loaded(two, kept, directory, false),
      'daymark, SQLite': () => loaded(one, uncached, directory),
    };
    const guarded: DaymarkServer[] = [one, two];
    if (postgres) {
      const inPostgres = newQuestions((await makeKeys(customers, postgres)).own);
      const server = await serve('postgres', { ...postgres, ...GUARDS }, SERVER_CORE);
      await answersOf(server.url, inPostgres.slice(0, 100));
      guarded.push(server);
      contenders['daymark, PostgreSQL'] = () => loaded(server, inPostgres, directory);
    }
    const asAdmin = kept.map(({ path }) => ({ path, key: keys.admin }));
    const besieged = (server: Server) =>
      siege({ url: server.url, questions: asAdmin, connections, seconds, core: LOAD_CORE, directory });
    // Once for nothing: code is compiled as it is used, and answers are kept.
    await inTurn(contenders, 1);
    const results = await inTurn(contenders, rounds);
    const reports = { daymark: await besieged(one), nginx: await besieged(nginx) };

    const isSame = await areSame([one, two, nginx], kept, bodies);
    const bytes = Array.from(bodies.values(), (body) => body.length);
    console.log(
      `${customers} customers, ${days} days; answers of ${ANSWER_DAYS} days, ${median(bytes)} bytes; ${connections} connections; medians of ${rounds} rounds`,
    );
    printLoads(results);
    console.log();
    printSiege(reports);
    console.log();
    const refused = await Promise.all(guarded.map((server) => server.refused()));
    const lost = refused.reduce((sum, { lostLines }) => sum + lostLines, 0);
    const failed =
      Object.values(results)
        .flatMap((loads) => of(loads, 'failed'))
        .reduce((sum, one) => sum + one, 0) +
      Object.values(reports).reduce((sum, report) => sum + failedOf(report), 0) +
      refused.reduce((sum, { others }) => sum + others, 0);
    console.log(isSame ? 'All serve the same bytes, before and after.' : 'THE BODIES DIFFER');
    console.log(`Lines of access logs that were lost: ${lost}`);
    return isSame ? failed : failed + 1;
  } finally {
    for (const server of running) await server.stop();
  }
}

async function areSame(
  servers: readonly Server[],
  questions: readonly Question[],
  bodies: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  for (const { url } of servers)
    for (const [path, body] of await answersOf(url, questions))
      if (!Buffer.from(body).equals(bodies.get(path) ?? Buffer.of())) return false;
  return true;
}

findTools('wrk', 'siege', 'nginx', 'taskset', 'time');
console.log(`load average before: ${loadavg()[0]!.toFixed(2)}`);
const directory = mkdtempSync(join(tmpdir(), 'daymark-bench-api-'));
const nginxDirectory = mkdtempSync(join(tmpdir(), 'daymark-bench-nginx-'));
const cluster = values.postgres ? await startCluster() : undefined;
try {
  const sqlite = { DATA_DIR: join(directory, 'data') };
  const postgres = cluster && { DATABASE_URL: cluster.url };
  for (const env of [sqlite, ...(postgres ? [postgres] : [])]) await fillStore({ customers, days }, env);
  const failed = await compare({ directory, nginxDirectory, sqlite, postgres });
  console.log(failed === 0 ? 'No request failed.' : `${failed} REQUESTS FAILED`);
  if (failed > 0) process.exitCode = 1;
} finally {
  cluster?.stop();
  for (const each of [directory, nginxDirectory]) rmSync(each, { recursive: true, force: true });
}
