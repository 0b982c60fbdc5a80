/** Streams of server-sent events, as a client reads them. */

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { eventually } from './eventually.ts';

interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export interface ReadStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that came. */
  text(): string;
  /** The events among it. */
  events(): ReadEvent[];
  /** The newest event of a kind, when there is one more of it than before. */
  next(event: string): Promise<ReadEvent>;
  /** Resolves when the server ended the stream; rejects where it was cut off. */
  readonly ended: Promise<void>;
  leave(): void;
}

/** Opens a stream, or gets what is answered in its place. */
export function openStream(url: string, options: RequestOptions = {}): Promise<ReadStream> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      const ended = new Promise<void>((done, cut) => {
        response.on('end', done).on('error', cut);
      });
      // It is awaited where a test looks at it.
      ended.catch(() => undefined);
      const events = () => eventsIn(text);
      const seen = new Map<string, number>();
      const next = async (kind: string) => {
        const all = () => events().filter(({ event }) => event === kind);
        await eventually(() => all().length).toBeGreaterThan(seen.get(kind) ?? 0);
        seen.set(kind, all().length);
        return all().at(-1) as ReadEvent;
      };
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, text: () => text, events, next, ended, leave: () => response.destroy() });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function eventsIn(text: string): ReadEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      return { id: field('id'), event: field('event'), data: field('data') };
    })
    .filter(({ event }) => event !== '');
}
