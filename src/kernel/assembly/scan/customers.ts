/** Gives each customer id a small number, by a hash table with open addressing. */

import { forgetPaths } from './known-paths';
import { MIN_SLOT_BITS, KEY_ADDRESSES, KEY_BYTES, KEYS, MAX_CUSTOMERS, SLOTS } from './scan-memory';

let customerCount: u32 = 0;
let keysEnd: usize = KEYS;
let slotBits: u64 = MIN_SLOT_BITS;

/** The number of the last slot. */
// @ts-ignore: decorator
@inline
function slotMask(): u32 {
  return <u32>(((<u64>1) << slotBits) - 1);
}

export function keyAddress(customer: u32): usize {
  return load<u32>(KEY_ADDRESSES + (customer << 2)) + 8;
}

export function keyLength(customer: u32): u32 {
  return load<u32>(load<u32>(KEY_ADDRESSES + (customer << 2)));
}

/**
 * The customer for whom an id counts: its own number, or that of the customer whose alias it is. The key of an alias keeps the
 * other number plus 1 behind its length.
 */
// @ts-ignore: decorator
@inline
function targetOf(customer: u32): i32 {
  const target = load<u32>(load<u32>(KEY_ADDRESSES + (customer << 2)), 4);
  return target == 0 ? customer : <i32>(target - 1);
}

/** From now on, an id counts for another customer, so that a table of aliases costs no line anything. */
export function setAlias(alias: u32, customer: u32): void {
  store<u32>(load<u32>(KEY_ADDRESSES + (alias << 2)), customer + 1, 4);
  const length = keyLength(alias);
  if (length > 8) return;
  const word = lowest(keyAddress(alias), length);
  let slot = slotOf(mix(length, word));
  while (load<u64>(SLOTS + (<usize>slot << 4)) != word || load<u32>(SLOTS + (<usize>slot << 4), 8) != length)
    slot = (slot + 1) & slotMask();
  store<i32>(SLOTS + (<usize>slot << 4), customer, 12);
}

export function forgetCustomers(): void {
  memory.fill(SLOTS, 0, (<usize>slotMask() + 1) << 4);
  slotBits = MIN_SLOT_BITS;
  customerCount = 0;
  keysEnd = KEYS;
  forgetPaths();
}

// @ts-ignore: decorator
@inline
function mix(hash: u64, word: u64): u64 {
  return rotl(hash ^ word, 29) * 0x9e3779b97f4a7c15;
}

/** Uses the highest bits of a hash, because only those depend on every bit of the last word. */
// @ts-ignore: decorator
@inline
function slotOf(hash: u64): u32 {
  return <u32>(hash >> (64 - slotBits));
}

/** The first `bytes` bytes at an address, as the low bytes of a word. @param bytes 1 to 8. */
// @ts-ignore: decorator
@inline
export function lowest(address: usize, bytes: u32): u64 {
  return load<u64>(address) & (<u64>-1 >> ((8 - bytes) << 3));
}

/** The number of an id of 8 bytes that is not in memory, if its first slot has it; else -1. */
// @ts-ignore: decorator
@inline
export function knownWord(word: u64): i32 {
  const entry = SLOTS + (<usize>slotOf(mix(8, word)) << 4);
  return load<u64>(entry) == word && load<u32>(entry, 8) == 8 ? load<i32>(entry, 12) : -1;
}

/** The number of the customer with this id; -1 where the table is full. */
// @ts-ignore: decorator
@inline
export function numberOf(id: usize, length: u32): i32 {
  if (length > 8) return numberOfLong(id, length);
  const word = lowest(id, length);
  let slot = slotOf(mix(length, word));
  while (true) {
    const entry = SLOTS + ((<usize>slot) << 4);
    const found = load<u32>(entry, 8);
    if (load<u64>(entry) == word && found == length) return load<i32>(entry, 12);
    if (found == 0) return add(id, length, entry, word);
    slot = (slot + 1) & slotMask();
  }
}

function hashOf(id: usize, length: u32): u64 {
  let hash: u64 = length;
  let i: u32 = 0;
  for (; i + 8 < length; i += 8) hash = mix(hash, load<u64>(id + i));
  return mix(hash, lowest(id + i, length - i));
}

/** What a slot keeps of an id: the id itself, or its hash. */
function wordOf(id: usize, length: u32): u64 {
  return length > 8 ? hashOf(id, length) : lowest(id, length);
}

function numberOfLong(id: usize, length: u32): i32 {
  const hash = hashOf(id, length);
  let slot = slotOf(hash);
  while (true) {
    const entry = SLOTS + ((<usize>slot) << 4);
    const found = load<u32>(entry, 8);
    if (load<u64>(entry) == hash && found == length) {
      const customer = load<i32>(entry, 12);
      if (isEqual(keyAddress(customer), id, length)) return targetOf(customer);
    }
    if (found == 0) return add(id, length, entry, hash);
    slot = (slot + 1) & slotMask();
  }
}

export function isEqual(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 < length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return lowest(a + i, length - i) == lowest(b + i, length - i);
}

function add(id: usize, length: u32, entry: usize, word: u64): i32 {
  if (customerCount == MAX_CUSTOMERS || keysEnd + 8 + 256 > KEYS + KEY_BYTES) return -1;
  const customer = customerCount++;
  store<u32>(KEY_ADDRESSES + (customer << 2), <u32>keysEnd);
  store<u64>(keysEnd, length);
  memory.copy(keysEnd + 8, id, length);
  keysEnd = (keysEnd + 8 + length + 7) & ~7;
  fill(entry, word, length, customer);
  if (<u64>customerCount * 2 > (<u64>1) << slotBits) growSlots();
  return customer;
}

function fill(entry: usize, word: u64, length: u32, customer: u32): void {
  store<u64>(entry, word);
  store<u32>(entry, length, 8);
  store<u32>(entry, customer, 12);
}

/** Makes eight times as many slots, and moves every customer to its new one. */
function growSlots(): void {
  slotBits += 3;
  memory.fill(SLOTS, 0, (<usize>slotMask() + 1) << 4);
  for (let customer: u32 = 0; customer < customerCount; customer++) {
    const id = keyAddress(customer);
    const length = keyLength(customer);
    const word = wordOf(id, length);
    let slot = slotOf(length > 8 ? word : mix(length, word));
    while (load<u32>(SLOTS + (<usize>slot << 4), 8) != 0) slot = (slot + 1) & slotMask();
    // A short id is found without its key, so its slot has the customer for whom it counts.
    fill(SLOTS + (<usize>slot << 4), word, length, length > 8 ? customer : targetOf(customer));
  }
}
