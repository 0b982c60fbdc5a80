/** There are not as many bits as were asked for. */
export class OutOfBits extends Error {}

/** Bytes read as bits, the highest of a byte first. */
export class BitReader {
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  /** The low `#count` bits are those that come next. */
  #buffer = 0;
  #count = 0;

  append(bytes: Uint8Array): void {
    const { position } = this;
    this.#bytes = Buffer.concat([this.#bytes.subarray(position >> 3), bytes]);
    this.position = position & 7;
  }

  /** Bytes of which no bit was read. */
  get bytesLeft(): number {
    return this.#bytes.length - this.#at + (this.#count >> 3);
  }

  /** Where the next bit stands, in bits; good until more is appended. */
  get position(): number {
    return 8 * this.#at - this.#count;
  }

  set position(position: number) {
    this.#at = position >> 3;
    this.#count = 0;
    this.read(position & 7);
  }

  /**
   * The next bits without passing over them; zeros behind the last one.
   * @param count at most 24.
   */
  peek(count: number): number {
    while (this.#count < count) {
      this.#buffer = (this.#buffer << 8) | (this.#bytes[this.#at++] ?? 0);
      this.#count += 8;
    }
    return (this.#buffer >>> (this.#count - count)) & (2 ** count - 1);
  }

  /** Passes over bits that {@link peek} gave. @throws {OutOfBits} where some of them are not there. */
  skip(count: number): void {
    this.#count -= count;
    if (this.#at > this.#bytes.length && this.#at - (this.#count >> 3) > this.#bytes.length)
      throw new OutOfBits();
  }

  /** @param count at most 24. @throws {OutOfBits} */
  read(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** 32 bits, as a signed number. @throws {OutOfBits} */
  readWord(): number {
    return (this.read(16) << 16) | this.read(16);
  }

  alignToByte(): void {
    this.skip(this.#count & 7);
  }
}
