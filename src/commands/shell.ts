/** A word as a POSIX shell takes it: in single quotes, unless it has nothing in it that means something to a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `NAME=value … daymark COMMAND ARGUMENTS`, to be pasted into a shell. */
export function shellCommand(
  settings: Readonly<Record<string, string>>,
  command: string,
  paths: readonly string[],
): string {
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${shellWord(value)}`);
  // A path that begins with a dash would be taken for an option.
  const words = paths.map((path) => shellWord(path.startsWith('-') && path !== '-' ? `./${path}` : path));
  return [...assignments, programName(), command, ...words].join(' ');
}

/** How the program was started: in a checkout, `npx` finds it. */
function programName(): string {
  return process.env.npm_command === 'exec' ? 'npx daymark' : 'daymark';
}
