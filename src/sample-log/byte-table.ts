/** Texts as bytes in one array. Each has a row of the same width, so that an index finds it by a multiplication. */
export interface ByteTable {
  readonly bytes: Uint8Array;
  readonly width: number;
  /** The length of each text. The rest of its row has no meaning. */
  readonly lengths: Uint8Array;
}

/** Makes the table of `count` ASCII texts of at most `width` characters. */
export function byteTable(count: number, width: number, text: (index: number) => string): ByteTable {
  const bytes = new Uint8Array(count * width);
  const lengths = new Uint8Array(count);
  const encoder = new TextEncoder();
  for (let index = 0; index < count; index++) {
    const row = bytes.subarray(index * width, (index + 1) * width);
    lengths[index] = encoder.encodeInto(text(index), row).written;
  }
  return { bytes, width, lengths };
}

/** Copies a text to `target` from `offset` on. @returns the offset after it. */
export function copyText(table: ByteTable, index: number, target: Uint8Array, offset: number): number {
  const from = index * table.width;
  const length = table.lengths[index]!;
  // For some ten bytes a loop is faster than `TypedArray.prototype.set`.
  for (let i = 0; i < length; i++) target[offset + i] = table.bytes[from + i]!;
  return offset + length;
}
