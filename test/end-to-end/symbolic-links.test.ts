import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';
import { until } from '../support/until.ts';

const lineOf = (customer: string) => `2024-10-02 05:10:46 ${customer} /api/v1/resource1 200 0.316\n`;

let directory: string;
let containers: string;
let pod: string;
let env: Record<string, string>;

/** As in a node of Kubernetes: links in one directory to files in another. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-links-'));
  containers = join(directory, 'containers');
  pod = join(directory, 'pods', 'default_api_1');
  mkdirSync(containers);
  mkdirSync(pod, { recursive: true });
  writeFileSync(join(pod, '0.log'), lineOf('cust_pod'));
  symlinkSync(join(pod, '0.log'), join(containers, 'api.log'));
  writeFileSync(join(containers, 'own.log'), lineOf('cust_own'));
  env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: containers };
});

afterEach(() => rmSync(directory, { recursive: true }));

async function linesRead(): Promise<number> {
  const { stdout } = await run(['sources', '--json'], { env });
  return JSON.parse(stdout).total.lines;
}

describe('links that lead out of the log directory', () => {
  it('are told with their code and not read, by ingest, check and rebuild', async () => {
    for (const command of [['check'], ['ingest'], ['rebuild', containers]]) {
      const { stderr } = await run(command, { env });
      expect(stderr).toContain(`LINK_OUTSIDE: ${join(containers, 'api.log')} leads to ${join(pod, '0.log')}`);
    }
    expect(await linesRead()).toBe(1);
    expect((await run(['ingest'], { env })).code).toBe(1);
  });

  it('are read where FOLLOW_SYMLINKS=all', async () => {
    env = { ...env, FOLLOW_SYMLINKS: 'all' };
    for (const command of ['check', 'ingest', 'rebuild'])
      expect(await run([command], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(await linesRead()).toBe(2);
    expect((await run(['ingest', '--follow-symlinks', 'some'], { env })).stderr).toContain('INVALID_SETTING');
  });

  it('are told once while following', async () => {
    const running = start(['ingest', '--follow'], { env });
    await running.says('following');
    for (let lines = 2; lines <= 4; lines++) {
      appendFileSync(join(containers, 'own.log'), lineOf('cust_own'));
      await until(async () => (await linesRead()) >= lines);
    }
    running.process.kill('SIGTERM');
    const { stderr } = await running.ended;
    expect(stderr.split('LINK_OUTSIDE')).toHaveLength(2);
  });
});
