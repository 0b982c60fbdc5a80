/** What a page in a frame and the page around it tell each other (`postMessage`). `docs/sharing.md` describes it. */

export interface Frame {
  /** Tells the page around this one. */
  tell(message: { readonly type: string } & Readonly<Record<string, unknown>>): void;
  /** Stops listening. */
  close(): void;
}

/** A longer token is none. */
const MAX_TOKEN_CHARACTERS = 4000;

/**
 * @param ancestors the origins that may show this page, by the setting of the server. Nobody else is heard or told.
 * @param renewed hears of each token that the page around this one sends.
 */
export function openFrame(ancestors: readonly string[], renewed: (token: string) => void): Frame {
  const isFramed = parent !== window;
  const hear = ({ source, origin, data }: MessageEvent): void => {
    if (source !== parent || !ancestors.includes(origin)) return;
    if (data?.type !== 'daymark:token' || typeof data.token !== 'string') return;
    if (/^[\w.-]+$/.test(data.token) && data.token.length <= MAX_TOKEN_CHARACTERS) renewed(data.token);
  };
  if (isFramed) addEventListener('message', hear);
  // Not every browser tells who is around. A message to another origin than that of the page around is dropped.
  const around = location.ancestorOrigins?.[0];
  const targets = around === undefined ? ancestors : ancestors.filter((origin) => origin === around);
  return {
    tell: (message) => {
      if (isFramed) for (const origin of targets) parent.postMessage(message, origin);
    },
    close: () => removeEventListener('message', hear),
  };
}
