/** Keys and tokens of all kinds, valid and not, for one server. */

import { createHmac, randomBytes } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { AccessOptions } from '../../../src/api/access/authenticators.ts';
import { newKey } from '../../../src/api/access/key-text.ts';
import type { ApiKeyRole, NewApiKey, NewLink, SigningKey, Store } from '../../../src/store/contract.ts';

export const OWN = 'own_1';
export const OTHER = 'other_2';
export const UNKNOWN = 'never_3';

/** Whom a server should take the sender of a header for. */
export type Sender = 'nobody' | 'own' | 'other' | 'admin' | 'ingest';

export interface Credential {
  readonly name: string;
  /** Undefined: the header is not sent. */
  readonly authorization: string | undefined;
  /** What a browser sends. Undefined: nothing. */
  readonly cookie?: string;
  readonly sender: Sender;
}

export interface Guarded {
  readonly access: AccessOptions;
  readonly credentials: readonly Credential[];
}

const ISSUER = 'https://login.example.com/';
const AUDIENCE = 'https://stats.example.com';
const NOW_S = Math.floor(Date.now() / 1000);

/** Adds a key to a store. @returns its text. */
export async function addKey(
  store: Store,
  role: ApiKeyRole,
  customers: readonly string[] = [],
  parts: Partial<NewApiKey> = {},
): Promise<string> {
  const { id, text, hash } = newKey();
  const key = { id, hash, role, customers, name: '', createdMs: Date.now(), expiresMs: null };
  await store.apiKeys.add({ ...key, ...parts });
  return text;
}

/** Puts keys into a store, and makes an identity provider beside it. */
export async function guarded(store: Store): Promise<Guarded> {
  const jwts = await tokens();
  return {
    access: { keys: store.apiKeys, jwt: jwts.jwt, signingKeys: store.signingKeys, links: store.links },
    credentials: [
      { name: 'no key', authorization: undefined, sender: 'nobody' },
      ...(await keys(store)),
      ...jwts.credentials,
      ...(await sessions(store)),
      ...(await links(store)),
    ],
  };
}

