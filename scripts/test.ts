/**
 * `npm test`: installs programs that the tests need and the machine lacks, runs the tests, and ends with a line that says
 * how many passed. Arguments go to vitest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SCHEMATHESIS_FOLDER,
  SCHEMATHESIS_PACKAGE,
  whySchemathesisIsMissing,
} from '../test/support/schemathesis.ts';

/** Debian packages, each with a check whether it is installed. */
const PACKAGES = [
  { name: 'postgresql', isThere: hasPostgres },
  ...[
    { name: 'rsync', program: 'rsync' },
    { name: 'logrotate', program: 'logrotate' },
    { name: 'bzip2', program: 'bzip2' },
    { name: 'xz-utils', program: 'xz' },
    { name: 'openssl', program: 'openssl' },
    { name: 'curl', program: 'curl' },
    // Maven fetches the broker of Kafka (`test/support/kafka/jars.ts`), which Java runs. kcat is a second client.
    { name: 'default-jre-headless', program: 'java' },
    { name: 'maven', program: 'mvn' },
    { name: 'kcat', program: 'kcat' },
  ].map(({ name, program }) => ({ name, isThere: () => hasProgram(program) })),
];

/**
 * Servers whose logs `test/end-to-end/products.test.ts` reads, two of which `proxies.test.ts` puts before the API, Prometheus, which
 * checks what is written for it and watches the services of compose.yaml, a browser for the page, and a reader of what it prints. Elsewhere
 * than in CI, their tests are skipped where they are missing, because their packages start them.
 */
const SERVERS = [
  { name: 'nginx-light', program: 'nginx' },
  { name: 'apache2', program: 'apache2' },
  { name: 'haproxy', program: 'haproxy' },
  { name: 'pgbouncer', program: 'pgbouncer' },
  { name: 'caddy', program: 'caddy' },
  { name: 'uwsgi-plugin-python3', program: 'uwsgi_python3' },
  { name: 'prometheus', program: 'promtool' },
  // The health checks of compose.yaml.
  { name: 'wget', program: 'wget' },
  { name: 'curl', program: 'curl' },
  { name: 'rsyslog-kafka', program: 'rsyslogd' },
  // What debuggers need is taken out of the single executable with `strip`.
  { name: 'binutils', program: 'strip' },
  { name: 'chromium', program: 'chromium' },
  // Only `pdftotext` is used of it.
  { name: 'poppler-utils', program: 'pdftotext' },
  // Only `systemd-analyze` is used of it.
  { name: 'systemd', program: 'systemd-analyze' },
].map(({ name, program }) => ({ name, isThere: () => hasProgram(program) }));

/** A folder of system programs that the PATH may lack. */
const SYSTEM_PROGRAMS = '/usr/sbin';

/** In CI, the tests of the API's document need Python. */
const PYTHON = [
  {
    name: 'python3-venv',
    isThere: () => spawnSync('python3', ['-m', 'ensurepip', '--version']).status === 0,
  },
];

function hasProgram(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), SYSTEM_PROGRAMS];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function hasPostgres(): boolean {
  const versions = '/usr/lib/postgresql';
  const debian =
    existsSync(versions) && readdirSync(versions).some((v) => existsSync(join(versions, v, 'bin/initdb')));
  return debian || spawnSync('initdb', ['--version']).status === 0;
}

function installMissing(): void {
  const needed = process.env.CI === undefined ? PACKAGES : [...PACKAGES, ...SERVERS, ...PYTHON];
  const missing = needed.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (missing.length === 0) return;
  const isAble = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!isAble) {
    console.error(
      `The tests need programs that are missing. Install them (Debian: apt-get install ${missing.join(' ')}).`,
    );
    process.exit(1);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...missing],
  ]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (status !== 0) process.exit(1);
  }
}

/** Elsewhere than in CI, its test is skipped where it is missing. */
function installSchemathesis(): void {
  if (process.env.CI === undefined || whySchemathesisIsMissing() === undefined) return;
  for (const [program, ...args] of [
    ['python3', '-m', 'venv', SCHEMATHESIS_FOLDER],
    [join(SCHEMATHESIS_FOLDER, 'bin/pip'), 'install', '--quiet', SCHEMATHESIS_PACKAGE],
  ]) {
    const { status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) process.exit(1);
  }
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

/** @returns vitest's exit code. */
function runTests(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'daymark-test-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('vitest', ['run', ...reporters, ...args], { stdio: 'inherit', shell: false });
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as Report;
    console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  }
  rmSync(folder, { recursive: true });
  return status ?? 1;
}

installMissing();
installSchemathesis();
process.exitCode = runTests(process.argv.slice(2));
