import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const PROJECT_DIR = fileURLToPath(new URL('../../', import.meta.url));

const PROGRAM = join(PROJECT_DIR, 'dist/main.js');

/** The Debian package that has each program. */
const PACKAGES = {
  wrk: 'wrk',
  siege: 'siege',
  nginx: 'nginx-light',
  mawk: 'mawk',
  time: 'time',
  taskset: 'util-linux',
  sort: 'coreutils',
  wc: 'coreutils',
  zcat: 'gzip',
  sh: 'dash',
  goaccess: 'goaccess',
  psql: 'postgresql-client',
} as const;

export type Tool = keyof typeof PACKAGES;

/** The command line of the built program, as a user runs it, with the Node that runs this benchmark. */
export function daymark(...args: string[]): string[] {
  if (!existsSync(PROGRAM)) throw new Error('The program is not built: run `npm run build` first.');
  return [process.execPath, PROGRAM, ...args];
}

/** The paths of the programs. @throws Error that says what to install. */
export function findTools<T extends Tool>(...tools: T[]): Record<T, string> {
  const missing = tools.filter((tool) => pathOf(tool) === undefined);
  if (missing.length > 0) {
    const packages = missing.map((tool) => PACKAGES[tool]).join(' ');
    throw new Error(`Not installed: ${missing.join(', ')}. Install with: apt-get install ${packages}`);
  }
  return Object.fromEntries(tools.map((tool) => [tool, pathOf(tool)])) as Record<T, string>;
}

function pathOf(tool: Tool): string | undefined {
  // nginx is in a directory that only root's PATH has.
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return directories.map((directory) => join(directory, tool)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
