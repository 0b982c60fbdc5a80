import { Readable } from 'node:stream';
import { MAX_EVENT_STREAM_BYTES } from '../../limits.ts';

/** Why a stream ended. `client`: the client left. `slow`: it did not take what was sent. */
export type StreamEnd = 'client' | 'key' | 'slow' | 'store' | 'stop';

interface EventStreamParts {
  /** Whose stream it is. */
  readonly owner: string;
  /** Whether the owner may still read. It throws where that cannot be known. */
  readonly mayRead: () => boolean | Promise<boolean>;
  /** Cuts the connection: its client does not take what was sent, so no end of the stream would reach it. */
  readonly cut: () => void;
}

/** One open stream of events, and what is known of its client. */
export class EventStream {
  readonly owner: string;
  readonly mayRead: EventStreamParts['mayRead'];
  /** The answer. */
  readonly body: Readable;
  /** What the client knows. */
  knownId = '';
  /** When something was last sent, and when the owner was last asked about, by the clock that never goes back. */
  sentMs = 0;
  checkedMs = 0;
  /** Why it ended; undefined while it is open. Where nobody ended it here, the client did. */
  end: StreamEnd | undefined;
  readonly #cut: () => void;

  constructor({ owner, mayRead, cut }: EventStreamParts) {
    this.owner = owner;
    this.mayRead = mayRead;
    this.#cut = cut;
    this.body = new Readable({ read: () => undefined });
  }

  /** Sends a text, or cuts off a client that has not taken those before. @returns whether it was sent. */
  send(text: string, nowMs: number): boolean {
    if (this.end !== undefined || this.body.destroyed) return false;
    if (this.body.readableLength + text.length > MAX_EVENT_STREAM_BYTES) {
      this.end = 'slow';
      this.#cut();
      this.body.destroy();
      return false;
    }
    this.body.push(text);
    this.sentMs = nowMs;
    return true;
  }

  /** Ends the answer as a whole one. Its client may connect again. */
  close(reason: StreamEnd): void {
    if (this.end !== undefined) return;
    this.end = reason;
    this.body.push(null);
  }
}
