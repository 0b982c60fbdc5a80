/** A PostgreSQL server of our own, for one run of the tests. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The system user as which the server runs where we are root: PostgreSQL refuses to run as root. */
const SYSTEM_USER = 'postgres';

/** A role that has to give its password. The role `postgres` needs none. */
export const PASSWORD_ROLE = { name: 'with_password', password: 'the right one' };

/**
 * Settings that an administrator may have chosen, and that must not change what daymark stores or reads. Dates
 * as 31.12.2024, rounded numbers, other isolation and a sort order that is not that of the bytes (`ICU_LOCALE`).
 */
const HOSTILE_SETTINGS = `
datestyle = 'German, DMY'
timezone = 'Asia/Kathmandu'
extra_float_digits = 0
bytea_output = 'escape'
default_transaction_isolation = 'serializable'
`;
const ICU_LOCALE = 'en-US';

/**
 * A test server has nothing to lose. And it does not clean up after clients: a connection that is left open half
 * way in makes `drop database` wait until the test fails.
 */
const TEST_SETTINGS = `
authentication_timeout = 10min
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
`;

const HOST_BASED_AUTHENTICATION = `
host all ${PASSWORD_ROLE.name} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
host replication all 127.0.0.1/32 trust
local all all trust
`;

export interface Cluster {
  /** Of the database `postgres`, as a superuser. */
  readonly url: string;
  /** Where its files are. */
  readonly data: string;
  /** Ends the server, as an administrator does (`fast`) or as a crash would (`immediate`). */
  shutDown(mode: 'fast' | 'immediate'): void;
  /** Starts it again, and waits until it answers. */
  startAgain(): void;
  /** False where it ended, by itself or not. */
  isRunning(): boolean;
  /** Holds all its processes: connections stand, and nothing answers. @returns a function that lets them go on. */
  freeze(): () => void;
  /** Stops the server and deletes its files. May be called twice. */
  stop(): void;
}

/** Where a server keeps its files. Each must be a directory of nothing else, or not be there. */
export interface ClusterPlaces {
  readonly data?: string;
  readonly writeAheadLog?: string;
  /** Lines of `postgresql.conf` that are in the place of those for tests. */
  readonly settings?: string;
}

