/**
 * Prepares a checkout to run the program: installs missing or outdated dependencies, and builds if sources are newer
 * than the build. It is a `pre…` script because a shell remembers where it first found `node`: later commands in the
 * same shell would not use the Node that this installs.
 *
 * It runs on any Node that the machine has. So it is a CommonJS script in the JavaScript of 2015, and even a very old
 * Node can print what is missing.
 */

/** An older Node cannot install: its npm leaves out the build tools, whose `engines` need these versions. */
const INSTALLS = 'Node.js 20.19, or 22.12 or later,';

const numbers = process.versions.node.split('.').map(Number);
const major = numbers[0];
const minor = numbers[1];

if (major < 20 || (major === 20 && minor < 19) || major === 21 || (major === 22 && minor < 12)) {
  stop(
    `this checkout needs ${INSTALLS} to set itself up, but this is ${process.versions.node} (${process.execPath}). Install a newer one from https://nodejs.org/ and run the command again.`,
  );
}

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

process.chdir(join(__dirname, '..'));

if (newest('node_modules/.package-lock.json') < newest('package-lock.json')) {
  console.error('daymark: installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
const SOURCES = [
  ...['src', 'web/src', 'web/index.html', 'web/vite.config.ts', 'web/package.json'],
  ...['package.json', 'scripts/build.ts', 'scripts/web.ts'],
];
if (Math.min(newest('dist/main.js'), newest('dist/web/index.html')) < Math.max(...SOURCES.map(newest))) {
  refuseIncompleteInstall();
  console.error('daymark: building …');
  run('npm', ['run', '--silent', 'build']);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`${command} ${args.join(' ')} failed; see its own messages above.`);
}

/**
 * Explains an install that an npm on an old Node made, or one without install scripts. Otherwise the build tools would
 * fail with a stack trace.
 */
function refuseIncompleteInstall() {
  const again = 'delete the folder node_modules and run the command again';
  if (!existsSync('node_modules/node/bin/node') && !existsSync('node_modules/node/bin/node.exe')) {
    stop(
      `npm did not install Node.js 24 with the dependencies, perhaps because install scripts are switched off (ignore-scripts). Allow them, ${again}.`,
    );
  }
  const { status } = spawnSync('node', ['--eval', "import('rolldown').catch(() => process.exit(1))"]);
  if (status === 0) return;
  stop(
    `the build tools are not installed for this system, perhaps because npm ran on an old Node.js. With ${INSTALLS} ${again}.`,
  );
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function stop(sentence) {
  console.error(`daymark: ${sentence}`);
  process.exit(1);
}
