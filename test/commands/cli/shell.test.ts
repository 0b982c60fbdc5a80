import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shellCommand, shellWord } from '../../../src/commands/cli/shell.ts';
import { printable } from '../../../src/printable.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a word for a shell', () => {
  it.each([
    'plain/path.log',
    '',
    "it's $HOME `id` \\x41",
    'a\nb.log',
    "\x1b[31mred'\\n\x1b[0m.log",
    'tab\there\rand\x7f\x010',
    'right\u202eleft\u2028é🦊\u{e0041}.log',
  ])('is one printable line that a shell reads as what it was: %j', (text) => {
    const word = shellWord(text);
    expect(printable(word)).toBe(word);
    for (const LC_ALL of ['C', 'C.UTF-8']) {
      const env = { PATH: process.env.PATH, LC_ALL };
      const { stdout } = spawnSync('bash', ['-c', `printf %s ${word}`], { encoding: 'utf8', env });
      expect(stdout).toBe(text);
    }
  });
});

describe('a command for a shell', () => {
  it('keeps the lines of a setting, and puts a path onto one', () => {
    vi.stubEnv('npm_command', undefined);
    expect(shellCommand({ LOG_FORMAT: "a 'b\nc" }, 'check', ['x\ny', '-z'])).toBe(
      "LOG_FORMAT='a '\\''b\nc' daymark check $'x\\ny' ./-z",
    );
    expect(shellCommand({ LOG_FORMAT: 'a\tb\nc' }, 'check', [])).toBe(
      "LOG_FORMAT=$'a\\tb\\nc' daymark check",
    );
  });

  it('names the program as it was started, and never so that npx fetches one', () => {
    vi.stubEnv('npm_command', 'exec');
    expect(shellCommand({}, 'ingest', ['a.log'])).toBe('npx --no-install daymark ingest a.log');
  });
});
