/** Finds `LogFormat` directives in Apache's configuration, and formats written into a `CustomLog` itself. */

import type { FoundFormat, FoundFormats } from './types.ts';

export function apacheFormats(text: string): FoundFormats {
  const formats: FoundFormat[] = [];
  const includes: string[] = [];
  for (const { directive, words, line } of directivesOf(text)) {
    const place = `line ${line}`;
    const [first = '', second] = words;
    if (directive === 'include' || directive === 'includeoptional') includes.push(first);
    // A value without `%` is the name of another format.
    else if (directive === 'logformat' && first.includes('%'))
      formats.push({ name: second, text: directiveOf(first), place });
    else if ((directive === 'customlog' || directive === 'globallog') && second?.includes('%'))
      formats.push({ name: undefined, text: directiveOf(second), place });
  }
  return { formats, includes, byDefault: undefined };
}

/** Makes a directive for `format-string/apache.ts`. There, as in Apache, `\n` and `\t` mean a newline and a tab. */
function directiveOf(value: string): string {
  return `apache: LogFormat "${value.replace(/\\(?![nt])|"/g, '\\$&')}"`;
}

interface Directive {
  /** In lower case, because Apache ignores case. */
  readonly directive: string;
  readonly words: readonly string[];
  readonly line: number;
}

function* directivesOf(text: string): Generator<Directive> {
  let line = 1;
  // A backslash at the end of a line joins the next line, even in a comment.
  for (const [joined] of text.matchAll(/(?:[^\n\\]|\\\r?\n|\\)*(?:\n|$)/g)) {
    const [, directive, rest = ''] = /^\s*(\w+)\s+([\s\S]*)$/.exec(joined.replace(/\\\r?\n/g, '')) ?? [];
    if (directive !== undefined) yield { directive: directive.toLowerCase(), words: wordsOf(rest), line };
    line += joined.split('\n').length - 1;
  }
}

/** Splits like Apache's `ap_getword_conf`. */
function wordsOf(text: string): string[] {
  const words = text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"?|'((?:[^'\\]|\\[\s\S])*)'?|(\S+)/g);
  return Array.from(words, ([, double, single, bare]) =>
    double !== undefined
      ? double.replace(/\\([\\"])/g, '$1')
      : (single?.replace(/\\([\\'])/g, '$1') ?? bare?.replace(/\\\\/g, '\\') ?? ''),
  );
}
