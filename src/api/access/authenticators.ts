import type { ApiKeys } from '../../store/contract.ts';
import type { JwtOptions } from './jwt-authenticator.ts';
import { KeyAuthenticator } from './key-authenticator.ts';
import { looksLikeKey } from './key-text.ts';
import { KeyUses } from './key-uses.ts';
import type { Authenticator } from './reader.ts';

/** Who may read: those with a key of the store, with a JWT, or both. */
export interface AccessOptions {
  readonly keys?: Pick<ApiKeys, 'find' | 'noteUses'> | undefined;
  readonly jwt?: JwtOptions | undefined;
}

interface ClosableAuthenticator extends Authenticator {
  close(): void;
}

/** Accepts each kind of credential by its own rules. */
export async function authenticatorFor({ keys, jwt }: AccessOptions): Promise<ClosableAuthenticator> {
  const uses = keys && new KeyUses(keys);
  const ofKeys = keys && uses && new KeyAuthenticator(keys, uses);
  const ofJwts = jwt && new (await import('./jwt-authenticator.ts')).JwtAuthenticator(jwt);
  return {
    authenticate: (credential, mayAsk) =>
      (looksLikeKey(credential) ? ofKeys : ofJwts)?.authenticate(credential, mayAsk),
    close: () => uses?.close(),
  };
}
