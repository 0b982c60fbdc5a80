/**
 * Brings a checkout to where the program runs: installs what is missing or outdated, and builds where sources
 * are newer than the build. Plain JavaScript, because it runs on whatever Node the machine has; and a `pre…` script,
 * because a shell remembers where it first found `node`, so what follows in the same shell would not run on the
 * Node that this installs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error(`daymark: setup: ${command} ${args.join(' ')} failed.`);
    process.exit(1);
  }
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (newest('node_modules/.package-lock.json') < newest('package-lock.json')) {
  console.error('daymark: installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund']);
}
if (newest('dist/main.js') < Math.max(newest('src'), newest('package.json'), newest('scripts/build.ts'))) {
  console.error('daymark: building …');
  run('npm', ['run', '--silent', 'build']);
}
