/** Reads lines of CSV or TSV. INSTRUCTIONS holds one word a column, 4 bytes each. */

import { isComplete, readLeaf } from './leaf';
import { endOfRecord } from './pattern-runner';
import { columnCount, delimiter, requiredFields, INSTRUCTIONS, terminatorOf } from './instructions';
import { checkUnquoted, setSpan } from './rules';

const QUOTE: u32 = 0x22;

export function readDelimited(p: usize): usize {
  const comma = delimiter();
  const last = INSTRUCTIONS + (<usize>columnCount() << 2);
  let column = INSTRUCTIONS;
  while (true) {
    const word = load<u32>(column);
    const isQuoted = <u32>load<u8>(p) == QUOTE;
    const start = isQuoted ? p + 1 : p;
    // CSV doubles a quote inside quotes. The reference parser reads such fields.
    const end = endOfCell(start, isQuoted ? QUOTE : comma);
    p = end;
    if (isQuoted) {
      if (<u32>load<u8>(p) != QUOTE) return 0;
      p++;
    }
    if (word != 0) {
      if (!readLeaf(word, start, end)) return 0;
      if (terminatorOf(word) != 0) {
        setSpan(word, start, end);
        checkUnquoted(start, end);
      }
    }
    column += 4;
    if (column == last) return isComplete(requiredFields()) ? endOfRecord(p) : 0;
    if (<u32>load<u8>(p) != comma) return 0;
    p++;
  }
}

/** The first byte that is `stop`, a quote, or a control character. */
// @ts-ignore: decorator
@inline
function endOfCell(p: usize, stop: u32): usize {
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte == stop || byte == QUOTE || byte < 0x20) return p;
    p++;
  }
}
