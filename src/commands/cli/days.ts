import { DaymarkError } from '../../errors.ts';
import { isDate } from '../../window/day.ts';

/** Checks the flags `--from` and `--to`. @throws {DaymarkError} INVALID_SETTING. */
export function checkDays(from: string | undefined, to: string | undefined): void {
  checkDate('--from', from);
  checkDate('--to', to);
  if (from === undefined || to === undefined || from <= to) return;
  throw new DaymarkError('INVALID_SETTING', `--to (${to}) is before --from (${from}).`);
}

function checkDate(flag: string, text: string | undefined): void {
  if (text === undefined || isDate(text)) return;
  const detail = `${flag} is ${JSON.stringify(text)}, but must be a date, YYYY-MM-DD.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}
