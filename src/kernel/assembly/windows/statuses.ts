/** Gives small numbers to the statuses that come first after the chunks were emptied. Later statuses get none. */

import { OTHER, STATUS_OF_INDEX, STATUSES, STATUS_INDEX } from './window-memory';

const UNSEEN: u8 = 0xff;
let used: u32 = 0;

export function forgetStatuses(): void {
  memory.fill(STATUS_INDEX, UNSEEN, STATUSES);
  used = 0;
}

/** The small number of a status; OTHER where it has none. @param status less 100. */
// @ts-ignore: decorator
@inline
export function indexOf(status: u32): u32 {
  const index = <u32>load<u8>(STATUS_INDEX + status);
  return index == UNSEEN ? take(status) : index;
}

function take(status: u32): u32 {
  const index = min(used, OTHER);
  store<u8>(STATUS_INDEX + status, <u8>index);
  if (index == OTHER) return OTHER;
  store<u16>(STATUS_OF_INDEX + (<usize>index << 1), <u16>status);
  return used++;
}

/** The status, less 100, that has a small number. */
// @ts-ignore: decorator
@inline
export function statusOf(index: u32): u32 {
  return load<u16>(STATUS_OF_INDEX + (<usize>index << 1));
}
