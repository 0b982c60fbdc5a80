import { DaymarkError } from '../../errors.ts';

/** How many characters of the text an error quotes. */
const QUOTED_CHARACTERS = 40;

/** An error in the text of a format. @param at where it is, from 0; undefined where the whole text is wrong. */
export function formatFault(text: string, at: number | undefined, message: string): DaymarkError {
  const from = at ?? 0;
  const quoted = text.slice(from, from + QUOTED_CHARACTERS).replace(/\s+/g, ' ');
  const rest = text.length > from + QUOTED_CHARACTERS ? '…' : '';
  const place = at === undefined ? '' : `, character ${at + 1}`;
  return new DaymarkError('INVALID_LOG_FORMAT', `LOG_FORMAT${place} (\`${quoted}${rest}\`): ${message}`);
}
