/** The scripts that `completion` prints, in the shells that this machine has. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-completion-'));
  mkdirSync(join(directory, 'some logs'));
  writeFileSync(join(directory, 'some.log'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(join(directory, shell), (await run(['completion', shell])).stdout);
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

/** What a shell offers behind `daymark` and these words, the last of which is begun. */
const SHELLS: Record<string, (words: readonly string[]) => string> = {
  bash: (words) =>
    `source ./bash; COMP_WORDS=(daymark ${quoted(words)}); COMP_CWORD=${words.length}; _daymark; printf '%s\n' "\${COMPREPLY[@]}"`,
  fish: (words) => `source ./fish; complete -C ${quoted([`daymark ${words.join(' ')}`])}`,
};

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

function hasShell(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

describe.each(['bash', 'fish'])('in %s', (shell) => {
  const complete = (...words: string[]): string[] => {
    const script = SHELLS[shell]?.(words) ?? '';
    const { stdout, stderr } = spawnSync(shell, ['-c', script], { cwd: directory, encoding: 'utf8' });
    expect(stderr).toBe('');
    // fish describes each word behind a tab, and ends a directory with a slash.
    const offers = stdout.split('\n').map((line) => line.replace(/\t.*/, '').replace(/\/$/, ''));
    return offers.filter((offer) => offer !== '').toSorted();
  };

  it.skipIf(!hasShell(shell)).each([
    [['ing'], ['ingest']],
    [['re'], ['rebuild', 'rejected']],
    [['help', 'up'], ['up']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [
      ['ingest', '--fol'],
      ['--follow', '--follow-symlinks'],
    ],
    [['stats', '--fol'], []],
    [['up', '--retention'], ['--retention-days']],
    [
      ['up', '--late-events', ''],
      ['drop', 'revise'],
    ],
    [['check', '--log-format', 'env'], ['envoy']],
    [['check', '--log-time-zone', 'Europe/Ber'], ['Europe/Berlin']],
    [
      ['rejected', '--reason', 'missing'],
      ['missing_customer_id', 'missing_messages'],
    ],
    [['up', '--data-dir', 'som'], ['some logs']],
    [
      ['check', 'som'],
      ['some logs', 'some.log'],
    ],
    [['check', '--config-file', 'some.'], ['some.log']],
    [['check', '--json', 'some.'], ['some.log']],
    [['keys', 'cr'], ['create']],
    [['keys', 'list', '--cs'], ['--csv']],
    [['keys', 'create', '--cs'], []],
    [
      ['keys', 'create', '--cus'],
      ['--customer', '--customers-file'],
    ],
    [['stats', 'some'], []],
    [['serve', '--port', ''], []],
  ])('completes %j', (words, offers) => {
    expect(complete(...words)).toEqual(offers);
  });
});

it.skipIf(!hasShell('zsh'))('gives zsh a script that it can read', () => {
  const { status, stderr } = spawnSync('zsh', ['-n', 'zsh'], { cwd: directory, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('completes a value behind an equals sign in bash, which makes a word of it', () => {
  const script = SHELLS.bash?.(['up', '--late-events', '=', 'd']) ?? '';
  expect(spawnSync('bash', ['-c', script], { cwd: directory, encoding: 'utf8' }).stdout).toBe('drop\n');
});

it('is not there for other shells', async () => {
  const { code, stderr } = await run(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
