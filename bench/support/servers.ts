import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTools, PROJECT_DIR } from './tools.ts';

const START_TIMEOUT_MS = 30_000;
const GUARDED_SERVER = join(PROJECT_DIR, 'bench/support/guarded-server.ts');

/** A server under test, pinned to one core. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The server's own directory, in one that every user may enter. */
  readonly directory: string;
  readonly core: number;
  /** The path of the answer, with its query. */
  readonly path: string;
}

/** Starts the API on the store in the directory, with request ids, metrics and a guard (`guarded-server.ts`). */
export async function startDaymark({ directory, core, path }: ServerOptions): Promise<Server> {
  const port = String(await freePort());
  const env = { DATA_DIR: directory, HOST: '127.0.0.1', PORT: port, NODE_ENV: 'production' };
  return start([process.execPath, GUARDED_SERVER], core, env, `http://127.0.0.1:${port}${path}`);
}

/** Starts nginx with one worker that serves the body as a file at the same path. */
export async function startNginx(
  { directory, core, path }: ServerOptions,
  body: Uint8Array,
): Promise<Server> {
  const port = await freePort();
  const file = join(directory, 'root', new URL(path, 'http://localhost').pathname);
  mkdirSync(dirname(file), { recursive: true });
  // If root starts nginx, its worker runs as another user.
  chmodSync(directory, 0o755);
  writeFileSync(file, body);
  const configuration = join(directory, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration(directory, port));
  const argv = [findTools('nginx').nginx, '-p', directory, '-c', configuration];
  return start(argv, core, {}, `http://127.0.0.1:${port}${path}`);
}

/** Settings that make nginx fast here: no log, sendfile, an open file cache, connections that stay open. */
function nginxConfiguration(directory: string, port: number): string {
  return `
    worker_processes 1;
    daemon off;
    pid ${directory}/nginx.pid;
    error_log ${directory}/error.log;
    events { worker_connections 1024; }
    http {
      access_log off;
      sendfile on;
      tcp_nopush on;
      keepalive_requests 1000000000;
      open_file_cache max=16;
      default_type "application/json; charset=utf-8";
      client_body_temp_path ${directory}/body;
      proxy_temp_path ${directory}/proxy;
      fastcgi_temp_path ${directory}/fastcgi;
      uwsgi_temp_path ${directory}/uwsgi;
      scgi_temp_path ${directory}/scgi;
      server { listen 127.0.0.1:${port}; root ${directory}/root; }
    }`;
}

async function start(
  argv: readonly string[],
  core: number,
  env: Readonly<Record<string, string>>,
  url: string,
): Promise<Server> {
  const args = ['-c', String(core), ...argv];
  const child = spawn(findTools('taskset').taskset, args, {
    env: { PATH: process.env.PATH ?? '', MESSAGE_FORMAT: 'text', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const server = { url, stop: () => stop(child) };
  try {
    await waitForAnswer(child, url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
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
