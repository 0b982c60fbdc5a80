/** PgBouncer before the test server, as `operating/pgbouncer.ini` says. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, idOf } from './postgres-cluster.ts';
import { isListening } from './products/product.ts';
import { until } from './until.ts';

/** Debian's place, which the PATH of a user may lack. */
const PROGRAM = '/usr/sbin/pgbouncer';

export interface PgBouncer {
  /** The same database, through PgBouncer. */
  through(url: string): string;
  /** Ends it, as a crash would, and starts it again. */
  restart(): Promise<void>;
  stop(): void;
}

/** Undefined: it is installed. In CI it always is. */
export function whyPgBouncerIsMissing(): string | undefined {
  return existsSync(PROGRAM) || process.env.CI !== undefined ? undefined : `${PROGRAM} is missing`;
}

/**
 * @param server the URL of the server behind it. All its databases can be reached.
 * @param poolSize connections for each database.
 */
export async function startPgBouncer(server: string, poolSize = 20): Promise<PgBouncer> {
  const { hostname, port } = new URL(server);
  const listenPort = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'daymark-pgbouncer-'));
  const path = join(directory, 'pgbouncer.ini');
  const changes: Record<string, string> = {
    listen_port: String(listenPort),
    // Everybody is the superuser of the test server.
    auth_type: 'any',
    auth_file: '',
    default_pool_size: String(poolSize),
  };
  const ini = readFileSync(new URL('../../operating/pgbouncer.ini', import.meta.url), 'utf8')
    .replace(/^daymark = .*$/m, `* = host=${hostname} port=${port} user=postgres`)
    .replace(/^(\w+) = .*$/gm, (line, name: string) =>
      name in changes ? `${name} = ${changes[name]}` : line,
    )
    .concat('unix_socket_dir =\n');
  writeFileSync(path, ini);
  chmodSync(directory, 0o755);
  let child: ChildProcess;
  const start = async () => {
    const [file, args] = asUser([PROGRAM, '--quiet', path]);
    child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await until(() => isListening(listenPort));
  };
  const kill = () => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  await start();
  return {
    through: (url) => {
      const pooled = new URL(url);
      pooled.port = String(listenPort);
      return pooled.href;
    },
    restart: async () => {
      const ended = once(child, 'exit');
      kill();
      await ended;
      await start();
    },
    stop: () => {
      process.off('exit', kill);
      kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** It refuses to run as root. `setpriv` becomes the program, so a signal reaches it. */
function asUser(command: readonly string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command[0], command.slice(1)];
  return ['setpriv', [`--reuid=${idOf('-u')}`, `--regid=${idOf('-g')}`, '--clear-groups', '--', ...command]];
}
