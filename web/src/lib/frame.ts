/** What a page in a frame and the page around it tell each other (`postMessage`). `docs/sharing.md` describes it. */

interface Frame {
  /** Tells the page around this one. */
  tell(message: { readonly type: string } & Readonly<Record<string, unknown>>): void;
  /** @param renewed hears of each token that the page around this one sends. @returns a function that stops it. */
  hear(renewed: (token: string) => void): () => void;
}

/** A longer token is none. */
const MAX_TOKEN_CHARACTERS = 4000;

/** @param ancestors the origins that may show this page, by the setting of the server. Nobody else is heard or told. */
export function openFrame(ancestors: readonly string[]): Frame {
  // Not every browser tells who is around. A message to another origin than that of the page around is dropped.
  const around = location.ancestorOrigins?.[0];
  const targets = around === undefined ? ancestors : ancestors.filter((origin) => origin === around);
  return {
    tell: (message) => {
      if (parent !== window) for (const origin of targets) parent.postMessage(message, origin);
    },
    hear: (renewed) => {
      const take = ({ source, origin, data }: MessageEvent): void => {
        if (source !== parent || parent === window || !ancestors.includes(origin)) return;
        if (data?.type !== 'daymark:token' || typeof data.token !== 'string') return;
        if (data.token.length <= MAX_TOKEN_CHARACTERS && /^[\w.-]+$/.test(data.token)) renewed(data.token);
      };
      addEventListener('message', take);
      return () => removeEventListener('message', take);
    },
  };
}
