import { DEFAULT_SESSION_MS } from '../../limits.ts';
import type { ApiKeys, SigningKeys } from '../../store/contract.ts';
import type { JwtOptions } from './jwt-authenticator.ts';
import { KeyAuthenticator } from './key-authenticator.ts';
import { looksLikeKey } from './key-text.ts';
import { KeyUses } from './key-uses.ts';
import type { Authenticator } from './reader.ts';
import { Sessions } from './sessions.ts';
import { TokenSigner } from './token-signer.ts';

/** Who may read: those with a key of the store, with a JWT, or both. */
export interface AccessOptions {
  readonly keys?: Pick<ApiKeys, 'find' | 'noteUses'> | undefined;
  readonly jwt?: JwtOptions | undefined;
  /** What sessions are signed with. Without it, nobody can sign in. */
  readonly signingKeys?: Pick<SigningKeys, 'list'> | undefined;
  /** How long a session lasts at the most, in ms. */
  readonly sessionMs?: number;
}

interface Authenticators extends Authenticator {
  /** Undefined: nobody can sign in. */
  readonly sessions: Sessions | undefined;
  close(): void;
}

/** Accepts each kind of credential by its own rules. */
export async function authenticatorFor(options: AccessOptions): Promise<Authenticators> {
  const { keys, jwt, signingKeys, sessionMs = DEFAULT_SESSION_MS } = options;
  const uses = keys && new KeyUses(keys);
  const ofKeys = keys && uses && new KeyAuthenticator(keys, uses);
  const ofJwts = jwt && new (await import('./jwt-authenticator.ts')).JwtAuthenticator(jwt);
  return {
    authenticate: (credential, mayAsk) =>
      (looksLikeKey(credential) ? ofKeys : ofJwts)?.authenticate(credential, mayAsk),
    whyNot: (credential) => ofKeys?.whyNot(credential),
    sessions:
      signingKeys &&
      new Sessions({
        ...{ signer: new TokenSigner(signingKeys), maxMs: sessionMs, acceptsJwts: jwt !== undefined },
        readerOfKey: (id) => ofKeys?.readerOf(id),
      }),
    close: () => uses?.close(),
  };
}
