/** The contract of whoever takes lines that clients hand in. `commands/` has it run in a thread of its own. */

import type { PushAnswer, PushKey } from '../../store/contract.ts';

/** Lines of a log, or log records of OpenTelemetry. */
export type PushForm = 'lines' | 'otlp';

export interface ReceivedPush {
  readonly form: PushForm;
  readonly scope: PushKey['scope'];
  /** Undefined: the content itself is the key. */
  readonly idempotencyKey: string | undefined;
  /** For people: who hands it in. */
  readonly name: string;
  /** Ids or aliases of the customers whose lines these may be. Empty: of any. */
  readonly customers: readonly string[];
  /** As it came. The receiver may keep it. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** As `Content-Encoding` names it. */
  readonly encoding: string;
}

export interface PushReceiver {
  /** The encodings of bodies that it decompresses. */
  readonly encodings: readonly string[];
  /**
   * Resolves when the lines are committed. It takes any number at once, and reads them one after the other.
   * @throws {DaymarkError} PUSH_*; STORE_*.
   */
  receive(push: ReceivedPush): Promise<{ readonly answer: PushAnswer; readonly isReplay: boolean }>;
}
