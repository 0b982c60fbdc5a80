import type { PushAnswer, PushKey } from '../../store/contract.ts';
import type { StoredCommit } from '../types.ts';

/** Lines that somebody handed in. */
export interface PushedLines {
  readonly key: PushKey;
  /** For people: who handed them in. It is the name of the partition. */
  readonly name: string;
  /** The ids of the customers whose lines these may be. Undefined: of any. */
  readonly customers: ReadonlySet<string> | undefined;
  /** Of the content as it was handed in. */
  readonly fingerprint: string;
  /** The lines, whole. The last one needs no newline. */
  readonly bytes: Uint8Array;
}

export interface Pushed {
  readonly answer: PushAnswer;
  /** True where the same lines were handed in before with the same key: they did not count again. */
  readonly isReplay: boolean;
  /** What was stored now; undefined where nothing was. */
  readonly commit: StoredCommit | undefined;
}
