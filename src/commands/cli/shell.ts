import { printable } from '../../printable.ts';

/**
 * Quotes a word for a shell, in single quotes if it needs any. Nobody can copy unprintable characters from a terminal, so
 * a word with them becomes `$'…\n…'`, on one line. bash, zsh and POSIX of 2024 read that.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./-]+$/.test(text)) return text;
  return printable(text) === text ? quoted(text) : `$'${escaped(text)}'`;
}

/** A format may have several lines. They stay lines, and every shell reads them. */
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

/** Writes each unprintable character byte by byte, so that the shell's locale does not matter. */
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
  // A path that begins with a dash would look like an option.
  const words = paths.map((path) => shellWord(path.startsWith('-') && path !== '-' ? `./${path}` : path));
  return [...assignments, programName(), command, ...words].join(' ');
}

/** How to start the program. Without `--no-install`, `npx` could fetch somebody else's package. */
function programName(): string {
  return process.env.npm_command === 'exec' ? 'npx --no-install daymark' : 'daymark';
}
