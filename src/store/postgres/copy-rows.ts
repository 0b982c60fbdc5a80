/** Rows in PostgreSQL's binary format of COPY (https://www.postgresql.org/docs/current/sql-copy.html). */

import { bug } from '../../errors.ts';
import { COPY_CHUNK_BYTES } from '../../limits.ts';
import { dayOfDate } from '../../window/day.ts';

/** The types of columns that are copied. */
export type CopyType = 'int4' | 'bigint' | 'float8' | 'text' | 'date' | 'bytea' | 'tid';

/** `COPY … FROM STDIN`: a statement that takes its rows beside it. */
export class CopyData {
  readonly #types: readonly CopyType[];
  readonly #rows: Iterable<readonly unknown[]>;

  /** @param rows are read once, when they are sent: a value for each type. */
  constructor(types: readonly CopyType[], rows: Iterable<readonly unknown[]>) {
    this.#types = types;
    this.#rows = rows;
  }

  /** The encoded rows, in pieces that belong to who gets them. */
  *pieces(): Generator<Buffer> {
    const writer = new Writer();
    writer.bytes(HEADER);
    for (const row of this.#rows) {
      writer.int16(this.#types.length);
      this.#types.forEach((type, at) => {
        if (row[at] === null) writer.int32(NULL);
        else WRITE[type](writer, row[at] as never);
      });
      if (writer.isFull) yield writer.take();
    }
    writer.int16(END);
    yield writer.take();
  }
}

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const NULL = -1;
const END = -1;
/** 2000-01-01, from which PostgreSQL counts days. */
const FIRST_DAY = dayOfDate('2000-01-01');
const ZERO = '0'.charCodeAt(0);
const TWO_32 = 2 ** 32;
const MAX_UTF8_BYTES = 3;

const WRITE = {
  int4: (writer: Writer, value: number) => {
    writer.int32(4);
    writer.int32(value);
  },
  bigint: (writer: Writer, value: number) => {
    writer.int32(8);
    writer.int32(Math.floor(value / TWO_32));
    writer.uint32(value % TWO_32);
  },
  float8: (writer: Writer, value: number) => {
    writer.int32(8);
    // As text, −0 is 0.
    writer.double(value + 0);
  },
  text: (writer: Writer, value: string) => writer.text(value),
  date: (writer: Writer, value: string) => {
    writer.int32(4);
    writer.int32(writer.dayOf(value) - FIRST_DAY);
  },
  bytea: (writer: Writer, value: Uint8Array) => {
    writer.int32(value.length);
    writer.bytes(value);
  },
  /** @param value as PostgreSQL writes it: `(12,3)`. */
  tid: (writer: Writer, value: string) => {
    const comma = value.indexOf(',');
    writer.int32(6);
    writer.uint32(digits(value, 1, comma));
    writer.int16(digits(value, comma + 1, value.length - 1));
  },
} satisfies Record<CopyType, (writer: Writer, value: never) => void>;

function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}

class Writer {
  #date = '';
  #day = 0;
  #buffer = Buffer.allocUnsafe(2 * COPY_CHUNK_BYTES);
  #length = 0;

  get isFull(): boolean {
    return this.#length >= COPY_CHUNK_BYTES;
  }

  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(2 * COPY_CHUNK_BYTES);
    this.#length = 0;
    return taken;
  }

  /** Many rows in a row are of one day. */
  dayOf(date: string): number {
    if (date !== this.#date) {
      this.#date = date;
      this.#day = dayOfDate(date);
    }
    return this.#day;
  }

  int16(value: number): void {
    this.#demand(2);
    this.#length = this.#buffer.writeInt16BE(value, this.#length);
  }

  int32(value: number): void {
    this.#demand(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  uint32(value: number): void {
    this.#demand(4);
    this.#length = this.#buffer.writeUInt32BE(value, this.#length);
  }

  double(value: number): void {
    if (!Number.isFinite(value)) throw bug(`${value} is to be stored`);
    this.#demand(8);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  bytes(bytes: Uint8Array): void {
    this.#demand(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** With its length in bytes before it. */
  text(text: string): void {
    this.#demand(4 + MAX_UTF8_BYTES * text.length);
    const bytes = this.#buffer.write(text, this.#length + 4);
    this.#buffer.writeInt32BE(bytes, this.#length);
    this.#length += 4 + bytes;
  }

  #demand(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
