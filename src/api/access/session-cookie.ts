/** The cookie of a session. */

import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';

const NAME = 'daymark_session';

/**
 * Over HTTPS, browsers take a cookie of this name only from this host, for all its paths, and never send it in clear text
 * (RFC 6265bis, section 4.1.3.2).
 */
const NAME_OVER_TLS = `__Host-${NAME}`;

/** Over TLS, or a proxy that is trusted says so. */
const isSecure = ({ protocol }: Pick<FastifyRequest, 'protocol'>): boolean => protocol === 'https';

/** @returns the token in the cookie of a request; undefined where there is none. */
export function sessionTokenOf(request: Pick<FastifyRequest, 'headers' | 'protocol'>): string | undefined {
  const { cookie } = request.headers;
  if (!cookie?.includes(NAME)) return undefined;
  return parseCookie(cookie)[isSecure(request) ? NAME_OVER_TLS : NAME];
}

/** @returns a `Set-Cookie` of a session. @param maxAgeS how long the browser keeps it; 0: it forgets it. */
export function sessionCookie(
  request: Pick<FastifyRequest, 'protocol'>,
  token: string,
  maxAgeS: number,
): string {
  const secure = isSecure(request);
  return stringifySetCookie({
    ...{ name: secure ? NAME_OVER_TLS : NAME, value: token, maxAge: maxAgeS, path: '/' },
    ...{ httpOnly: true, sameSite: 'strict', secure },
  });
}
