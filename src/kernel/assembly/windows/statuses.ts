/**
 * How a window keeps statuses. Each status has a place among the counters, in ascending order: 0 for "no response"
 * (status 0), 1 to 500 for 100 to 599. The statuses that come first after the chunks were emptied get small numbers,
 * too. Later statuses get none.
 */

import { OTHER, PLACE_OF_INDEX, STATUSES, STATUS_INDEX } from './window-memory';

const UNSEEN: u8 = 0xff;
let used: u32 = 0;

/** @param status 0, or 100 to 599. */
// @ts-ignore: decorator
@inline
export function placeOf(status: u32): u32 {
  return status == 0 ? 0 : status - 99;
}

// @ts-ignore: decorator
@inline
export function statusAt(place: u32): u32 {
  return place == 0 ? 0 : place + 99;
}

export function forgetStatuses(): void {
  memory.fill(STATUS_INDEX, UNSEEN, STATUSES);
  used = 0;
}

/** The small number of the status at a place; OTHER where it has none. */
// @ts-ignore: decorator
@inline
export function indexOf(place: u32): u32 {
  const index = <u32>load<u8>(STATUS_INDEX + place);
  return index == UNSEEN ? take(place) : index;
}

function take(place: u32): u32 {
  const index = min(used, OTHER);
  store<u8>(STATUS_INDEX + place, <u8>index);
  if (index == OTHER) return OTHER;
  store<u16>(PLACE_OF_INDEX + (<usize>index << 1), <u16>place);
  return used++;
}

/** The place of the status that has a small number. */
// @ts-ignore: decorator
@inline
export function placeOfIndex(index: u32): u32 {
  return load<u16>(PLACE_OF_INDEX + (<usize>index << 1));
}
