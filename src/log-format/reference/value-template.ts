/** Templates that take the customer id out of a value: `Bearer {customer_id}.*`. */

import { utf8Text } from './byte-text.ts';

/** What is wrong with a template, and where in it. */
export interface TemplateFault {
  readonly at: number;
  readonly message: string;
}

/** A parsed template. Texts are byte text. */
export interface ValueTemplate {
  /** Fixed texts. Between two of them stands a wildcard or the id. The first and the last may be empty. */
  readonly texts: readonly string[];
  /** Between which texts the id is: behind `texts[id]`. */
  readonly id: number;
}

/**
 * Parses a template: fixed text, `*` for any text, and `{customer_id}` once. `\` takes the meaning from the character behind
 * it. `*` and `{customer_id}` need fixed text between them, so that it is clear where each ends.
 */
export function parseValueTemplate(template: string): ValueTemplate | TemplateFault {
  const texts = [''];
  let id: number | undefined;
  const grammar = /\{customer_id\}|\*|\\([^A-Za-z0-9])|[^\\{}]/suy;
  while (grammar.lastIndex < template.length) {
    const at = grammar.lastIndex;
    const [part, escaped] = grammar.exec(template) ?? [];
    if (part === undefined) return { at, message: faultOf(template[at]) };
    if (part !== '*' && part !== '{customer_id}') {
      texts.push((texts.pop() ?? '') + utf8Text(escaped ?? part));
      continue;
    }
    if (texts.length > 1 && texts.at(-1) === '')
      return { at, message: 'put text between `*` and `{customer_id}`, so that it is clear where each ends' };
    if (part !== '*' && id !== undefined) return { at, message: 'a template has `{customer_id}` once' };
    if (part !== '*') id = texts.length - 1;
    texts.push('');
  }
  return id === undefined ? { at: 0, message: 'a template needs `{customer_id}`' } : { texts, id };
}

function faultOf(character: string | undefined): string {
  return character === '\\'
    ? 'a backslash must stand before a sign; write `\\\\` for a backslash'
    : 'the only name in braces is `{customer_id}`; write `\\{` or `\\}` for a brace';
}

/**
 * What stands in the place of `{customer_id}`. Each `*` and the id end where the text behind them begins for the first time;
 * the last text of a template must stand at the end of the value. So a value is searched once, from left to right.
 * @returns empty where the value does not fit.
 */
export function valueByTemplate({ texts, id }: ValueTemplate, value: string): string {
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  const end = value.length - last.length;
  if (!value.startsWith(first) || !value.endsWith(last)) return '';
  let [at, result] = [first.length, ''];
  for (const [i, text] of texts.slice(1).entries()) {
    const isLast = i === texts.length - 2;
    const found = isLast ? end : value.indexOf(text, at);
    if (found < at || found + text.length > (isLast ? value.length : end)) return '';
    if (i === id) result = value.slice(at, found);
    at = found + text.length;
  }
  return result;
}
