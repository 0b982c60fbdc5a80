/** Accepts the JSON Web Tokens (RFC 7519) of an identity provider. `jose` checks them; loading it takes some milliseconds. */

import { hash } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { DaymarkError, messageOf } from '../../errors.ts';
import {
  JWKS_COOLDOWN_MS,
  JWKS_MAX_AGE_MS,
  JWKS_TIMEOUT_MS,
  JWT_CLOCK_SKEW_S,
  JWT_MAX_AGE_MS,
  MAX_CACHED_JWTS,
  MAX_CACHED_READERS_BYTES,
  MAX_JWKS_BYTES,
  MAX_KEY_CUSTOMERS,
} from '../../limits.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { Authenticator, Reader } from './reader.ts';

/** What signatures are checked with. A file is asked for with each use, because it may change. */
export type JwtKeys =
  | { readonly jwksUrl: URL }
  | { readonly jwks: () => JSONWebKeySet }
  | { readonly secret: () => Uint8Array };

export interface JwtOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JwtKeys;
  /** The claim with the customer, or a list of them. */
  readonly customerClaim: string;
  /** The claim with the role, or a list of them, and the role of those who read everything. */
  readonly roleClaim: string;
  readonly adminRole: string;
}

/**
 * The kind of key decides the algorithms, never the token. So `none` is not among them, and nobody can sign a token with HS256
 * and a public key as its secret.
 */
const OF_PUBLIC_KEYS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const OF_SECRETS = ['HS256'];

/** Errors that say that the token is not valid. All others say that the keys could not be had. */
const OF_TOKENS: ReadonlySet<string> = new Set([
  ...[errors.JWTExpired.code, errors.JWTClaimValidationFailed.code, errors.JWTInvalid.code],
  ...[errors.JWSInvalid.code, errors.JWSSignatureVerificationFailed.code, errors.JOSEAlgNotAllowed.code],
  ...[errors.JOSENotSupported.code, errors.JWKSNoMatchingKey.code],
]);

interface Accepted {
  readonly reader: Reader;
  /** In ms since 1970. */
  readonly untilMs: number;
}

/**
 * Remembers the tokens that it accepted for JWT_MAX_AGE_MS, by their fingerprints: a signature takes 0.1 ms to check, and the
 * memory of the process holds no tokens.
 */
export class JwtAuthenticator implements Authenticator {
  readonly #options: JwtOptions;
  readonly #verification: JWTVerifyOptions;
  readonly #keys: FoundKeys;
  readonly #accepted = new BoundedCache<Accepted>(MAX_CACHED_JWTS, MAX_CACHED_READERS_BYTES);

  constructor(options: JwtOptions) {
    this.#options = options;
    this.#keys = keysOf(options.keys);
    this.#verification = {
      ...{ issuer: options.issuer, audience: options.audience, clockTolerance: JWT_CLOCK_SKEW_S },
      algorithms: 'secret' in options.keys ? OF_SECRETS : OF_PUBLIC_KEYS,
      requiredClaims: ['exp'],
    };
  }

  authenticate(token: string, mayAsk: boolean): Reader | undefined | Promise<Reader | undefined> {
    const print = hash('sha256', token, 'base64');
    const accepted = this.#accepted.get(print);
    if (accepted && Date.now() < accepted.untilMs) return accepted.reader;
    return this.#verify(token, print, mayAsk ? this.#keys.any : this.#keys.atHand);
  }

  async #verify(token: string, print: string, keyOf: JWTVerifyGetKey): Promise<Reader | undefined> {
    const payload = await this.#payloadOf(token, keyOf);
    const reader = payload && readerOf(payload, this.#options);
    if (!reader) return undefined;
    const [nowMs, expiresMs] = [Date.now(), ((payload.exp ?? 0) + JWT_CLOCK_SKEW_S) * 1000];
    const accepted = { reader, untilMs: Math.min(expiresMs, nowMs + JWT_MAX_AGE_MS) };
    this.#accepted.keep(print, accepted, ({ untilMs }) => untilMs <= nowMs);
    return reader;
  }

  async #payloadOf(token: string, keyOf: JWTVerifyGetKey): Promise<JWTPayload | undefined> {
    try {
      return (await jwtVerify(token, keyOf, this.#verification)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return this.#payloadByAnyOf(token, error);
      return undefinedIfInvalid(error);
    }
  }

  /** A JWKS may have several keys that a token without a key id fits. */
  async #payloadByAnyOf(
    token: string,
    keys: errors.JWKSMultipleMatchingKeys,
  ): Promise<JWTPayload | undefined> {
    for await (const key of keys) {
      const found = await jwtVerify(token, key, this.#verification).catch(undefinedIfInvalid);
      if (found) return found.payload;
    }
    return undefined;
  }
}

