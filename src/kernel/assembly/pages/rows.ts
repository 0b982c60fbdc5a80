/**
 * Makes cells of SQLite's B-trees of rows of windows: one of the table, and one of the index of its key, in their order. Two leaf pages
 * are filled (https://www.sqlite.org/fileformat2.html, section 1.6). `store/sqlite/bulk-load/` puts pages into trees.
 */

import { compareBytes, ROW_KEY, ROW_LATE, ROW_NUMBERS } from '../merge/merge';
import { NUMBERS } from '../merge/numbers';
import { MAX_KEY_BYTES, POOL } from '../windows/window-memory';
import {
  blobType,
  bytesOf,
  integerType,
  NULL_TYPE,
  REAL_TYPE,
  textType,
  varintBytes,
  writeHighFirst,
  writeInteger,
} from './records';

export const LEAF_BYTES: usize = 65536;
/** The leaf pages of the table and of the index. */
export const ROW_LEAF: usize = (POOL + 63) & ~63;
export const KEY_LEAF: usize = ROW_LEAF + LEAF_BYTES;
/** Rows go here, as `merge.ts` writes them. */
export const ROW_BLOCK: usize = KEY_LEAF + LEAF_BYTES + MAX_KEY_BYTES + 64;
/** The key of the row before, without its kind. */
const LAST_KEY: usize = KEY_LEAF + LEAF_BYTES;

/** Why {@link pageRows} stopped: all rows are in the pages; one of them is full; a row cannot be written here. */
const DONE: u32 = 0;
const ROWS_FULL: u32 = 1;
const KEYS_FULL: u32 = 2;
const REFUSED: u32 = 3;
/** A key is not behind the one before. */
const DISORDER: u32 = 4;

const HEADER_BYTES: usize = 8;
/** A longer record would need pages of its own ("U-35"). */
const MOST_PAYLOAD_BYTES: u32 = <u32>LEAF_BYTES - 35;

/** The first numbers are counts. */
const INTEGERS: usize = 2;

/** How many cells each page has, and where the last one begins. */
export let rowCells: u32 = 0;
export let rowContent: usize = 0;
export let keyCells: u32 = 0;
export let keyContent: usize = 0;
/** The bytes of the last cell of the index. */
export let lastKeyCellBytes: u32 = 0;
/** How many rows there are. The id of a row is its number, from 1 on. */
export let pagedRows: f64 = 0;
/** Where {@link pageRows} goes on. */
export let nextRow: usize = 0;
let lastKeyBytes: u32 = 0;

/** Begins a table. */
export function beginTable(): void {
  pagedRows = 0;
  lastKeyBytes = 0;
  beginRowLeaf();
  beginKeyLeaf();
}

export function beginRowLeaf(): void {
  memory.fill(ROW_LEAF, 0, LEAF_BYTES);
  rowCells = 0;
  rowContent = LEAF_BYTES;
}

export function beginKeyLeaf(): void {
  memory.fill(KEY_LEAF, 0, LEAF_BYTES);
  keyCells = 0;
  keyContent = LEAF_BYTES;
}

