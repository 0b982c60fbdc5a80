import { DEFAULT_SESSION_MS } from '../../limits.ts';
import type { ApiKeys, Links, SigningKeys } from '../../store/contract.ts';
import type { CustomerNames } from '../customer-names.ts';
import type { JwtOptions } from './jwt-authenticator.ts';
import { KeyAuthenticator } from './key-authenticator.ts';
import { looksLikeKey } from './key-text.ts';
import { KeyUses } from './key-uses.ts';
import { LinkAuthenticator } from './link-authenticator.ts';
import type { Authenticator } from './reader.ts';
import { Sessions } from './sessions.ts';
import { keyIdOfToken } from './signed-token.ts';
import { TokenSigner } from './token-signer.ts';

/** Who may read: those with a key of the store, with a JWT, or both. */
export interface AccessOptions {
  readonly keys?: Pick<ApiKeys, 'find' | 'noteUses'> | undefined;
  readonly jwt?: JwtOptions | undefined;
  /** What sessions and links are signed with. Without it, nobody can sign in, and there are no links. */
  readonly signingKeys?: Pick<SigningKeys, 'list'> | undefined;
  /** Without it, no link opens anything. */
  readonly links?: Pick<Links, 'find'> | undefined;
  /** How long a session lasts at the most, in ms. */
  readonly sessionMs?: number;
}

interface Authenticators extends Authenticator {
  /** Undefined: nobody can sign in. */
  readonly sessions: Sessions | undefined;
  /** Signs what this server hands out. Undefined: it hands out nothing. */
  readonly signer: TokenSigner | undefined;
  close(): void;
}

/** Accepts each kind of credential by its own rules. */
export async function authenticatorFor(
  options: AccessOptions,
  customers: CustomerNames,
): Promise<Authenticators> {
  const { keys, jwt, signingKeys, links, sessionMs = DEFAULT_SESSION_MS } = options;
  const signer = signingKeys && new TokenSigner(signingKeys);
  const uses = keys && new KeyUses(keys);
  const ofKeys = keys && uses && new KeyAuthenticator(keys, uses);
  const ofJwts = jwt && new (await import('./jwt-authenticator.ts')).JwtAuthenticator(jwt);
  const isPublic = (id: string) => customers.isPublic(customers.idOf(id));
  const ofLinks = signer && links && new LinkAuthenticator(links, { signer, isPublic });
  const authenticatorOf = (credential: string): Authenticator | undefined => {
    if (looksLikeKey(credential)) return ofKeys;
    // The header of a JWT is an object of JSON, so a JWT begins otherwise.
    return keyIdOfToken(credential) === undefined ? ofJwts : ofLinks;
  };
  return {
    authenticate: (credential, mayAsk) => authenticatorOf(credential)?.authenticate(credential, mayAsk),
    whyNot: (credential) => authenticatorOf(credential)?.whyNot?.(credential),
    signer,
    sessions:
      signer &&
      new Sessions({
        ...{ signer, maxMs: sessionMs, acceptsJwts: jwt !== undefined },
        readerOfKey: (id) => ofKeys?.readerOf(id),
      }),
    close: () => uses?.close(),
  };
}
