import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { LinkAuthenticator, type LinkClaims } from '../../../src/api/access/link-authenticator.ts';
import { signToken } from '../../../src/api/access/signed-token.ts';
import { TokenSigner } from '../../../src/api/access/token-signer.ts';
import { KEY_MAX_AGE_MS } from '../../../src/limits.ts';
import type { Link, SigningKey } from '../../../src/store/contract.ts';
import { checkAsync } from '../../support/property.ts';

const key: SigningKey = { id: randomBytes(4).toString('hex'), secret: randomBytes(32), createdMs: 1 };
const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3600;

let nowMs = 0;
let reads = 0;
let isPublic = true;
const links = new Map<string, Link>();
const find = async (id: string) => {
  reads++;
  return links.get(id);
};

function authenticator(): LinkAuthenticator {
  const signer = new TokenSigner({ list: async () => [key] });
  return new LinkAuthenticator({ find }, { signer, isPublic: () => isPublic }, () => nowMs);
}

function linkOf(parts: Partial<Link> = {}): { readonly link: Link; readonly token: string } {
  const link: Link = {
    ...{ id: randomBytes(8).toString('hex'), customer: 'acme', kind: 'page', name: '', createdBy: '' },
    ...{ createdMs: 1, expiresMs: IN_AN_HOUR * 1000, revokedMs: null, ...parts },
  };
  links.set(link.id, link);
  const claims: LinkClaims = {
    lid: link.id,
    customer: link.customer,
    kind: link.kind,
    exp: link.expiresMs / 1000,
  };
  return { link, token: signToken('link', claims, key) ?? '' };
}

beforeEach(() => {
  [nowMs, reads, isPublic] = [0, 0, true];
  links.clear();
});

test('a link reads one customer, as a key of it would, until it ends', async () => {
  const { link, token } = linkOf();
  expect(await authenticator().authenticate(token, true)).toEqual({
    ...{ id: `link ${link.id}`, role: 'customer', customers: ['acme'] },
    ...{ expiresMs: link.expiresMs, isByLink: true },
  });
});

test('a link that was revoked, has expired or is gone opens nothing, and only who has it is told why', async () => {
  const links = authenticator();
  const revoked = linkOf({ revokedMs: 5 }).token;
  const expired = linkOf({ expiresMs: 1_000_000 }).token;
  const gone = signToken(
    'link',
    { lid: 'a', customer: 'acme', kind: 'page', exp: IN_AN_HOUR } as LinkClaims,
    key,
  );
  for (const [token, why] of [
    [revoked, 'The link was revoked.'],
    [expired, 'The link has expired.'],
    [gone ?? '', undefined],
  ] as const) {
    expect(await links.authenticate(token, true)).toBeUndefined();
    expect(links.whyNot(token)).toBe(why);
  }
});

test('the token of a session is none of a link', async () => {
  const { link } = linkOf();
  const claims = { lid: link.id, customer: 'acme', kind: 'page', exp: IN_AN_HOUR };
  const token = signToken('session', claims, key) ?? '';
  expect(await authenticator().authenticate(token, true)).toBeUndefined();
  expect(reads).toBe(0);
});

test('a link for a frame opens nothing once its customer is not opted in any more', async () => {
  const links = authenticator();
  const [page, embed] = [linkOf().token, linkOf({ kind: 'embed' }).token];
  expect(await links.authenticate(embed, true)).toBeDefined();
  isPublic = false;
  expect(await links.authenticate(embed, true)).toBeUndefined();
  expect(links.whyNot(embed)).toContain('may not be shown in frames');
  expect(await links.authenticate(page, true)).toBeDefined();
});

test('what is known of a link is half a second old at the most, and requests share a read', async () => {
  const [authenticates, { link, token }] = [authenticator(), linkOf()];
  await Promise.all([authenticates.authenticate(token, true), authenticates.authenticate(token, true)]);
  expect(reads).toBe(1);
  links.set(link.id, { ...link, revokedMs: 5 });
  nowMs = KEY_MAX_AGE_MS - 1;
  expect(await authenticates.authenticate(token, true)).toBeDefined();
  nowMs = KEY_MAX_AGE_MS;
  expect(await authenticates.authenticate(token, true)).toBeUndefined();
  expect(reads).toBe(2);
});

test('a token that was changed anywhere, or is a mixture of two, opens nothing and costs no read', async () => {
  const [own, other] = [linkOf().token, linkOf({ customer: 'globex' }).token];
  const character = fc.constantFrom(...'abcdefXYZ0123456789-_.');
  const changed = fc
    .tuple(fc.nat(own.length), fc.nat(3), fc.array(character, { maxLength: 3 }))
    .map(([at, dropped, added]) => own.slice(0, at) + added.join('') + own.slice(at + dropped));
  const mixed = fc
    .tuple(...[0, 1, 2, 3].map(() => fc.boolean()))
    .map((choice) => choice.map((isOther, i) => (isOther ? other : own).split('.')[i]).join('.'));
  const links = authenticator();
  await links.authenticate(own, true);
  const before = reads;
  await checkAsync(
    fc.asyncProperty(fc.oneof(changed, mixed), async (token) => {
      fc.pre(token !== own && token !== other);
      expect(await links.authenticate(token, true)).toBeUndefined();
      expect(links.whyNot(token)).toBeUndefined();
    }),
    500,
  );
  expect(reads).toBe(before);
});
