/** Finds `log_format` directives in nginx's configuration. */

import { type FoundFormat, type FoundFormats, lineAt } from './types.ts';

interface Directive {
  readonly words: readonly string[];
  readonly start: number;
  /** The position behind its `;` or `{`. */
  readonly end: number;
}

/** @returns undefined where the text is not nginx configuration, because a quote is not closed. */
export function nginxFormats(text: string): FoundFormats | undefined {
  const formats: FoundFormat[] = [];
  const includes: string[] = [];
  for (const directive of directivesOf(text)) {
    if (!directive) return undefined;
    const { words, start, end } = directive;
    const [directiveName, name] = words;
    if (name === undefined) continue;
    if (directiveName === 'include') includes.push(name);
    if (directiveName !== 'log_format') continue;
    formats.push({ name, text: `nginx: ${text.slice(start, end)}`, place: `line ${lineAt(text, start)}` });
  }
  return { formats, includes, byDefault: 'combined', dump: 'nginx -T > all.conf' };
}

/** A token as nginx splits them (`ngx_conf_read_token`). */
const TOKEN =
  /\s+|#[^\n]*|[;{}]|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|((?:\\[\s\S]|\$\{|[^\s;{"'\\])(?:\\[\s\S]|\$\{|[^\s;{\\])*)/y;

/** Yields directives in their order, from all blocks. Yields undefined and ends where the text cannot be split. */
function* directivesOf(text: string): Generator<Directive | undefined> {
  let words: string[] = [];
  let start = 0;
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) return yield undefined;
    const [token] = match;
    const word = match[1] ?? match[2] ?? match[3];
    const at = position;
    position += token.length;
    if (word !== undefined) {
      if (words.length === 0) start = at;
      words.push(word);
    } else if (/^[;{}]/.test(token)) {
      yield { words, start, end: position };
      if (token === '{' && /_by_lua_block$/.test(words[0] ?? '')) position = endOfLua(text, position);
      words = [];
    }
  }
}

/** Skips a block of Lua, which has braces and quotes of its own. @returns the position behind its closing brace. */
function endOfLua(text: string, from: number): number {
  const piece =
    /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[{}]/g;
  piece.lastIndex = from;
  for (let depth = 1; ; ) {
    const match = piece.exec(text);
    if (!match) return text.length;
    if (match[0] === '{') depth++;
    else if (match[0] === '}' && --depth === 0) return piece.lastIndex;
  }
}
