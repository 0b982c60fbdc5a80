import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSOf } from './running-program.ts';
import { daymark, findTools } from './tools.ts';

const START_TIMEOUT_MS = 60_000;

/** A server under test. */
export interface Server {
  /** Without a path. */
  readonly url: string;
  /** User and system time of all its processes so far. */
  cpuS(): number;
  stop(): Promise<void>;
}

/** `daymark serve` under test. */
export interface DaymarkServer extends Server {
  /**
   * How many answers had another status than 200, and how many lines of the access log were lost. Load generators leave without
   * their last answers (status 0).
   */
  refused(): Promise<{ readonly others: number; readonly lostLines: number }>;
}

export interface DaymarkOptions {
  readonly env: Readonly<Record<string, string>>;
  /** The file of its access log. */
  readonly accessLog: string;
  /** Undefined: it may use all cores. */
  readonly core?: number | undefined;
}

/** Starts the built program, as a user runs it, on free ports. Its access log goes into a file. */
export async function startDaymark({ env, accessLog, core }: DaymarkOptions): Promise<DaymarkServer> {
  const child = spawnPinned(daymark('serve'), core, {
    env: { MESSAGE_FORMAT: 'text', NODE_ENV: 'production', PORT: '0', METRICS_PORT: '0', ...env },
    stdout: accessLog,
  });
  const [metricsUrl, url] = await said(child, [
    /metrics are on (http:\/\/\S+)/,
    /serving .* on (http:\/\/[^\s/]+)/,
  ]);
  const sumOf = async (isCounted: (line: string) => boolean) => {
    const lines = (await (await fetch(metricsUrl!)).text()).split('\n').filter(isCounted);
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  return {
    url: url!,
    cpuS: () => cpuSOfTree(child.pid),
    stop: () => stop(child),
    refused: async () => ({
      others: await sumOf(
        (line) => line.startsWith('daymark_http_requests_total{') && !/status="(200|0)"/.test(line),
      ),
      lostLines: await sumOf((line) => line.startsWith('daymark_access_log_lost_total ')),
    }),
  };
}

/** Starts nginx with one worker that serves files. @param files by their path in the URL. */
export async function startNginx(
  directory: string,
  core: number,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Server> {
  const port = await freePort();
  // If root starts nginx, its worker runs as another user.
  chmodSync(directory, 0o755);
  for (const [path, body] of files) {
    const file = join(directory, 'root', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  }
  const configuration = join(directory, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration(directory, port, files.size));
  const child = spawnPinned([findTools('nginx').nginx, '-p', directory, '-c', configuration], core, {});
  const url = `http://127.0.0.1:${port}`;
  const [path = ''] = files.keys();
  await waitForAnswer(child, url + path);
  return { url, cpuS: () => cpuSOfTree(child.pid), stop: () => stop(child) };
}

/**
 * Settings that make nginx fast here: one worker, sendfile, all files open, connections that stay open. Its access log has the
 * fields of daymark's, and is written as that one is, in pieces of 4 KiB.
 */
function nginxConfiguration(directory: string, port: number, files: number): string {
  return `
    worker_processes 1;
    daemon off;
    pid ${directory}/nginx.pid;
    error_log ${directory}/error.log;
    events { worker_connections 1024; }
    http {
      log_format api escape=json '{"time":"$time_iso8601","method":"$request_method","route":"$uri",'
        '"status":$status,"duration_ms":$request_time,"bytes":$bytes_sent,"client":"$remote_addr",'
        '"request_id":"$request_id","key_id":"$connection"}';
      access_log ${directory}/access.log api buffer=4k;
      sendfile on;
      tcp_nopush on;
      keepalive_requests 1000000000;
      open_file_cache max=${2 * files};
      default_type "application/json; charset=utf-8";
      client_body_temp_path ${directory}/body;
      proxy_temp_path ${directory}/proxy;
      fastcgi_temp_path ${directory}/fastcgi;
      uwsgi_temp_path ${directory}/uwsgi;
      scgi_temp_path ${directory}/scgi;
      server { listen 127.0.0.1:${port}; root ${directory}/root; }
    }`;
}

interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The file for standard output. */
  readonly stdout?: string;
}

function spawnPinned(
  argv: readonly string[],
  core: number | undefined,
  { env = {}, stdout }: SpawnOptions,
): ChildProcess {
  const pinned = core === undefined ? argv : [findTools('taskset').taskset, '-c', String(core), ...argv];
  const [file = '', ...args] = pinned;
  return spawn(file, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', stdout === undefined ? 'ignore' : openSync(stdout, 'a'), 'pipe'],
  });
}

/** Waits until standard error has all of these. @returns the first group of each. */
function said(child: ChildProcess, patterns: readonly RegExp[]): Promise<string[]> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (data) => {
      text += data;
      const found = patterns.map((pattern) => pattern.exec(text)?.[1]);
      if (found.every((one) => one !== undefined)) resolve(found as string[]);
    });
    child.once('exit', () => reject(new Error(`${child.spawnargs.join(' ')} ended:\n${text}`)));
  });
}

/** Of a process and its children. `taskset` becomes the program that it starts. */
function cpuSOfTree(pid = 0): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const pids = [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
  return pids.reduce((sum, one) => sum + cpuSOf(one), 0);
}

async function waitForAnswer(child: ChildProcess, url: string): Promise<void> {
  const endMs = Date.now() + START_TIMEOUT_MS;
  while (
    !(await fetch(url).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
    if (Date.now() > endMs) throw new Error(`${url} does not answer`);
    await sleep(50);
  }
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
