import { DaymarkError, messageOf } from '../errors.ts';
import { printable } from '../log-format/excerpt.ts';

/** Tells a person what went wrong, with its code and what to do, on standard error. @returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof DaymarkError) {
    console.error(`daymark: ${error.code}: ${printableLines(error.message)}\n  ${error.definition.advice}`);
    return error.definition.exitCode;
  }
  console.error(`daymark: INTERNAL: ${error instanceof Error ? error.stack : messageOf(error)}`);
  return 1;
}

/** Tells something on standard error that does not end the run. */
export function reportWarning(error: DaymarkError): void {
  console.error(
    `daymark: warning: ${error.code}: ${printableLines(error.message)}\n  ${error.definition.advice}`,
  );
}

/** Tells what is wrong with one input. That a copy has not come as far as its original is no reason to worry. */
export function reportProblem(error: DaymarkError): void {
  if (error.code === 'COPY_BEHIND') reportInfo(error.message);
  else reportWarning(error);
}

/** Tells what goes on, on standard error: standard output is for results. */
export function reportInfo(text: string): void {
  console.error(`daymark: ${printableLines(text)}`);
}

/** A file may have any name, and a terminal obeys what is in it. */
function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON of one line in which nothing unprintable stands by itself: it can only be within strings. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Columns of text, the first to the left and the others to the right. @param texts further columns to the left. */
export function table(rows: readonly (readonly string[])[], texts: readonly number[] = []): string {
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
