/** The contract of what was handed in over HTTP: each push has a key, by which a second try of it is known. */

export interface PushKey {
  /** Who handed it in. Two of them may use the same key. */
  readonly scope: string;
  /** What the client chose to tell its pushes apart. */
  readonly key: string;
}

/** A line that was rejected. */
interface RejectedPush {
  /** Its number in what was handed in, from 1. */
  readonly line: number;
  /** The byte at which it begins there, decompressed. */
  readonly offset: number;
  readonly reason: string;
  readonly excerpt: string;
}

/**
 * What became of the lines of a push. The client is told of it as it is: the names and the order of the fields are part of the API.
 */
export interface PushAnswer {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejected_by_reason: Readonly<Record<string, number>>;
  readonly late: number;
  readonly dropped: number;
  readonly excluded: number;
  /** The first ones. */
  readonly rejected_lines: readonly RejectedPush[];
  /** The partition that they count for. */
  readonly source_id: string;
}

/** A push that was committed. */
export interface Push extends PushKey {
  /** Of its content. A second try has the same. */
  readonly fingerprint: string;
  /** What its client was told, or was to be told: a {@link PushAnswer} in JSON. The store only keeps it. */
  readonly answer: string;
  /** When it was committed, in ms since 1970. */
  readonly createdMs: number;
}

export interface Pushes {
  /** @returns undefined where it was not committed, or was forgotten. */
  find(key: PushKey): Promise<Push | undefined>;

  /**
   * Forgets pushes that were committed before a time, the oldest first.
   * @param limit how many to forget at the most. @returns how many it forgot.
   */
  forgetBefore(timeMs: number, limit: number): Promise<number>;
}
