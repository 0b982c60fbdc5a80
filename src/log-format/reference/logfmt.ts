import type { LogfmtFormat } from '../format.ts';
import { matchAt, utf8Text } from './byte-text.ts';
import { inOrder, judge } from './keyed.ts';
import type { LineReader } from './line-reader.ts';
import type { RecordReader } from './record-reader.ts';
import { MISSING, textValue, type Value } from './value.ts';

const SPACES = /[ \t]*/y;
/**
 * A key with an optional value: in quotes with the escapes of JSON, or up to the next space.
 * https://pkg.go.dev/github.com/kr/logfmt has a grammar.
 */
const PAIR = /([^ \t=]*)(?:=(?:"((?:[^"\\]|\\.)*)"|((?!")[^ \t]*)))?(?=[ \t]|$)/sy;

/** Reads lines of `key=value key="quoted value"`. The last of equal keys wins. */
export function logfmtReader(format: LogfmtFormat, reader: RecordReader): LineReader {
  const fields = inOrder(format.fields);
  const keys = fields.map(({ key }) => utf8Text(key));

  /** One value for each key. Undefined where the line is not made of pairs. */
  function valuesOf(line: string): Value[] | undefined {
    const values = keys.map(() => MISSING);
    for (let at = spacesEnd(line, 0); at < line.length; at = spacesEnd(line, at)) {
      const match = matchAt(PAIR, line, at);
      if (!match) return undefined;
      const [pair, key, quoted, bare = ''] = match;
      const value = quoted === undefined ? textValue(bare, 'none') : textValue(quoted, 'json');
      for (const [i, wanted] of keys.entries()) if (wanted === key) values[i] = value;
      at += pair.length;
    }
    return values;
  }
  return { read: (line) => judge(reader, fields, valuesOf(line)) };
}

function spacesEnd(line: string, at: number): number {
  return at + (matchAt(SPACES, line, at)?.[0].length ?? 0);
}
