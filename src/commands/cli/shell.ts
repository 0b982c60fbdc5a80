import { printable } from '../../printable.ts';

/**
 * A word as a shell takes it: in single quotes, unless it has nothing in it that means something to a shell. What is not
 * printable could not be copied from a terminal, so a word with it is `$'…\n…'`, on one line, as bash, zsh and POSIX of
 * 2024 read it.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./-]+$/.test(text)) return text;
  return printable(text) === text ? quoted(text) : `$'${escaped(text)}'`;
}

/** A format may have several lines. Those stay lines, as a person wrote them, and every shell reads them so. */
function settingWord(value: string): string {
  const lines = value.split('\n');
  return lines.length > 1 && lines.every((line) => printable(line) === line)
    ? quoted(value)
    : shellWord(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  "'": "\\'",
};

/** Each unprintable character byte by byte, so that it does not depend on the locale of the shell. */
function escaped(text: string): string {
  return Array.from(text, (character) => {
    const short = SHORT_ESCAPES[character];
    if (short !== undefined || printable(character) === character) return short ?? character;
    return Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  }).join('');
}

/** `NAME=value … daymark COMMAND ARGUMENTS`, to be pasted into a shell. */
export function shellCommand(
  settings: Readonly<Record<string, string>>,
  command: string,
  paths: readonly string[],
): string {
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${settingWord(value)}`);
  // A path that begins with a dash would be taken for an option.
  const words = paths.map((path) => shellWord(path.startsWith('-') && path !== '-' ? `./${path}` : path));
  return [...assignments, programName(), command, ...words].join(' ');
}

/** How the program was started. Without `--no-install`, `npx` could fetch a package of somebody else elsewhere. */
function programName(): string {
  return process.env.npm_command === 'exec' ? 'npx --no-install daymark' : 'daymark';
}
