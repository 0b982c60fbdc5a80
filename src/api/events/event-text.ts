/** The lines of a stream of server-sent events (WHATWG HTML, section 9.2). */

/** How long a client is to wait before it connects again. */
export const retryText = (retryMs: number): string => `retry: ${retryMs}\n`;

/**
 * An event. `current` is the first one of a stream whose client missed nothing. `change`: answers may be other ones now.
 * @param id a client that connects again sends it as `Last-Event-ID`.
 * @param now the time in the event.
 */
export function eventText(event: 'current' | 'change', id: string, now = new Date()): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ time: now.toISOString() })}\n\n`;
}

/** Clients ignore a comment. It shows them, and proxies between, that the connection is alive. */
export const HEARTBEAT_TEXT = ': alive\n\n';
