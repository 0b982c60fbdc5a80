/**
 * The steps of the default format as one, for they are the steps of most plain logs: `datetime customer path status
 * duration`, a space between any two. Going from step to step costs a third of the time of such a line.
 */

import { endOfRecord } from './pattern';
import { setCustomer } from './record';
import { endOfPath, endOfWord } from './search';
import { datetime, durationOf, statusCode } from './values';

const SPACE: u32 = 0x20;

/** Reads the line at `p`. @returns the address behind its newline; 0 where it is not plain. */
// @ts-ignore: decorator
@inline
export function readPlain(p: usize): usize {
  p = datetime(p);
  if (p == 0 || <u32>load<u8>(p) != SPACE) return 0;
  const id = p + 1;
  p = endOfWord(id);
  if (<u32>load<u8>(p) != SPACE || !setCustomer(id, p)) return 0;
  const path = p + 1;
  p = endOfPath(path);
  if (<u32>load<u8>(p) != SPACE || p == path) return 0;
  p = statusCode(p + 1);
  if (p == 0 || <u32>load<u8>(p) != SPACE) return 0;
  p = durationOf(p + 1, 0, false, false);
  return p == 0 ? 0 : endOfRecord(p);
}
