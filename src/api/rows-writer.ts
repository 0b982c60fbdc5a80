/** The contract of a form: how the rows of an answer become its body. */

export type Row = Readonly<Record<string, unknown>>;

/** A body, or a part of one. */
export type Body = string | Buffer;

/** Writes the rows of one answer. Each part is made in 10 ms at most, when it is asked for. */
export interface RowsWriter {
  write(rows: readonly Row[]): Iterable<Body>;
  end(): Iterable<Body>;
}
