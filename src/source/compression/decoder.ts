/** Turns the bytes of an archive into those that it was made of. */
export interface Decoder {
  /** True where it swallows, with the bytes that cannot stand there, what it made of those before them. */
  readonly losesAtDamage: boolean;
  /**
   * Takes the archive's next bytes and gives, block by block, what can be told from them. When it is done, the bytes
   * may be overwritten.
   * @throws {Error} where they cannot stand there; the decoder is of no more use then.
   */
  decode(bytes: Uint8Array): Blocks;
  /**
   * Says that there are no more bytes, and gives what is left to give.
   * @throws {EndsTooEarly} after that, where the archive cannot end here.
   */
  finish(): Blocks;
  close(): void;
}

type Blocks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** An archive ends where it cannot. */
export class EndsTooEarly extends Error {}
