import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Container, type ContainerOptions } from './container.ts';

const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/**
 * Does by hand what the PostgreSQL image does, with Debian's packages: where the directory holds no cluster yet,
 * a new one and a database as the environment of the service says, in which it runs scripts. Unlike the image it asks for the password on
 * the loopback interface too, so that a wrong one cannot pass.
 */
export function startDatabase(
  directory: string,
  environment: Readonly<Record<string, string>>,
  port: number,
  scripts: readonly string[],
): Container {
  const user = ownerOfDatabase();
  const env = { ...environment, PATH: `${postgresBinDirectory()}:${process.env.PATH}`, PGPORT: String(port) };
  const options = { env, cwd: directory, ...(user === undefined ? {} : { user }) };
  const data = join(directory, 'data');
  if (!existsSync(data)) {
    createCluster(environment, options);
    runScripts(scripts, environment, options);
  }
  return new Container({ ...options, argv: ['postgres', '-D', data, '-k', directory, '-h', '127.0.0.1'] });
}

function createCluster(
  environment: Readonly<Record<string, string>>,
  { env, cwd, user }: Omit<ContainerOptions, 'argv'>,
): void {
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS } = environment;
  const data = join(cwd, 'data');
  const passwordFile = join(cwd, 'password');
  const run = (file: string, args: readonly string[], input = '') =>
    execFileSync(file, args, { env, cwd, ...user, input, stdio: 'pipe' });
  mkdirSync(data);
  writeFileSync(passwordFile, POSTGRES_PASSWORD!);
  if (user !== undefined) for (const path of [cwd, data]) chownSync(path, user.uid, user.gid);
  const auth = ['--auth-local=trust', '--auth-host=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8'];
  const owner = [`--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`];
  run('initdb', [`--pgdata=${data}`, ...owner, ...auth, '--no-sync', ...POSTGRES_INITDB_ARGS!.split(' ')]);
  run('postgres', ['--single', '-D', data, 'postgres'], `create database ${POSTGRES_DB}\n`);
}

/** As the image does: the new server listens on its socket alone meanwhile. */
function runScripts(
  scripts: readonly string[],
  environment: Readonly<Record<string, string>>,
  { env, cwd, user }: Omit<ContainerOptions, 'argv'>,
): void {
  const server = ['-D', join(cwd, 'data'), '-w', '-o', `-k ${cwd} -h ''`, '-l', join(cwd, 'init.log')];
  const run = (file: string, args: readonly string[]) =>
    execFileSync(file, args, { env, cwd, ...user, stdio: ['ignore', 'pipe', 'pipe'] });
  run('pg_ctl', ['start', ...server]);
  for (const script of scripts) runScript(script, environment, { env, cwd, ...(user && { user }) });
  run('pg_ctl', ['stop', '-D', join(cwd, 'data'), '-m', 'fast']);
}

/** Runs a script within the container of the database, as its superuser. The server's user may not read the checkout. */
export function runScript(
  script: string,
  { POSTGRES_USER, POSTGRES_DB }: Readonly<Record<string, string>>,
  { env, cwd, user }: Omit<ContainerOptions, 'argv'>,
): void {
  const args = ['--no-psqlrc', `--host=${cwd}`, `--username=${POSTGRES_USER}`, `--dbname=${POSTGRES_DB}`];
  const input = readFileSync(script);
  execFileSync(join(postgresBinDirectory(), 'psql'), args, { env, cwd, ...user, input, stdio: 'pipe' });
}

/** PostgreSQL refuses to run as root, so the tests of a root user run it as Debian's own user for it. */
function ownerOfDatabase(): ContainerOptions['user'] {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function postgresBinDirectory(): string {
  const versions = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES).map(Number) : [];
  if (versions.length === 0) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return join(DEBIAN_POSTGRES, String(Math.max(...versions)), 'bin');
}
