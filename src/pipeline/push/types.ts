import type { PushKey } from '../../store/contract.ts';
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

/** A line that was rejected. */
interface RejectedPush {
  /** Its number in what was handed in, from 1. */
  readonly line: number;
  /** The byte at which it begins there, decompressed. */
  readonly offset: number;
  readonly reason: string;
  readonly excerpt: string;
}

/** What became of lines. The client is told of it as it is, so the names are those of the API. */
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

export interface Pushed {
  readonly answer: PushAnswer;
  /** True where the same lines were handed in before with the same key: they did not count again. */
  readonly isReplay: boolean;
  /** What was stored now; undefined where nothing was. */
  readonly commit: StoredCommit | undefined;
}
