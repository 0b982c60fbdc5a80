/** Reads a date and a time that stand in two places of a line: it joins them, and reads the whole. */

import { CLF, DATETIME } from './instructions';
import { HALF_BYTES, JOINED } from './scan-memory';
import { clf, datetime, iso8601 } from './timestamps';
import { halves, setHalf } from './record';

const BOTH: u32 = 3;
let dateBytes: usize = 0;
let timeAt: usize = 0;
let timeBytes: usize = 0;

/** Reads one half, `[p, end)`. @param code its exponent. @returns false where it is not plain. */
export function half(code: i32, p: usize, end: usize): bool {
  const bytes = end - p;
  if (bytes > HALF_BYTES) return false;
  if ((code & 1) == 0) {
    memory.copy(JOINED, p, bytes);
    dateBytes = bytes;
  } else {
    timeAt = p;
    timeBytes = bytes;
  }
  setHalf(1 << (code & 1));
  return halves != BOTH || whole(code >> 1);
}

/** Reads the whole of a kind. */
function whole(kind: u32): bool {
  const joint = JOINED + dateBytes;
  store<u8>(joint, kind == CLF ? 0x3a : 0x20);
  memory.copy(joint + 1, timeAt, timeBytes);
  const end = joint + 1 + timeBytes;
  store<u8>(end, 0x0a);
  if (kind == CLF) return clf(JOINED) == end;
  return (kind == DATETIME ? datetime(JOINED) : iso8601(JOINED)) == end;
}
