/** How daymark writes its messages on standard error. */

import { printable, printableJson, withoutPasswords } from '../../printable.ts';

export interface Message {
  readonly level: 'info' | 'warn' | 'error';
  /** Of the table of errors. */
  readonly code?: string;
  readonly text: string;
  /** Further lines: details, what to do. */
  readonly more: readonly string[];
  /** What stands before the code, where the error is not the news. */
  readonly before?: string;
}

type Form = (message: Message) => string;

let form: Form = asText;

/** True where messages are objects of JSON. */
export function areMessagesJson(): boolean {
  return form === asJson;
}

/**
 * Chooses the form of all messages from now on, for a command that goes on until it is stopped. Others write text for
 * people.
 * @param setting `MESSAGE_FORMAT`; undefined: text on a terminal, otherwise JSON.
 */
export function chooseMessageFormat(setting: string | undefined): void {
  const isTerminal = process.stderr.isTTY === true;
  if (setting === 'json' || (setting === undefined && !isTerminal)) form = asJson;
  // Elsewhere something else notes the time, such as the journal.
  else form = isTerminal ? asTimedText : asText;
}

/** Writes a message on standard error. */
export function writeMessage(message: Message): void {
  console.error(withoutPasswords(form(message)));
}

function asJson({ level, code, text, more, before }: Message): string {
  const message = before === undefined ? text : `${before}: ${text}`;
  const object = { time: new Date().toISOString(), level, ...(code ? { code } : {}), message };
  return printableJson(JSON.stringify(more.length > 0 ? { ...object, details: more } : object));
}

function asTimedText(message: Message): string {
  return `${new Date().toISOString()} ${asText(message)}`;
}

/** A newline within a line is escaped. Otherwise a file name could look like a message of daymark. */
function asText({ level, code, text, more, before }: Message): string {
  const isWarning = level === 'warn' && before === undefined;
  const words = [
    ...(isWarning ? ['warning'] : []),
    ...(before ? [before] : []),
    ...(code ? [code] : []),
    text,
  ];
  return [`daymark: ${printable(words.join(': '))}`, ...more.map((line) => `  ${printable(line)}`)].join(
    '\n',
  );
}
