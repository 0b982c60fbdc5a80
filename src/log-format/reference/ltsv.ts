import type { LtsvFormat } from '../format.ts';
import { utf8Text } from './byte-text.ts';
import { inOrder, judge } from './keyed.ts';
import type { LineReader } from './line-reader.ts';
import type { RecordReader } from './record-reader.ts';
import { MISSING, textValue, type Value } from './value.ts';

/** `label:value`. http://ltsv.org has the grammar. */
const FIELD = /^([0-9A-Za-z_.-]+):(.*)$/s;

/** Reads lines of `label:value` with tabs between them, in any order. The last of equal labels wins. */
export function ltsvReader(format: LtsvFormat, reader: RecordReader): LineReader {
  const fields = inOrder(format.fields);
  const keys = fields.map(({ key }) => utf8Text(key));
  const isTime = fields.map(({ field }) => 'kind' in field);

  /** One value for each label. Undefined where something else stands between two tabs. */
  function valuesOf(line: string): Value[] | undefined {
    const values = keys.map(() => MISSING);
    for (const field of line.split('\t')) {
      const [, label, value = ''] = FIELD.exec(field) ?? [];
      if (label === undefined && field !== '') return undefined;
      for (const [i, wanted] of keys.entries())
        if (wanted === label)
          values[i] = textValue(isTime[i] ? withoutBrackets(value) : value, format.escapes);
    }
    return values;
  }
  return { read: (line) => judge(reader, fields, valuesOf(line)) };
}

/** Apache's `%t` writes `[02/Oct/2024:05:10:46 +0200]`. */
function withoutBrackets(time: string): string {
  return time.startsWith('[') && time.endsWith(']') ? time.slice(1, -1) : time;
}
