/** The unit of systemd in `operating/`. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '../../src/config/settings.ts';

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
