/** Turns the bytes of an archive into those that it was made of. */
export interface Decoder {
  /** True where it swallows, with the bytes that cannot stand there, what it made of those before them. */
  readonly losesAtDamage: boolean;
  /**
   * Takes the archive's next bytes and gives, block by block, what can be told from them. A block has at most
   * READ_BLOCK_BYTES, and what comes behind it is decompressed when it was taken: a few blocks ahead at the most. Where
   * there is much work and nothing to give, it gives blocks of no bytes. When it is done, the bytes may be overwritten.
   * @throws {NotSupported} {Error} where they cannot stand there; the decoder is of no more use then.
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

/** What is given where something was read that makes no content: so the caller can stop there, too. */
export const NO_CONTENT = new Uint8Array();

/** An archive ends where it cannot. */
export class EndsTooEarly extends Error {}

/** An archive is not damaged, but asks for what this decoder does not have. */
export class NotSupported extends Error {}
