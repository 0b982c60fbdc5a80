/** The unit of systemd in `operating/`. */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { SETTING_NAMES } from '../../src/config/settings.ts';
import { start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';

const root = join(import.meta.dirname, '../..');
const unit = readFileSync(join(root, 'operating/daymark.service'), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

it('sets only settings that there are', () => {
  const names = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, text = '']) =>
    text.split(' ').map((pair) => pair.split('=')[0]),
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !(SETTING_NAMES as readonly (string | undefined)[]).includes(name))).toEqual(
    [],
  );
});

describe.skipIf(!hasSystemd)('systemd-analyze', () => {
  let directory = '';
  let file = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-unit-'));
    file = join(directory, 'daymark.service');
    // It looks for the program, which is installed nowhere here.
    writeFileSync(file, unit.replace('/usr/local/bin/daymark', process.execPath));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const analyze = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  it('verifies it without a word', () => {
    expect(analyze('verify', file)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('gives it the exposure level that docs/operating.md names', () => {
    const { stdout } = analyze('security', '--offline=true', '--no-pager', file);
    const level = /Overall exposure level for daymark\.service: ([\d.]+)/.exec(stdout)?.[1];
    console.log(`exposure level of daymark.service: ${level}`);
    expect(Number(level)).toBeLessThanOrEqual(1.5);
    const documented = /exposure level of ([\d.]+)/.exec(
      readFileSync(join(root, 'docs/operating.md'), 'utf8'),
    )?.[1];
    // Versions of systemd weigh a setting differently.
    expect(Math.abs(Number(documented) - Number(level))).toBeLessThan(0.3);
  });
});

const NOBODY = 65_534;

/**
 * What the unit does to the program, as far as it can be had without systemd as the first process: another user, no capabilities
 * and none to be had, and a system of files that can be read, but written in the directory of the store alone. The filter of
 * system calls and the namespaces are not among it.
 */
function restricted(directory: string): readonly string[] {
  const mounts = `mount --bind "${directory}" "${directory}" && mount -o remount,ro,bind /`;
  return [
    ...['unshare', '-m', 'sh', '-c', `${mounts} && exec "$0" "$@"`],
    ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all'],
  ];
}

it('asks for no more rights than the program needs', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-unit-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [state, logs] = [join(directory, 'state'), join(directory, 'logs')];
  const config = join(directory, 'daymark.conf');
  for (const path of [state, logs]) mkdirSync(path);
  chmodSync(directory, 0o755);
  const [program = '', ...args] = restricted(state);
  const canRestrict = spawnSync(program, [...args, 'true']).status === 0;
  if (!canRestrict) return context.skip('only root may take rights away in this way');
  expect(spawnSync(program, [...args, 'touch', join(logs, 'x')]).status).not.toBe(0);
  chownSync(state, NOBODY, NOBODY);
  copyFileSync(join(root, 'logs/api_requests.log'), join(logs, 'api.log'));
  writeFileSync(config, 'PORT=0\n');
  const [, command = ''] = /^ExecStart=\S+ (.*)$/m.exec(unit) ?? [];
  const running = start(command.replace('%d/daymark.conf', config).split(' '), {
    env: { DATA_DIR: state, LOGS_SOURCE_DIR: logs },
    within: restricted(state),
  });
  onTestFinished(() => void running.process.kill('SIGKILL'));
  const said = await running.says('10,000 lines, 0 rejected');
  const url = / on (http:[\w:./]+\d)/.exec(said)?.[1] ?? '';
  await eventually(async () => (await fetch(`${url}/health/ready`)).status, 100).toBe(200);
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
});
