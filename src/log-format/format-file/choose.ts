import { DaymarkError } from '../../errors.ts';
import { MAX_NAMES_IN_ERROR } from '../../limits.ts';
import { nearestHint } from '../../nearest.ts';
import type { FoundFormat, FoundFormats } from './types.ts';

/**
 * Chooses a format of a configuration: the one with a name, or the only one.
 * @param setting how LOG_FORMAT names the file: `@nginx.conf`.
 * @returns a text for LOG_FORMAT.
 * @throws {DaymarkError} INVALID_LOG_FORMAT, with the names that exist.
 */
export function chooseFormat(found: FoundFormats, setting: string, wanted: string | undefined): string {
  const { formats, byDefault } = found;
  if (wanted === undefined && formats.length === 0) throw fault(setting, nothingIn(found));
  const fitting = wanted === undefined ? formats : formats.filter(({ name }) => name === wanted);
  const texts = new Set(fitting.map(({ text }) => text));
  const [text] = texts;
  if (text !== undefined && texts.size === 1) return checked(text, setting);
  // The server has this format built in.
  if (text === undefined && wanted === byDefault && byDefault !== undefined) return byDefault;
  if (text === undefined) throw fault(setting, unknownIn(found, wanted ?? ''));
  throw fault(setting, severalIn(fitting, setting, wanted));
}

/** Apache replaces `${NAME}` by a value from its environment or a `Define`. daymark cannot know it. */
function checked(text: string, setting: string): string {
  const [variable] = /\$\{\w+\}/.exec(text) ?? [];
  if (!text.startsWith('apache:') || variable === undefined) return text;
  throw fault(
    setting,
    `The format has ${variable} in it, which only Apache can replace. Put the format itself into LOG_FORMAT.`,
  );
}

function fault(setting: string, message: string): DaymarkError {
  return new DaymarkError('INVALID_LOG_FORMAT', `LOG_FORMAT is ${setting}. ${message}`);
}

function nothingIn({ includes, byDefault, dump }: FoundFormats): string {
  if (includes.length > 0) {
    const byItself = byDefault && ` If those have none either, set LOG_FORMAT=${byDefault}.`;
    return `The file has no log_format, and daymark does not follow includes: ${wayToIncluded(dump)}. It includes ${someOf(includes)}.${byItself ?? ''}`;
  }
  const hint =
    byDefault === undefined
      ? ''
      : `. Without one the server uses \`${byDefault}\`: set LOG_FORMAT=${byDefault}`;
  return `The file has no log format${hint}.`;
}

function wayToIncluded(dump: string | undefined): string {
  return dump === undefined
    ? 'name the file that has the format'
    : `\`${dump}\` writes everything to one file`;
}

function unknownIn({ formats, includes, dump }: FoundFormats, wanted: string): string {
  const names = namesOf(formats);
  const known = names.length === 0 ? '' : ` It has: ${someOf(names)}.`;
  const notFollowed =
    includes.length === 0
      ? ''
      : ` daymark does not follow includes (${someOf(includes)}): ${wayToIncluded(dump)}.`;
  return `The file has no log format named ${wanted}.${known}${nearestHint(wanted, names)}${notFollowed}`;
}

function severalIn(fitting: readonly FoundFormat[], setting: string, wanted: string | undefined): string {
  const all = fitting.map(({ name, place }) =>
    name === undefined ? `one without a name (${place})` : `${name} (${place})`,
  );
  const [example] = namesOf(fitting);
  if (wanted !== undefined || example === undefined)
    return `The file has several different formats: ${someOf(all)}. Put the one that you mean into LOG_FORMAT.`;
  return `The file has several log formats: ${someOf(all)}. Choose one, such as LOG_FORMAT=${setting}:${example}.`;
}

function namesOf(formats: readonly FoundFormat[]): string[] {
  return [...new Set(formats.flatMap(({ name }) => name ?? []))];
}

function someOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES_IN_ERROR;
  return `${names.slice(0, MAX_NAMES_IN_ERROR).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