/** @throws where PostgreSQL is not installed, with the name of the package. */
export async function startCluster(places: ClusterPlaces = {}): Promise<Cluster> {
  const binaries = findBinaries();
  const directory = mkdtempSync(join(tmpdir(), 'daymark-postgres-'));
  const data = places.data ?? join(directory, 'data');
  const run = (program: string, ...args: string[]) =>
    runAsSystemUser(join(binaries, program), args, directory);
  const pidFile = join(data, 'postmaster.pid');
  const startServer = () => run('pg_ctl', 'start', '-w', '-D', data, '-l', join(directory, 'log'));
  let running = true;
  const stop = () => {
    if (!running) return;
    running = false;
    if (existsSync(pidFile)) run('pg_ctl', 'stop', '-D', data, '-m', 'immediate');
    rmSync(directory, { recursive: true, force: true });
  };
  // Where the run is cut off before its teardown.
  process.once('exit', stop);
  try {
    for (const path of [directory, places.data, places.writeAheadLog].filter((path) => path !== undefined))
      if (isRoot()) chownSync(path, idOf('-u'), idOf('-g'));
    run(
      'initdb',
      '-D',
      data,
      '--no-sync',
      '-U',
      'postgres',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      `--icu-locale=${ICU_LOCALE}`,
      '--auth=trust',
      ...(places.writeAheadLog === undefined ? [] : [`--waldir=${places.writeAheadLog}`, '--wal-segsize=1']),
    );
    const port = await freePort();
    configure(data, directory, port, places.settings);
    startServer();
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const { name, password } = PASSWORD_ROLE;
    run('psql', '-q', '-d', url, '-c', `create role ${name} login password '${password}'`);
    return {
      url,
      data,
      shutDown: (mode) => run('pg_ctl', 'stop', '-D', data, '-m', mode),
      startAgain: startServer,
      isRunning: () => spawnSync(join(binaries, 'pg_isready'), ['-q', '-d', url]).status !== 2,
      freeze: () => freeze(Number.parseInt(readFileSync(pidFile, 'utf8'), 10)),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** A streaming replica of a server. */
export interface Replica {
  /** The same database in the replica. */
  of(url: string): string;
  /** Ends it, as a crash would. */
  kill(): void;
  startAgain(): void;
  /** Stops it and deletes its files. */
  stop(): void;
}

/** @param server the URL of the server that it follows, as a superuser. */
export async function startReplica(server: string): Promise<Replica> {
  const binaries = findBinaries();
  const directory = mkdtempSync(join(tmpdir(), 'daymark-replica-'));
  if (isRoot()) chownSync(directory, idOf('-u'), idOf('-g'));
  const data = join(directory, 'data');
  const run = (program: string, ...args: string[]) =>
    runAsSystemUser(join(binaries, program), args, directory);
  const port = await freePort();
  const stop = () => {
    if (existsSync(join(data, 'postmaster.pid'))) run('pg_ctl', 'stop', '-D', data, '-m', 'immediate');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', stop);
  run('pg_basebackup', '-d', server, '-D', data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync');
  // A replica refuses transactions that are to be serializable.
  appendFileSync(
    join(data, 'postgresql.conf'),
    `port = ${port}\nunix_socket_directories = '${directory}'\ndefault_transaction_isolation = 'read committed'\n`,
  );
  const startAgain = () => run('pg_ctl', 'start', '-w', '-D', data, '-l', join(directory, 'log'));
  startAgain();
  return {
    of: (url) => Object.assign(new URL(url), { port: String(port) }).href,
    kill: () => run('pg_ctl', 'stop', '-D', data, '-m', 'immediate'),
    startAgain,
    stop: () => {
      process.off('exit', stop);
      stop();
    },
  };
}

function freeze(postmaster: number): () => void {
  process.kill(postmaster, 'SIGSTOP');
  const children = childrenOf(postmaster);
  for (const pid of children) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of [...children, postmaster]) process.kill(pid, 'SIGCONT');
  };
}

/** Linux says it in `/proc`. Their parent is held already, so none of them can go unnoticed: one that ends stays until it is looked at. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function configure(
  data: string,
  directory: string,
  port: number,
  settings = TEST_SETTINGS + HOSTILE_SETTINGS,
): void {
  const place = `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${directory}'\n`;
  appendFileSync(join(data, 'postgresql.conf'), place + settings);
  writeFileSync(join(data, 'pg_hba.conf'), HOST_BASED_AUTHENTICATION);
}

/** Debian's place, newest version first, and then the places of other systems. */
function findBinaries(): string {
  const versions = '/usr/lib/postgresql';
  const found = existsSync(versions) ? readdirSync(versions) : [];
  const debian = found.sort((a, b) => Number(b) - Number(a)).map((version) => join(versions, version, 'bin'));
  const directories = [...debian, ...(process.env.PATH ?? '').split(delimiter)];
  const binaries = directories.find((directory) => existsSync(join(directory, 'initdb')));
  if (binaries !== undefined) return binaries;
  throw new Error(
    'The tests need PostgreSQL 15 or later, and its programs were not found in /usr/lib/postgresql/*/bin or on ' +
      'PATH. On Debian and Ubuntu: apt-get install postgresql',
  );
}

/** Where a program of PostgreSQL is. */
export function postgresProgramPath(name: string): string {
  return join(findBinaries(), name);
}

/** Runs a program of PostgreSQL as this user. @returns what it printed. @throws with what it said on standard error. */
export function postgresProgram(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr } = spawnSync(postgresProgramPath(name), args, {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return stdout;
}

function runAsSystemUser(program: string, args: readonly string[], cwd: string): void {
  const [file, ...rest] = isRoot()
    ? ['runuser', '-u', SYSTEM_USER, '--', program, ...args]
    : [program, ...args];
  execFileSync(file, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Of the user that the servers run as. @param which `-u` for the user, `-g` for the group. */
export function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, SYSTEM_USER], { encoding: 'utf8' }));
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
