declare module 'unbzip2-stream/lib/bzip2.js' {
  /** Gives the next `count` bits as a number; null passes over those up to the next whole byte. */
  type Bits = (count: number | null) => number;

  const bzip2: {
    /** Reads the head of a stream. @returns its level, 1 to 9. */
    header(bits: Bits): number;
    /**
     * Reads a block, or the end of a stream, and holds it to its checksum.
     * @returns the checksum of the stream so far; null at its end.
     */
    decompress(
      bits: Bits,
      put: (byte: number) => void,
      work: Int32Array,
      workLength: number,
      checksum: number,
    ): number | null;
  };
  export default bzip2;
}
