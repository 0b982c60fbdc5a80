import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { DaymarkError, messageOf } from '../errors.ts';

/**
 * Reads a file of `NAME=value` lines, as `node --env-file` and dotenv do. A value in quotes (`'`, `"` or `` ` ``) may
 * have several lines.
 * @throws {DaymarkError} INVALID_SETTING if it cannot be read, or if a line or a part of one would be ignored.
 */
export function readConfigFile(path: string): Record<string, string | undefined> {
  const text = readText(path);
  refuseIgnored(text, path);
  return parseEnv(text);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const detail = `--config-file names the file ${path}, but ${whyUnreadable(error)}.`;
    throw new DaymarkError('INVALID_SETTING', detail, { cause: error });
  }
}

/** Why a file that a setting names could not be read, to follow the word "but". */
export function whyUnreadable(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is not a regular file';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it';
    default:
      return messageOf(error);
  }
}

const EMPTY_REST = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const ASSIGNMENT = /[^\S\n]*(?:export[^\S\n]+)?\w+[^\S\n]*=[^\S\n]*/y;

/** `parseEnv` ignores what it does not understand and what follows a closing quote. This refuses both. */
function refuseIgnored(text: string, path: string): void {
  for (let position = 0; position < text.length; ) {
    const fault = (message: string): DaymarkError => {
      const line = text.slice(0, position).split('\n').length;
      return new DaymarkError('INVALID_SETTING', `Line ${line} of ${path} ${message}.`);
    };
    const afterEmpty = endOf(EMPTY_REST, text, position);
    if (afterEmpty !== undefined) {
      position = afterEmpty;
      continue;
    }
    const value = endOf(ASSIGNMENT, text, position);
    if (value === undefined) throw fault('is not NAME=value');
    position = endOfValue(text, value, fault);
  }
}

/** @returns the position after the line in which a value ends. */
function endOfValue(text: string, start: number, fault: (message: string) => DaymarkError): number {
  const quote = text[start] ?? '';
  if (!['"', "'", '`'].includes(quote)) return `${text}\n`.indexOf('\n', start) + 1;
  const close = text.indexOf(quote, start + 1);
  if (close < 0) throw fault(`begins a value with ${quote}, but no other ${quote} ends it`);
  const end = endOf(EMPTY_REST, text, close + 1);
  if (end !== undefined) return end;
  const hint = 'if the value holds both kinds of quotes, put it in backticks';
  throw fault(`goes on after the ${quote} that ends its value: ${hint}`);
}

function endOf(pattern: RegExp, text: string, position: number): number | undefined {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
