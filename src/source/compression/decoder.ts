/** Turns the bytes of an archive into those that it was made of. */
export interface Decoder {
  /**
   * Takes the archive's next bytes and gives what can be told from them, block by block; nothing is held back for
   * more than the format needs. The bytes may be overwritten when it is done.
   * @throws {Error} where they cannot stand there. What it made of them is lost then, and the decoder of no more use.
   */
  decode(bytes: Uint8Array): AsyncIterable<Uint8Array>;
  /** True where the archive may end here; asked once, after the last bytes. */
  isComplete(): Promise<boolean>;
  close(): void;
}
