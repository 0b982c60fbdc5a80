/** Reads lines of CSV or TSV. INSTRUCTIONS holds one word a column, 4 bytes each. */

import { isComplete, readLeaf } from './leaf';
import { endOfRecord } from './pattern-runner';
import {
  columnCount,
  columnFlags,
  delimiter,
  HAS_COMMENTS,
  OPEN_ENDED,
  requiredFields,
  INSTRUCTIONS,
  terminatorOf,
} from './instructions';
import { checkUnquoted, setSpan } from './rules';
import { endOfLine } from './search';

const QUOTE: u32 = 0x22;
const HASH: u32 = 0x23;

export function readDelimited(p: usize): usize {
  const comma = delimiter();
  const last = INSTRUCTIONS + (<usize>columnCount() << 2);
  const flags = columnFlags();
  let column = INSTRUCTIONS;
  if ((flags & HAS_COMMENTS) != 0 && <u32>load<u8>(p) == HASH) return 0;
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
    if (column == last) {
      if (!isComplete(requiredFields())) return 0;
      const goesOn = (flags & OPEN_ENDED) != 0 && <u32>load<u8>(p) == comma;
      return endOfRecord(goesOn ? endOfLine(p) : p);
    }
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
