import { DaymarkError } from '../../errors.ts';

/** The forms in which a command can print, beside that for people. */
interface Forms {
  readonly json: boolean;
  readonly csv: boolean;
}

/** @throws {DaymarkError} WRONG_USAGE where two forms are asked for. */
export function assertOneForm({ json, csv }: Forms): void {
  if (json && csv) throw new DaymarkError('WRONG_USAGE', 'Give either --json or --csv, not both.');
}
