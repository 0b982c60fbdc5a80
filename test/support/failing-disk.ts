/** A disk that fails. Only root could mount one, so this process refuses its own calls of the system. */

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';

const CALLS = ['statSync', 'readdirSync', 'realpathSync', 'openSync'] as const;
type Call = (path: string | Buffer, ...rest: unknown[]) => unknown;

/**
 * Refuses a path and all that is in it with EIO, also through links.
 * @param path without symbolic links.
 * @returns ends the outage.
 */
export function failingDisk(path: string): () => void {
  const isOnDisk = (one: string) => one === path || one.startsWith(`${path}${sep}`);
  const calls = fs as unknown as Record<string, Call>;
  const sound = CALLS.map((name) => [name, calls[name] as Call] as const);
  const { realpathSync } = fs;
  const realPathOf = (one: string): string => {
    try {
      return realpathSync(one);
    } catch {
      return one;
    }
  };
  for (const [name, call] of sound)
    calls[name] = (one, ...rest) => {
      if (isOnDisk(String(one)) || isOnDisk(realPathOf(String(one))))
        throw Object.assign(new Error(`EIO: i/o error, ${name} '${one}'`), { code: 'EIO' });
      return call(one, ...rest);
    };
  syncBuiltinESMExports();
  return () => {
    for (const [name, call] of sound) calls[name] = call;
    syncBuiltinESMExports();
  };
}
