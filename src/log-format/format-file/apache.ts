/** The `LogFormat` directives of a configuration of Apache, and formats that stand in a `CustomLog` itself. */

import type { FoundFormat, FoundFormats } from './types.ts';

export function apacheFormats(text: string): FoundFormats {
  const formats: FoundFormat[] = [];
  const includes: string[] = [];
  for (const { directive, words, line } of directivesOf(text)) {
    const place = `line ${line}`;
    const [first = '', second] = words;
    if (directive === 'include' || directive === 'includeoptional') includes.push(first);
    // Without a `%` it is the name of another one.
    else if (directive === 'logformat' && first.includes('%'))
      formats.push({ name: second, text: directiveOf(first), place });
    else if ((directive === 'customlog' || directive === 'globallog') && second?.includes('%'))
      formats.push({ name: undefined, text: directiveOf(second), place });
  }
  return { formats, includes, byDefault: undefined };
}

/** As `format-string/apache.ts` reads it: there, `\n` and `\t` are a line's end and a tab, as in Apache. */
function directiveOf(value: string): string {
  return `apache: LogFormat "${value.replace(/\\(?![nt])|"/g, '\\$&')}"`;
}

interface Directive {
  /** In lower case: Apache does not mind it. */
  readonly directive: string;
  readonly words: readonly string[];
  readonly line: number;
}

function* directivesOf(text: string): Generator<Directive> {
  let line = 1;
  // A backslash at the end of a line joins the next one, that of a comment, too.
  for (const [joined] of text.matchAll(/(?:[^\n\\]|\\\r?\n|\\)*(?:\n|$)/g)) {
    const [, directive, rest = ''] = /^\s*(\w+)\s+([\s\S]*)$/.exec(joined.replace(/\\\r?\n/g, '')) ?? [];
    if (directive !== undefined) yield { directive: directive.toLowerCase(), words: wordsOf(rest), line };
    line += joined.split('\n').length - 1;
  }
}

/** As Apache's `ap_getword_conf`. */
function wordsOf(text: string): string[] {
  const words = text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"?|'((?:[^'\\]|\\[\s\S])*)'?|(\S+)/g);
  return Array.from(words, ([, double, single, bare]) =>
    double !== undefined
      ? double.replace(/\\([\\"])/g, '$1')
      : (single?.replace(/\\([\\'])/g, '$1') ?? bare?.replace(/\\\\/g, '\\') ?? ''),
  );
}
