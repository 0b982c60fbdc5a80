/** The contract of the secrets with which the API signs what it hands out: sessions and links. */

export interface SigningKey {
  /** Public: it stands in what was signed. */
  readonly id: string;
  /** 32 random bytes. Whoever knows them can sign as the API does. */
  readonly secret: Uint8Array;
  /** In ms since 1970. */
  readonly createdMs: number;
}

export interface SigningKeys {
  /**
   * All of them, the newest first: it signs, and each one verifies. The migration that creates their table makes the first one, so
   * a process that may only read signs, too, and whatever one process signs, every other one accepts.
   */
  list(): Promise<readonly SigningKey[]>;

  /**
   * Makes a key, which signs from now on. Those before it go on verifying, except the oldest of too many.
   * @param options nowMs: the system time. revokesOld: those before are deleted, and nothing that they signed is valid any more.
   * @returns the ids of all keys that are left, the new one first.
   */
  rotate(options: { readonly nowMs: number; readonly revokesOld: boolean }): Promise<readonly string[]>;
}
