import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/commands/cli/program.ts';
import { SETTING_NAMES } from '../../../src/config/settings.ts';
import { run } from '../../support/cli.ts';

const COLUMNS = 80;

const commands = buildProgram(() => undefined).commands.map((command) => command.name());
const keyCommands = ['keys create', 'keys list', 'keys revoke', 'keys rotate-signing'];
const helps = new Map<string, string>();

beforeAll(async () => {
  for (const command of ['', ...commands, ...keyCommands]) {
    const { code, stdout } = await run([...command.split(' ').filter(Boolean), '--help']);
    expect(code).toBe(0);
    helps.set(command, stdout);
  }
});

describe('--help', () => {
  it.each(['', ...commands, ...keyCommands])('of "daymark %s" fits a terminal of 80 columns', (command) => {
    const long = helps
      .get(command)
      ?.split('\n')
      .filter((line) => line.length > COLUMNS);
    expect(long).toEqual([]);
  });

  it.each(commands)('knows the command "%s" by its name, without the others', (command) => {
    const alone = buildProgram(() => undefined, command).commands.map((found) => found.name());
    expect(alone).toEqual([command]);
  });

  it('knows all commands where the first word is none', () => {
    for (const word of ['', '--help', 'help', 'toString', 'ingset'])
      expect(buildProgram(() => undefined, word).commands).toHaveLength(commands.length);
  });

  it('names all commands in groups', () => {
    const help = helps.get('') ?? '';
    for (const command of commands) expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(help).toMatch(/^Read logs:$/m);
    expect(help).toMatch(/^See the results:$/m);
  });

  it('names the settings of a command in groups, each in some words', () => {
    const help = helps.get('up') ?? '';
    for (const name of SETTING_NAMES)
      expect(help).toContain(`--${name.toLowerCase().replaceAll('_', '-')} <`);
    expect(help).toMatch(/^The database:\n {2}--database-url <url> /m);
    expect(help).toMatch(/^The API:\n {2}--host <address> /m);
    expect(help).toContain('docs/settings.md');
  });

  it('says which option is required', () => {
    expect(helps.get('stats')).toMatch(/--from <date> .*\(required\)/);
  });

  it('says nothing of the default of a switch', () => {
    for (const help of helps.values()) expect(help).not.toContain('default: false');
  });
});

describe('a mistyped command line', () => {
  it.each([
    [['inget'], "WRONG_USAGE: Unknown command 'inget'. Did you mean ingest?\n"],
    [['ingest', '--dat-dir', 'x'], "UNKNOWN_SETTING: Unknown option '--dat-dir'. Did you mean --data-dir?\n"],
    [['--verison'], "UNKNOWN_SETTING: Unknown option '--verison'. Did you mean --version?\n"],
    [
      ['migrate', '--databse-url=postgres://u:secret@h'],
      "UNKNOWN_SETTING: Unknown option '--databse-url'. Did you mean --database-url?\n",
    ],
    [['remove'], "WRONG_USAGE: Unknown command 'remove'.\n"],
    [['dashboard'], "WRONG_USAGE: Unknown command 'dashboard'.\n"],
    [['ingest', '--verbose'], "UNKNOWN_SETTING: Unknown option '--verbose'.\n"],
  ])('%j gets a suggestion only where one is near', async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
