import type { Escapes, FieldElement, PatternFormat, TextKind } from '../format.ts';
import { textKindAt } from '../text-kind.ts';
import type { RejectionReason } from '../types.ts';
import { utf8Text } from './byte-text.ts';
import type { LineReader } from './line-reader.ts';
import { isMissing, isSelfEnding, REASON_OF, type RecordReader } from './record-reader.ts';
import { listEnd, requestEnd } from './spaced-text.ts';
import { isOfKind } from './text-kinds.ts';
import { textValue } from './value.ts';

/** A field, and the fixed text behind it: empty behind the last. */
interface DelimitedField {
  readonly element: FieldElement;
  readonly behind: string;
  /** Not `none` where a backslash hides the next byte from the search for the end of the field. */
  readonly hiding: Escapes;
  /** What its text can be. Undefined: anything. */
  readonly kind: TextKind | undefined;
}

/** Ends of texts that hold spaces and have a space behind them. */
const SPACED = { list: listEnd, request: requestEnd };

/** Reads fields with fixed text between them, from left to right. The first fault is the reason of the rejection. */
export function patternReader(format: PatternFormat, reader: RecordReader): LineReader {
  const { lead, fields } = delimitedFieldsOf(format);
  const last = fields[fields.length - 1];

  function place(
    line: string,
    from: number,
    { element, behind, hiding, kind }: DelimitedField,
  ): number | RejectionReason {
    const reason = REASON_OF[element.field.role];
    if (isSelfEnding(element)) {
      const end = reader.selfEnding(element, line, from);
      return end < 0 ? reason : end;
    }
    const end =
      kind === 'list' || kind === 'request'
        ? SPACED[kind](line, from, behind)
        : endOf(line, from, behind, hiding);
    if (end < 0) return reason;
    const value = textValue(line.slice(from, end), format.escapes);
    if (kind && !isMissing(element, value.raw) && !isOfKind(kind, value.raw, value.text))
      return behind === '' && kind === 'word' ? 'extra_field' : reason;
    return reader.value(element, value) ?? end;
  }

  const comment = format.commentPrefix === undefined ? undefined : utf8Text(format.commentPrefix);

  function read(line: string): RejectionReason | undefined {
    if (comment !== undefined && line.startsWith(comment)) return 'header_line';
    if (!line.startsWith(lead)) return 'malformed_line';
    let at = lead.length;
    for (const [i, current] of fields.entries()) {
      const end = place(line, at, current);
      if (typeof end === 'string') return end;
      if (!line.startsWith(current.behind, end)) return mismatch(current, fields[i + 1], end === line.length);
      at = end + current.behind.length;
    }
    if (at === line.length || format.isOpenEnded) return undefined;
    return line[at] === ' ' ? 'extra_field' : REASON_OF[last.element.field.role];
  }
  return { read };
}

/**
 * The reason where the fixed text behind a field is missing. At the end of the line the next field is the missing
 * one, except behind a timestamp, whose end is part of it.
 */
function mismatch(
  { element }: DelimitedField,
  next: DelimitedField | undefined,
  isAtEnd: boolean,
): RejectionReason {
  const isNextMissing = isAtEnd && next && element.field.role !== 'timestamp';
  return REASON_OF[isNextMissing ? next.element.field.role : element.field.role];
}

/** The end of a field: where the text behind it begins, or the end of the line. */
function endOf(line: string, from: number, behind: string, hiding: Escapes): number {
  if (behind === '') return line.length;
  if (hiding === 'none') {
    const end = line.indexOf(behind, from);
    return end < 0 ? line.length : end;
  }
  let at = from;
  while (at < line.length && !line.startsWith(behind, at)) at += line[at] === '\\' ? 2 : 1;
  return Math.min(at, line.length);
}

function delimitedFieldsOf(format: PatternFormat): { lead: string; fields: DelimitedField[] } {
  const { elements, escapes } = format;
  const fields: DelimitedField[] = [];
  const lead = literalAt(elements, 0);
  for (const [i, element] of elements.entries()) {
    if (typeof element === 'string') continue;
    const behind = literalAt(elements, i + 1);
    const isQuoted = literalAt(elements, i - 1).endsWith('"') && behind.startsWith('"');
    const hiding = isQuoted ? escapes : 'none';
    fields.push({ element, behind, hiding, kind: textKindAt(format, i) });
  }
  return { lead, fields };
}

/** The fixed text at an index of the pattern. Empty where a field or nothing is there. */
function literalAt(elements: PatternFormat['elements'], at: number): string {
  const element = elements[at];
  return typeof element === 'string' ? utf8Text(element) : '';
}
