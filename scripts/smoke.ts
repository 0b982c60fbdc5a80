/** Uses an installed daymark as a newcomer does: runs each of the first commands once, and sends a request. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask } from './ask.ts';

const LINES = 2000;

export interface Installed {
  /** The runtime. */
  readonly node: string;
  /** The package's folder. */
  readonly package: string;
  readonly version: string;
  /** An empty folder to work in. */
  readonly folder: string;
}

/** @throws if anything is not as it should be. */
export async function smokeTest(installed: Installed): Promise<void> {
  const { folder, version } = installed;
  const daymark = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(installed.node, [mainOf(installed), ...args], optionsFor(folder))).stdout;
  mkdirSync(join(folder, 'logs'));
  assert.equal((await daymark('--version')).trim(), version);
  await daymark('generate', 'logs/api.log', '--lines', String(LINES), '--until', '2024-10-03');
  assert.match(await daymark('check'), /2,000 lines: 2,000 would be accepted/);
  assert.equal(JSON.parse(await daymark('ingest', '--json')).accepted, LINES);
  assert.match(await daymark('stats', 'cust_1', '--from', '2024-09-01'), /2024-/);
  await askUp(installed);
}

/** The script behind the package's command. */
function mainOf({ package: path }: Installed): string {
  return join(path, 'dist/main.js');
}

/** An environment without settings and without another Node. */
function optionsFor(cwd: string) {
  return { cwd, env: { PATH: process.env.PATH, PORT: '0' } };
}

/** `daymark up` serves what was read, and ends on SIGTERM. */
async function askUp(installed: Installed): Promise<void> {
  const child = spawn(installed.node, [mainOf(installed), 'up'], optionsFor(installed.folder));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (data) => {
        said += data;
        const [, url] = said.match(/look at (\S+)\//) ?? [];
        if (url !== undefined) resolve(url);
      });
      child.on('close', () => reject(new Error(`up ended: ${said}`)));
    });
    const answer = await ask(`${address}/customers/cust_1/stats?from=2024-09-01`);
    assert.equal(answer.status, 200);
    assert.ok(((await answer.json()) as unknown[]).length > 0);
    assert.equal((await ask(`${address}/docs`)).status, 200);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  } finally {
    child.kill('SIGKILL');
  }
}