/** Writes rows from an address on. Their keys have two values. @returns why it stopped, at `nextRow`. */
export function pageRows(from: usize, end: usize): u32 {
  for (nextRow = from; nextRow < end; ) {
    const row = nextRow;
    const keyBytes = load<u32>(row) - 1;
    const stateBytes = load<u32>(row, 4);
    const key = row + ROW_KEY + 1;
    if (load<f64>(row, ROW_LATE) > 0) return REFUSED;
    if (compareBytes(LAST_KEY, lastKeyBytes, key, keyBytes) >= 0) return DISORDER;
    let firstBytes: u32 = 0;
    while (load<u8>(key + firstBytes) != 0) firstBytes++;
    const secondBytes = keyBytes - firstBytes - 1;
    const id = <u64>pagedRows + 1;

    const typeBytes = varintBytes(textType(firstBytes)) + varintBytes(textType(secondBytes));
    const headBytes: u32 = typeBytes + NUMBERS + 1 + varintBytes(blobType(stateBytes));
    const payloadBytes = headBytes + keyBytes - 1 + numberBytes(row + ROW_NUMBERS) + stateBytes;
    if (payloadBytes > MOST_PAYLOAD_BYTES) return REFUSED;
    const cellBytes = varintBytes(payloadBytes) + varintBytes(id) + payloadBytes;
    if (HEADER_BYTES + <usize>(rowCells + 1) * 2 + cellBytes > rowContent) return ROWS_FULL;

    const idBytes = bytesOf(integerType(id));
    const keyPayloadBytes: u32 = typeBytes + 1 + keyBytes + idBytes;
    const keyCellBytes = varintBytes(keyPayloadBytes) + keyPayloadBytes;
    if (HEADER_BYTES + <usize>(keyCells + 1) * 2 + keyCellBytes > keyContent) return KEYS_FULL;

    rowContent -= cellBytes;
    store<u16>(ROW_LEAF + HEADER_BYTES + (<usize>rowCells << 1), bswap(<u16>rowContent));
    rowCells++;
    let at = writeHighFirst(ROW_LEAF + rowContent, payloadBytes);
    at = writeHighFirst(at, id);
    at = writeHighFirst(at, headBytes);
    at = writeHighFirst(at, textType(firstBytes));
    at = writeHighFirst(at, textType(secondBytes));
    at = writeNumberTypes(at, row + ROW_NUMBERS);
    at = writeHighFirst(at, blobType(stateBytes));
    at = writeTexts(at, key, firstBytes, secondBytes);
    at = writeNumbers(at, row + ROW_NUMBERS);
    memory.copy(at, key + keyBytes, stateBytes);

    keyContent -= keyCellBytes;
    lastKeyCellBytes = keyCellBytes;
    store<u16>(KEY_LEAF + HEADER_BYTES + (<usize>keyCells << 1), bswap(<u16>keyContent));
    keyCells++;
    at = writeHighFirst(KEY_LEAF + keyContent, keyPayloadBytes);
    at = writeHighFirst(at, typeBytes + 2);
    at = writeHighFirst(at, textType(firstBytes));
    at = writeHighFirst(at, textType(secondBytes));
    store<u8>(at, integerType(id));
    at = writeTexts(at + 1, key, firstBytes, secondBytes);
    writeInteger(at, id, idBytes);

    memory.copy(LAST_KEY, key, keyBytes);
    lastKeyBytes = keyBytes;
    pagedRows = <f64>id;
    nextRow = (key + keyBytes + stateBytes + 7) & ~7;
  }
  return DONE;
}

/** A real number that is a small integer is kept as one, as SQLite itself does, and comes back as a real number. */
const MOST_AS_INTEGER: f64 = 140737488355327;

/** The serial type of a number that is not negative. @param column its place: the first ones are integers. */
// @ts-ignore: decorator
@inline
function numberType(column: usize, number: f64): u32 {
  if (column < INTEGERS) return integerType(<u64>number);
  if (number <= MOST_AS_INTEGER && number == Math.floor(number)) return integerType(<u64>number);
  return number == number ? REAL_TYPE : NULL_TYPE;
}

function numberBytes(numbers: usize): u32 {
  let bytes: u32 = 0;
  for (let i: usize = 0; i < NUMBERS; i++) bytes += bytesOf(numberType(i, load<f64>(numbers + (i << 3))));
  return bytes;
}

function writeNumberTypes(at: usize, numbers: usize): usize {
  for (let i: usize = 0; i < NUMBERS; i++) store<u8>(at + i, numberType(i, load<f64>(numbers + (i << 3))));
  return at + NUMBERS;
}

function writeNumbers(at: usize, numbers: usize): usize {
  for (let i: usize = 0; i < NUMBERS; i++) {
    const number = load<f64>(numbers + (i << 3));
    const type = numberType(i, number);
    if (type == REAL_TYPE) {
      store<u64>(at, bswap(reinterpret<u64>(number)));
      at += 8;
    } else {
      at = writeInteger(at, <u64>number, bytesOf(type));
    }
  }
  return at;
}

/** Without what parts the two values of the key. */
function writeTexts(at: usize, key: usize, firstBytes: u32, secondBytes: u32): usize {
  memory.copy(at, key, firstBytes);
  memory.copy(at + firstBytes, key + firstBytes + 1, secondBytes);
  return at + firstBytes + secondBytes;
}
