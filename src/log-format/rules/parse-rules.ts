/** Parses the text of EXCLUDE and INCLUDE: `path=/health* method=GET&agent="kube-probe/*"`. */

import { DaymarkError } from '../../errors.ts';
import { MAX_RULE_CONDITIONS, MAX_RULES_CHARACTERS } from '../../limits.ts';

/** A condition as it is written. */
export interface WrittenCondition {
  /** One of the words, or the name of a field. */
  readonly name: string;
  /** What stands between its wildcards. Without a wildcard there is one piece. */
  readonly pieces: readonly string[];
  /** Its position in the text of the setting. */
  readonly at: number;
}

export interface WrittenRule {
  readonly written: string;
  readonly conditions: readonly WrittenCondition[];
}

export type RulesSetting = 'EXCLUDE' | 'INCLUDE';

/**
 * Spaces separate rules, and `&` the conditions of one. `*` stands for any characters, `\` takes the next character as
 * it is, and a value in double quotes may hold spaces and `&`.
 * @throws {DaymarkError} INVALID_SETTING, with the place.
 */
export function parseRules(setting: RulesSetting, text: string): WrittenRule[] {
  if (text.length > MAX_RULES_CHARACTERS) throw tooMuch(setting, `${MAX_RULES_CHARACTERS} characters`);
  const rules: WrittenRule[] = [];
  let conditions: WrittenCondition[] = [];
  let begin = 0;
  const grammar = /([^\s=&"]+)=((?:"(?:[^"\\]|\\.)*"|\\.|[^\s&"\\])+)(&|\s+|$)/sy;
  grammar.lastIndex = text.length - text.trimStart().length;
  for (let at = grammar.lastIndex; at < text.length; at = grammar.lastIndex) {
    const match = grammar.exec(text);
    if (!match) throw ruleFault(setting, text, at, 'Write a field, `=` and a value, such as path=/health*.');
    const [, name = '', value = '', behind = ''] = match;
    if (conditions.length === 0) begin = at;
    conditions.push({ name, pieces: piecesOf(value), at });
    if (behind === '&') continue;
    rules.push({ written: text.slice(begin, at + match[0].length - behind.length), conditions });
    conditions = [];
  }
  if (conditions.length > 0)
    throw ruleFault(setting, text, text.length - 1, 'Another condition must follow `&`.');
  if (rules.length === 0) throw ruleFault(setting, text, 0, 'It has no rule, such as path=/health*.');
  if (rules.flatMap((rule) => rule.conditions).length > MAX_RULE_CONDITIONS)
    throw tooMuch(setting, `${MAX_RULE_CONDITIONS} conditions`);
  return rules;
}

/** Splits a value at its wildcards, and resolves quotes and backslashes. */
function piecesOf(value: string): string[] {
  const pieces = [''];
  for (const [, escaped, character = ''] of value.matchAll(/\\(.)|(.)/gs)) {
    if (escaped === undefined && character === '*') pieces.push('');
    else if (escaped !== undefined || character !== '"') pieces[pieces.length - 1] += escaped ?? character;
  }
  return pieces;
}

/** An error in the text of a setting. @param at where it is, from 0. */
export function ruleFault(setting: RulesSetting, text: string, at: number, message: string): DaymarkError {
  const [rest = ''] = text.slice(at).split(/\s/, 1);
  return new DaymarkError('INVALID_SETTING', `${setting}, character ${at + 1} (\`${rest}\`): ${message}`);
}

function tooMuch(setting: RulesSetting, bound: string): DaymarkError {
  return new DaymarkError('INVALID_SETTING', `${setting} has more than ${bound}.`);
}
