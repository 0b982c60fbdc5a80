import { DaymarkError, messageOf } from '../../errors.ts';
import { printable, printableJson } from '../../printable.ts';
import { type Message, writeMessage } from './messages.ts';

let isSaidElsewhere = false;

/** From now on, this process reports errors only: another one sees the same as it does, and says the rest. */
export function reportErrorsOnly(): void {
  isSaidElsewhere = true;
}

/** Reports an error on standard error, with its code and what to do. @returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof DaymarkError) {
    writeMessage({ level: 'error', ...messageOfError(error) });
    return error.definition.exitCode;
  }
  const [first = '', ...trace] = (
    error instanceof Error && error.stack ? error.stack : messageOf(error)
  ).split('\n');
  writeMessage({ level: 'error', code: 'INTERNAL', text: first, more: trace.map((line) => line.trim()) });
  return 1;
}

/** Reports a warning on standard error. The run goes on. */
export function reportWarning(error: DaymarkError): void {
  if (!isSaidElsewhere) writeMessage({ level: 'warn', ...messageOfError(error) });
}

function messageOfError({ code, message, lines, definition }: DaymarkError): Omit<Message, 'level'> {
  return { code, text: message, more: [...lines, definition.advice] };
}

/** Reports an outage on standard error, which is over when it is over. @param text what it means for the run. */
export function reportOutage(text: string, error: DaymarkError): void {
  if (!isSaidElsewhere) writeMessage({ level: 'warn', ...messageOfError(error), before: text });
}

/** Reports a problem of one input. A copy that is behind its original is not a warning. */
export function reportProblem(error: DaymarkError): void {
  if (error.code !== 'COPY_BEHIND') reportWarning(error);
  else if (!isSaidElsewhere) writeMessage({ level: 'info', ...messageOfError(error) });
}

/** Reports on standard error, because standard output is for results. @param more further lines. */
export function reportInfo(text: string, ...more: readonly string[]): void {
  if (!isSaidElsewhere) writeMessage({ level: 'info', text, more });
}

/** JSON on one line, with unprintable characters escaped. */
export function jsonOf(value: unknown): string {
  return printableJson(JSON.stringify(value));
}

/**
 * Columns of text, the first aligned left and the others right. Unprintable characters are escaped.
 * @param texts further columns that are aligned left.
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
