import { DaymarkError, messageOf } from '../../errors.ts';
import { printable, printableJson } from '../../printable.ts';

/** Tells a person what went wrong, with its code and what to do, on standard error. @returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof DaymarkError) {
    reportInfo(...wordsOf(error));
    return error.definition.exitCode;
  }
  const [first = '', ...trace] = (
    error instanceof Error && error.stack ? error.stack : messageOf(error)
  ).split('\n');
  reportInfo(`INTERNAL: ${first}`, ...trace.map((line) => line.trim()));
  return 1;
}

/** Tells something on standard error that does not end the run. */
export function reportWarning(error: DaymarkError): void {
  const [first, ...more] = wordsOf(error);
  reportInfo(`warning: ${first}`, ...more);
}

/** What went wrong, with its code, then further lines of it, then what to do. */
export function wordsOf({ code, message, lines, definition }: DaymarkError): [string, ...string[]] {
  return [`${code}: ${message}`, ...lines, definition.advice];
}

/** Tells what is wrong with one input. That a copy has not come as far as its original is no reason to worry. */
export function reportProblem(error: DaymarkError): void {
  if (error.code === 'COPY_BEHIND') reportInfo(...wordsOf(error));
  else reportWarning(error);
}

/**
 * Tells what goes on, on standard error: standard output is for results.
 * @param more further lines. A newline within a line is shown, and does not end it: else a file could have a name that
 * looks like a message of daymark.
 */
export function reportInfo(text: string, ...more: readonly string[]): void {
  console.error([`daymark: ${printable(text)}`, ...more.map((line) => `  ${printable(line)}`)].join('\n'));
}

/** JSON of one line in which nothing unprintable stands by itself. */
export function jsonOf(value: unknown): string {
  return printableJson(JSON.stringify(value));
}

/**
 * Columns of text, the first to the left and the others to the right; what is not printable is escaped.
 * @param texts further columns to the left.
 */
export function table(raw: readonly (readonly string[])[], texts: readonly number[] = []): string {
  const rows = raw.map((row) => row.map((cell) => printable(cell)));
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((width, row) => Math.max(width, (row[column] ?? '').length), 0),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      column === 0 || texts.includes(column)
        ? cell.padEnd(widths[column] ?? 0)
        : cell.padStart(widths[column] ?? 0),
    ),
  );
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
}
