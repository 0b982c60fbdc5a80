/** The contract of what was handed in over HTTP: each push has a key, by which a second try of it is known. */

export interface PushKey {
  /** Who handed it in. Two of them may use the same key. */
  readonly scope: string;
  /** What the client chose to tell its pushes apart. */
  readonly key: string;
}

/** A push that was committed. */
export interface Push extends PushKey {
  /** Of its content. A second try has the same. */
  readonly fingerprint: string;
  /** What its client was told, or was to be told. The store only keeps it. */
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
