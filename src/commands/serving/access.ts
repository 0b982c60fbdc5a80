/** Who may read the API, as the settings say. */

import { BlockList, isIP } from 'node:net';
import type { JwtKeys, JwtOptions } from '../../api/access/jwt-authenticator.ts';
import { ACCESS_SETTINGS } from '../../config/access-settings.ts';
import { durationMsOf } from '../../config/duration.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_JWKS_BYTES, MAX_SESSION_MS, MIN_SESSION_MS } from '../../limits.ts';
import { reportInfo, reportWarning } from '../cli/report.ts';
import { fileRefused, PolledFiles, readNamedFile } from './polled-files.ts';

/** A shorter secret is not allowed for HS256 (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

const MIN_EVERYONE_CUSTOMERS = 3;

/** As they are read. */
const DEFAULTS: Readonly<Partial<Record<keyof typeof ACCESS_SETTINGS, unknown>>> = {
  ...Object.fromEntries(Object.entries(ACCESS_SETTINGS).map(([name, { default: value }]) => [name, value])),
  SESSION_DURATION: durationMsOf(ACCESS_SETTINGS.SESSION_DURATION.default),
};

const JWT_SETTINGS = [
  ...(['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL', 'JWT_JWKS_FILE', 'JWT_SECRET_FILE'] as const),
  ...(['JWT_CUSTOMER_CLAIM', 'JWT_ROLE_CLAIM', 'JWT_ADMIN_ROLE'] as const),
] satisfies (keyof typeof ACCESS_SETTINGS)[];

/** Which credentials are accepted. */
export interface AccessWays {
  /** Whether the keys of the store are. */
  readonly hasKeys: boolean;
  readonly jwt: JwtOptions | undefined;
  /** How long a session lasts at the most. */
  readonly sessionMs: number;
}

/**
 * @returns undefined: everybody may read everything.
 * @throws {DaymarkError} AUTH_OFF where everybody of the network could; INVALID_SETTING.
 */
export function accessOf(settings: Settings): AccessWays | undefined {
  const ways = settings.AUTH.split(',');
  if (!ways.includes('jwt')) refuseUnused(settings, JWT_SETTINGS, 'jwt or keys,jwt');
  assertHides(settings);
  if (settings.AUTH === 'off') {
    refuseUnused(settings, ['EVERYONE_MIN_CUSTOMERS', 'SESSION_DURATION'], 'keys, jwt or keys,jwt');
    assertMayBeOpen(settings);
    return undefined;
  }
  tellOfOpenSettings(settings);
  return {
    hasKeys: ways.includes('keys'),
    jwt: ways.includes('jwt') ? jwtOf(settings) : undefined,
    sessionMs: sessionMsOf(settings),
  };
}

