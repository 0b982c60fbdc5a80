import type { FieldElement } from '../format.ts';
import { formatFault } from './fault.ts';

/**
 * Checks the fields for a beginning and an end. @param fields with the position of each in the text.
 * @throws {DaymarkError} INVALID_LOG_FORMAT where one of both is missing, or there is a duration beside them.
 */
export function refuseHalfDuration(
  text: string,
  fields: readonly (FieldElement & { readonly at: number })[],
): void {
  const find = (wanted: string) => fields.find(({ field }) => field.role === wanted);
  const [begin, end, duration] = [find('begin'), find('end'), find('duration')];
  if (!begin && !end) return;
  if (!begin || !end)
    throw formatFault(text, (begin ?? end)?.at, 'The duration needs both a begin and an end.');
  if (duration)
    throw formatFault(text, duration.at, 'A begin and an end already say the duration; leave out one.');
  if (begin.isOptional && !find('timestamp'))
    throw formatFault(text, begin.at, 'The begin is the event time here, so it cannot be optional.');
}
