import { DaymarkError, messageOf } from '../errors.ts';

/** Tells a person what went wrong, with its code and what to do, on standard error. @returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof DaymarkError) {
    console.error(`daymark: ${error.code}: ${error.message}\n  ${error.definition.advice}`);
    return error.definition.exitCode;
  }
  console.error(`daymark: INTERNAL: ${error instanceof Error ? error.stack : messageOf(error)}`);
  return 1;
}

/** Tells something on standard error that does not end the run. */
export function reportWarning(error: DaymarkError): void {
  console.error(`daymark: warning: ${error.code}: ${error.message}\n  ${error.definition.advice}`);
}

/** Tells what is wrong with one input. That a copy has not come as far as its original is no reason to worry. */
export function reportProblem(error: DaymarkError): void {
  if (error.code === 'COPY_BEHIND') reportInfo(error.message);
  else reportWarning(error);
}

/** Tells what goes on, on standard error: standard output is for results. */
export function reportInfo(text: string): void {
  console.error(`daymark: ${text}`);
}

/** `12345` as `12,345`. Not by `toLocaleString`, whose first call takes 26 ms. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Columns of text, the first to the left and the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n');
}