/** Signs as the server does, by another program. */
export function signedBy(
  { id, secret }: Pick<SigningKey, 'id' | 'secret'>,
  claims: object,
  purpose = 'session',
): string {
  const head = `1.${id}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const code = createHmac('sha256', secret).update(`daymark ${purpose} ${head}`).digest('base64url');
  return `${head}.${code}`;
}

export const cookieOf = (token: string): string => `daymark_session=${token}`;

/** Cookies of sessions, true and false ones. */
async function sessions(store: Store): Promise<Credential[]> {
  const keyOf = async (...args: Parameters<typeof addKey> extends [Store, ...infer Rest] ? Rest : never) =>
    (await addKey(store, ...args)).split('_')[1] ?? '';
  const [own, other, admin] = [
    await keyOf('customer', [OWN]),
    await keyOf('customer', [OTHER]),
    await keyOf('admin'),
  ];
  const revoked = await keyOf('admin');
  await store.apiKeys.revoke(revoked, 1);
  const [signing] = await store.signingKeys.list();
  if (!signing) throw new Error('the store has no key to sign with');
  const exp = NOW_S + 3600;
  const sign = (claims: object, purpose?: string) => signedBy(signing, { exp, ...claims }, purpose);
  const signed = sign({ key: admin });
  const otherEnd = signed.endsWith('A') ? 'B' : 'A';
  const stranger = { id: signing.id, secret: randomBytes(32) };
  const jwt = { id: 'jwt somebody', role: 'customer', customers: [OWN] };
  const cookie = (name: string, token: string, sender: Sender = 'nobody') => ({
    ...{ name, authorization: undefined, cookie: cookieOf(token), sender },
  });
  return [
    cookie('a session of an own key', sign({ key: own }), 'own'),
    cookie('a session of another customer', sign({ key: other }), 'other'),
    cookie('a session of an admin', signed, 'admin'),
    cookie('a session of a JWT', sign({ jwt }), 'own'),
    {
      ...cookie('a session among other cookies', '', 'own'),
      cookie: `a=1; ${cookieOf(sign({ key: own }))}; daymark_sessions=2`,
    },
    cookie('an empty session', ''),
    cookie('a session that is over', sign({ key: admin, exp: NOW_S - 1 })),
    cookie('a session of a revoked key', sign({ key: revoked })),
    cookie('a session of an expired key', sign({ key: await keyOf('admin', [], { expiresMs: 1 }) })),
    cookie('a session of an unknown key', sign({ key: '0123456789abcdef' })),
    cookie('a session of nobody', sign({})),
    cookie('a changed session', signed.slice(0, -1) + otherEnd),
    cookie('a session that somebody else signed', signedBy(stranger, { exp, key: admin })),
    cookie('a link in the place of a session', sign({ key: admin }, 'link')),
    cookie('a key in the place of a session', await addKey(store, 'admin')),
    { ...cookie('the name of another cookie', signed), cookie: `__Host-daymark_session=${signed}` },
    { ...cookie('a wrong key beside a session', signed), authorization: `Bearer ${newKey().text}` },
    {
      ...cookie('an own key beside the session of an admin', signed, 'own'),
      authorization: `Bearer ${await addKey(store, 'customer', [OWN])}`,
    },
  ];
}

/** Adds a link to a store. */
async function addLink(store: Store, parts: Partial<NewLink> = {}): Promise<NewLink> {
  const link: NewLink = {
    ...{ id: randomBytes(8).toString('hex'), customer: OWN, kind: 'page', name: '', createdBy: '' },
    ...{ createdMs: Date.now(), expiresMs: (NOW_S + 3600) * 1000, ...parts },
  };
  await store.links.add(link, { forgetBeforeMs: { page: 0, embed: 0 }, most: 1_000 });
  return link;
}

/** Tokens of links, true and false ones. */
async function links(store: Store): Promise<Credential[]> {
  const [signing] = await store.signingKeys.list();
  if (!signing) throw new Error('the store has no key to sign with');
  const sign = ({ id, customer, kind, expiresMs }: NewLink, changes: object = {}, purpose = 'link') =>
    signedBy(signing, { lid: id, customer, kind, exp: expiresMs / 1000, ...changes }, purpose);
  const [own, revoked] = [await addLink(store), await addLink(store)];
  await store.links.revoke(revoked.id, 1);
  const expired = await addLink(store, { expiresMs: (NOW_S - 1) * 1000 });
  const bearer = (name: string, token: string, sender: Sender = 'nobody') => ({
    ...{ name, authorization: `Bearer ${token}`, sender },
  });
  const [head = '', id = '', , code = ''] = sign(own).split('.');
  const otherClaims = Buffer.from(
    JSON.stringify({ lid: own.id, customer: OTHER, kind: 'page', exp: NOW_S + 3600 }),
  );
  return [
    bearer('an own link', sign(own), 'own'),
    bearer('a link to another customer', sign(await addLink(store, { customer: OTHER })), 'other'),
    bearer('a revoked link', sign(revoked)),
    bearer('an expired link', sign(expired)),
    bearer('an expired link whose token is signed for longer', sign(expired, { exp: NOW_S + 3600 })),
    bearer('a link that there is none of', sign(own, { lid: '0123456789abcdef' })),
    bearer(
      'a link of a customer in other words',
      `${head}.${id}.${otherClaims.toString('base64url')}.${code}`,
    ),
    bearer(
      'a link that somebody else signed',
      signedBy({ id: signing.id, secret: randomBytes(32) }, { lid: own.id, exp: NOW_S + 3600 }),
    ),
    bearer('a session in the place of a link', sign(own, {}, 'session')),
    bearer(
      'a link for a frame, of a customer that was not opted in',
      sign(await addLink(store, { kind: 'embed' })),
    ),
    {
      ...bearer('an own link beside the session of an admin', sign(own), 'own'),
      cookie: await adminCookie(store),
    },
  ];
}

async function adminCookie(store: Store): Promise<string> {
  const [signing] = await store.signingKeys.list();
  if (!signing) throw new Error('the store has no key to sign with');
  const key = (await addKey(store, 'admin')).split('_')[1];
  return cookieOf(signedBy(signing, { exp: NOW_S + 3600, key }));
}

async function keys(store: Store): Promise<Credential[]> {
  const own = await addKey(store, 'customer', [OWN]);
  const revoked = await addKey(store, 'admin');
  await store.apiKeys.revoke(revoked.split('_')[1] ?? '', 1);
  const otherDigit = own.endsWith('0') ? '1' : '0';
  const bearer = (name: string, text: string, sender: Sender = 'nobody') => ({
    ...{ name, authorization: `Bearer ${text}`, sender },
  });
  return [
    bearer('an empty key', ''),
    bearer('a malformed key', 'daymark_123'),
    bearer('a key and more', `${own}0`),
    bearer('an unknown key', newKey().text),
    bearer('a wrong secret', own.slice(0, -1) + otherDigit),
    bearer('an expired key', await addKey(store, 'admin', [], { expiresMs: Date.now() - 1 })),
    bearer('a revoked key', revoked),
    { name: 'another scheme', authorization: `Basic ${own}`, sender: 'nobody' },
    bearer('an own key', own, 'own'),
    bearer('a key of another customer', await addKey(store, 'customer', [OTHER]), 'other'),
    bearer('an ingest key', await addKey(store, 'ingest'), 'ingest'),
    bearer('an admin key', await addKey(store, 'admin'), 'admin'),
  ];
}

async function tokens() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const stranger = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
  const jwks = { keys: [jwk] };
  const good = { iss: ISSUER, aud: AUDIENCE, exp: NOW_S + 3600, sub: 'somebody', customer_id: OWN };
  const sign = (payload: JWTPayload, key: Parameters<SignJWT['sign']>[0] = privateKey, alg = 'ES256') =>
    new SignJWT(payload).setProtectedHeader({ alg, kid: 'one' }).sign(key);
  const { exp: _, ...endless } = good;
  const publicText = new TextEncoder().encode(await exportSPKI(publicKey));
  const made: [string, string, Sender][] = [
    ['a JWT of an own customer', await sign(good), 'own'],
    ['a JWT of an admin', await sign({ ...good, sub: 'boss', role: ['x', 'admin'] }), 'admin'],
    ['a JWT of a wrong issuer', await sign({ ...good, iss: 'https://evil.example.com/' }), 'nobody'],
    ['a JWT for another audience', await sign({ ...good, aud: 'https://other.example.com' }), 'nobody'],
    ['an expired JWT', await sign({ ...good, exp: NOW_S - 3600 }), 'nobody'],
    ['a JWT without an end', await sign(endless), 'nobody'],
    ['a JWT of the future', await sign({ ...good, nbf: NOW_S + 3600 }), 'nobody'],
    ['a JWT with a strange signature', await sign(good, stranger.privateKey), 'nobody'],
    ['a JWT signed with the public key', await sign(good, publicText, 'HS256'), 'nobody'],
    ['a JWT with the algorithm none', new UnsecuredJWT(good).setExpirationTime('1h').encode(), 'nobody'],
  ];
  return {
    jwt: {
      ...{ issuer: ISSUER, audience: AUDIENCE, keys: { jwks: () => jwks } },
      ...{ customerClaim: 'customer_id', roleClaim: 'role', adminRole: 'admin' },
    },
    credentials: made.map(([name, token, sender]) => ({ name, authorization: `Bearer ${token}`, sender })),
  };
}
