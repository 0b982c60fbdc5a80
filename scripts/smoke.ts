/** Uses an installed daymark as a newcomer does: runs each of the first commands once, and sends a request. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask } from './ask.ts';

const LINES = 2000;

export interface Installed {
  /** The program, and arguments before its own: a runtime and a script, or the single executable. */
  readonly command: readonly [string, ...string[]];
  readonly version: string;
  /** An empty folder to work in. */
  readonly folder: string;
  /** The only folders with programs. By default those of this process. */
  readonly path?: string;
  /** Called while `up` serves, for what else can be tried. */
  readonly whileServing?: (url: string) => Promise<void>;
}

/** @throws if anything is not as it should be. */
export async function smokeTest(installed: Installed): Promise<void> {
  const { folder, version } = installed;
  const [program, ...before] = installed.command;
  const daymark = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(program, [...before, ...args], optionsFor(installed))).stdout;
  mkdirSync(join(folder, 'logs'));
  assert.equal((await daymark('--version')).trim(), version);
  await daymark('generate', 'logs/api.log', '--lines', String(LINES), '--until', '2024-10-03');
  assert.match(await daymark('check'), /2,000 lines: 2,000 would be accepted/);
  assert.equal(JSON.parse(await daymark('ingest', '--json')).accepted, LINES);
  assert.match(await daymark('stats', 'cust_1', '--from', '2024-09-01'), /2024-/);
  await whileRunning(installed, ['up'], /look at (\S+)\//, async (url) => {
    await askPage(url);
    await installed.whileServing?.(url);
  });
  await whileRunning(installed, ['serve', '--processes', '2'], / on (\S+\d) by 2 processes/, askStatistics);
}

/** An environment without settings and without another Node. */
function optionsFor({ folder, path = process.env.PATH }: Installed) {
  return { cwd: folder, env: { PATH: path, PORT: '0' } };
}

/** Does something while a command serves, which then ends on SIGTERM. */
async function whileRunning(
  installed: Installed,
  args: readonly string[],
  address: RegExp,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const [program, ...before] = installed.command;
  const child = spawn(program, [...before, ...args], optionsFor(installed));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (data) => {
        said += data;
        const [, found] = said.match(address) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.on('error', reject);
      child.on('close', () => reject(new Error(`${args[0]} ended: ${said}`)));
    });
    await use(url);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  } finally {
    child.kill('SIGKILL');
  }
}

async function askStatistics(url: string): Promise<void> {
  const answer = await ask(`${url}/customers/cust_1/stats?from=2024-09-01`);
  assert.equal(answer.status, 200);
  assert.ok(((await answer.json()) as unknown[]).length > 0);
}

/** The page, the documentation, and what each loads. */
async function askPage(url: string): Promise<void> {
  await askStatistics(url);
  for (const path of ['/', '/docs']) {
    const answer = await ask(url + path);
    assert.equal(answer.status, 200);
    const files = [...(await answer.text()).matchAll(/(?:src|href)="([^"]+\.(?:js|css|svg|png))"/g)];
    assert.ok(files.length > 1, `${path} loads files`);
    for (const [, file = ''] of files) assert.equal((await ask(new URL(file, url).href)).status, 200, file);
  }
}