function undefinedIfInvalid(error: unknown): undefined {
  if (error instanceof errors.JOSEError && OF_TOKENS.has(error.code)) return undefined;
  throw new DaymarkError('IDENTITY_PROVIDER_UNREACHABLE', `${messageOf(error)}.`, { cause: error });
}

/** Finds the key that a token is signed with. */
interface FoundKeys {
  /** Asks the identity provider for one that is not known. */
  readonly any: JWTVerifyGetKey;
  /** Asks it only where no current keys are known at all: whoever asks then shares one request, and all need the answer. */
  readonly atHand: JWTVerifyGetKey;
}

function keysOf(keys: JwtKeys): FoundKeys {
  if ('jwksUrl' in keys) return keysOfUrl(keys.jwksUrl);
  if ('secret' in keys) {
    const find = async () => keys.secret();
    return { any: find, atHand: find };
  }
  const find = localKeys(keys.jwks);
  return { any: find, atHand: find };
}

function keysOfUrl(url: URL): FoundKeys {
  const any = createRemoteJWKSet(url, {
    ...{ cacheMaxAge: JWKS_MAX_AGE_MS, cooldownDuration: JWKS_COOLDOWN_MS },
    ...{ timeoutDuration: JWKS_TIMEOUT_MS, [customFetch]: fetchBounded },
  });
  return {
    any,
    atHand: (header, token) => {
      const jwks = any.fresh ? any.jwks() : undefined;
      return (jwks ? createLocalJWKSet(jwks) : any)(header, token);
    },
  };
}

/** @param jwks gives the same object until the keys change. */
function localKeys(jwks: () => JSONWebKeySet): JWTVerifyGetKey {
  let [last, find]: [JSONWebKeySet?, JWTVerifyGetKey?] = [];
  return (header, token) => {
    const now = jwks();
    if (now !== last || !find) [last, find] = [now, createLocalJWKSet(now)];
    return find(header, token);
  };
}

/** `jose` would read an answer of any length. */
const fetchBounded: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_JWKS_BYTES) throw new Error(`the JWKS has more than ${MAX_JWKS_BYTES} bytes`);
    pieces.push(piece);
  }
  return new Response(Buffer.concat(pieces), { status: response.status, headers: response.headers });
};

/** @returns undefined where the claims are of another kind than daymark knows. */
function readerOf(payload: JWTPayload, options: JwtOptions): Reader | undefined {
  const role = textsOf(claimOf(payload, options.roleClaim)).includes(options.adminRole)
    ? 'admin'
    : 'customer';
  const customers = role === 'admin' ? [] : textsOf(claimOf(payload, options.customerClaim));
  if (customers.length > MAX_KEY_CUSTOMERS) return undefined;
  // A token tells who has it, or only what that one may read. Either can be long.
  const who = hash('sha256', JSON.stringify([role, payload.sub ?? customers]), 'base64');
  return { id: `jwt ${who}`, role, customers, expiresMs: (payload.exp ?? 0) * 1000 };
}

/** A claim by its name, or else by its path: `realm_access.roles`. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split('.').reduce<unknown>((value, key) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isObject ? (value as Record<string, unknown>)[key] : undefined;
  }, payload);
}

function textsOf(value: unknown): string[] {
  return [value].flat().flatMap((one) => {
    if (typeof one === 'string' && one !== '') return one;
    return Number.isSafeInteger(one) ? String(one) : [];
  });
}
