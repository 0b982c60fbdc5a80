/**
 * The token of a link that somebody was given. It stands behind `#` in the address, where reloading finds it again and whence a
 * browser sends it to nobody. Each question to the API carries it; no cookie and no storage does.
 */

/** What the token tells of itself. Only the server knows whether it is true. */
interface LinkClaims {
  readonly customer: string;
  readonly kind: 'page' | 'embed';
  /** In seconds since 1970. */
  readonly exp: number;
}

const FRAGMENT = /^#link=([\w.-]+)$/;

/** @returns undefined where it is no whole token. */
function claimsOf(token: string): LinkClaims | undefined {
  try {
    const base64 = (token.split('.')[2] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims?.customer === 'string' && typeof claims.exp === 'number' ? claims : undefined;
  } catch {
    return undefined;
  }
}

class Link {
  #token = $state.raw(tokenIn(location.hash));

  constructor() {
    // Somebody put another link into the address bar.
    addEventListener('hashchange', () => {
      const token = tokenIn(location.hash);
      if (token !== undefined && token !== this.#token) location.reload();
    });
  }

  /** Undefined: the page was not opened by a link. */
  get token(): string | undefined {
    return this.#token;
  }

  get claims(): LinkClaims | undefined {
    return this.#token === undefined ? undefined : claimsOf(this.#token);
  }

  /** What stands behind `#` in each address of the page. */
  get fragment(): string {
    return this.#token === undefined ? '' : `#link=${this.#token}`;
  }

  /** Takes another token, and puts it into the address for the next time that it is loaded. */
  renew(token: string): void {
    history.replaceState(history.state, '', `#link=${token}`);
    this.#token = token;
  }
}

/** One that was cut when it was copied is a token, too. Any other fragment is a place on the page. */
function tokenIn(hash: string): string | undefined {
  if (!hash.startsWith('#link=')) return undefined;
  return FRAGMENT.exec(hash)?.[1] ?? '';
}

export const link = new Link();