function sessionMsOf({ SESSION_DURATION: ms }: Settings): number {
  if (ms >= MIN_SESSION_MS && ms <= MAX_SESSION_MS) return ms;
  const detail = `SESSION_DURATION is ${ms / 1000} s, but must be from a minute (PT1M) to 31 days (P31D).`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/** Of one or two customers, each knows the other's numbers. */
function assertHides({ EVERYONE_MIN_CUSTOMERS: least }: Settings): void {
  if (least === 0 || least >= MIN_EVERYONE_CUSTOMERS) return;
  const detail = `EVERYONE_MIN_CUSTOMERS is ${least}, but must be 0 (never), or ${MIN_EVERYONE_CUSTOMERS} or more.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/** A setting without an effect is a mistake: whoever set it takes the API for guarded by it. */
function refuseUnused(
  settings: Settings,
  names: readonly (keyof typeof ACCESS_SETTINGS)[],
  use: string,
): void {
  const unused = names.find((name) => settings[name] !== DEFAULTS[name]);
  if (unused === undefined) return;
  const detail = `${unused} is set, but AUTH is ${settings.AUTH}. Set AUTH to ${use}, or unset ${unused}.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

function assertMayBeOpen({ HOST: host, INSECURE_NO_AUTH: insists }: Settings): void {
  if (isLoopback(host) || insists === 'on') return;
  const detail = `AUTH is off, and HOST is ${host}, which other machines may reach.`;
  throw new DaymarkError('AUTH_OFF', detail);
}

/** What is set as if nobody needed a key, or as if nobody could listen. */
function tellOfOpenSettings(settings: Settings): void {
  const { AUTH, HOST, INSECURE_NO_AUTH, TLS_CERT, TRUSTED_PROXIES } = settings;
  // Not an error: compose.yaml always sets it.
  if (INSECURE_NO_AUTH === 'on')
    reportInfo(`INSECURE_NO_AUTH=on has no effect, because AUTH is ${AUTH}: clients need a key`);
  if (isLoopback(HOST) || TLS_CERT !== undefined || TRUSTED_PROXIES !== undefined) return;
  const detail = `AUTH is ${AUTH}, and HOST is ${HOST}, which other machines may reach, without TLS.`;
  reportWarning(new DaymarkError('KEYS_IN_CLEAR_TEXT', detail));
}

/** True of an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8);
  loopback.addAddress('::1', 'ipv6');
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

function jwtOf(settings: Settings): JwtOptions {
  const { JWT_CUSTOMER_CLAIM, JWT_ROLE_CLAIM, JWT_ADMIN_ROLE } = settings;
  return {
    issuer: required(settings, 'JWT_ISSUER'),
    audience: required(settings, 'JWT_AUDIENCE'),
    keys: keysOf(settings),
    ...{ customerClaim: JWT_CUSTOMER_CLAIM, roleClaim: JWT_ROLE_CLAIM, adminRole: JWT_ADMIN_ROLE },
  };
}

function required(settings: Settings, name: 'JWT_ISSUER' | 'JWT_AUDIENCE'): string {
  const value = settings[name];
  if (value !== undefined) return value;
  throw new DaymarkError('INVALID_SETTING', `AUTH has jwt, so ${name} must be set.`);
}

function keysOf({ JWT_JWKS_URL: url, JWT_JWKS_FILE: file, JWT_SECRET_FILE: secret }: Settings): JwtKeys {
  if ([url, file, secret].filter((value) => value !== undefined).length !== 1) {
    const detail = 'AUTH has jwt, so set exactly one of JWT_JWKS_URL, JWT_JWKS_FILE and JWT_SECRET_FILE.';
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  if (url !== undefined) return { jwksUrl: checkedUrl(url) };
  if (file !== undefined) return { jwks: polled('JWT_JWKS_FILE', file, parseJwks) };
  return { secret: polled('JWT_SECRET_FILE', secret ?? '', parseSecret) };
}

function polled<T>(setting: string, path: string, parse: (bytes: Buffer) => T): () => T {
  const file = new PolledFiles({
    paths: [path],
    read: () => readNamedFile(setting, path, MAX_JWKS_BYTES, parse),
    refused: (error) => reportWarning(fileRefused(error)),
  }).watch();
  return () => file.value;
}

/** Whoever can change the answer on its way could sign any token. */
function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(host));
  if (url && isSafe && `${url.username}${url.password}` === '') return url;
  // It may hold a password, so it is not shown.
  const detail =
    'JWT_JWKS_URL must be a URL that begins with https://, or with http:// on this machine, and holds no user and no password.';
  throw new DaymarkError('INVALID_SETTING', detail);
}

function parseJwks(bytes: Buffer) {
  let jwks: unknown;
  try {
    jwks = JSON.parse(bytes.toString());
  } catch {
    throw new Error('it is no JSON');
  }
  const keys = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
  if (Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null)) return { keys };
  throw new Error('it is no JWKS: an object with a list `keys`');
}

/** Editors end a file with a newline, which is no part of the secret. */
function parseSecret(bytes: Buffer): Uint8Array {
  const secret = bytes.toString('latin1').replace(/\r?\n$/, '');
  if (secret.length >= MIN_SECRET_BYTES) return Buffer.from(secret, 'latin1');
  throw new Error(`it has fewer than ${MIN_SECRET_BYTES} bytes`);
}
