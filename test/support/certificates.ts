/** Certificates, and an authority that signs them. Debian's package `openssl` makes them. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Runs openssl. @throws with its words where it fails. */
export function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
}

/** The name for which certificates of tests are, beside the addresses of this machine. */
export const SERVER_NAME = 'stats.example.com';

const EXTENSIONS = `subjectAltName=DNS:${SERVER_NAME},DNS:localhost,IP:127.0.0.1,IP:::1\n`;

/** A certificate and its key, as PEM. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** Its own certificate, for clients to trust. */
  readonly ca: string;
  /** Makes a new certificate for a new key. */
  issue(days?: number): PemPair;
}

/** An authority that nobody else knows. @param directory where its files are. */
export function newAuthority(directory: string): Authority {
  const at = (name: string) => join(directory, name);
  const issuer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key')];
  openssl(
    ...['req', '-x509', ...NEW_KEY, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '30'],
    ...['-subj', '/CN=Authority of a test'],
  );
  writeFileSync(at('extensions'), EXTENSIONS);
  return {
    ca: readFileSync(at('ca.pem'), 'utf8'),
    issue: (days = 30) => {
      openssl('req', ...NEW_KEY, '-keyout', at('new.key'), '-out', at('new.csr'), '-subj', '/CN=daymark');
      openssl(
        ...['x509', '-req', '-in', at('new.csr'), ...issuer, '-CAcreateserial', '-days', String(days)],
        ...['-extfile', at('extensions'), '-out', at('new.pem')],
      );
      return { cert: readFileSync(at('new.pem'), 'utf8'), key: readFileSync(at('new.key'), 'utf8') };
    },
  };
}
