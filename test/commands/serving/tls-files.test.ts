import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { accessOf } from '../../../src/commands/serving/access.ts';
import { tlsOf } from '../../../src/commands/serving/tls-files.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { type Authority, newAuthority, openssl, type PemPair } from '../../support/certificates.ts';

let directory: string;
let authority: Authority;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-tls-files-'));
  authority = newAuthority(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

const at = (name: string) => join(directory, name);
const settingsOf = (environment: Record<string, string>) =>
  loadSettings({ flags: {}, environment, configFile: undefined });

function write({ cert, key }: Partial<PemPair>): void {
  if (cert !== undefined) writeFileSync(at('cert.pem'), cert);
  if (key !== undefined) writeFileSync(at('key.pem'), key);
}

describe('TLS_CERT and TLS_KEY', () => {
  test('give the certificate, its chain and its key as they are', () => {
    const { cert, key } = authority.issue(20);
    write({ cert: cert + authority.ca, key });
    const pair = tlsOf(settingsOf({ TLS_CERT: at('cert.pem'), TLS_KEY: at('key.pem') }))?.();
    expect([String(pair?.cert), String(pair?.key)]).toEqual([cert + authority.ca, key]);
    const days = ((pair?.notAfterMs ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(20);
    expect(pair?.fingerprint).toMatch(/^[\da-f]{64}$/);
  });

  test('may be one file that holds both', () => {
    const { cert, key } = authority.issue();
    write({ cert: key + cert });
    expect(tlsOf(settingsOf({ TLS_CERT: at('cert.pem'), TLS_KEY: at('cert.pem') }))).toBeDefined();
  });

  test('are none where both are unset', () => {
    expect(tlsOf(settingsOf({}))).toBeUndefined();
  });

  test.each<[string, (pair: PemPair) => Record<string, string>, string]>([
    ['a certificate alone', () => ({ TLS_KEY: '' }), 'TLS_CERT is set, but TLS_KEY is not'],
    ['a key alone', () => ({ TLS_CERT: '' }), 'TLS_KEY is set, but TLS_CERT is not'],
    ['no such file', () => ({ TLS_CERT: at('none') }), 'none, but there is no such file'],
    ['a folder', () => ({ TLS_KEY: directory }), 'but it is no regular file'],
    [
      'a key in the place of the certificate',
      () => ({ TLS_CERT: at('key.pem') }),
      'has no certificate in PEM',
    ],
    [
      'a certificate in the place of the key',
      () => ({ TLS_KEY: at('cert.pem') }),
      'has no private key in PEM',
    ],
    [
      'a certificate in DER',
      () => {
        openssl('x509', '-in', at('cert.pem'), '-outform', 'der', '-out', at('cert.der'));
        return { TLS_CERT: at('cert.der') };
      },
      'has no certificate in PEM',
    ],
    [
      'a key of another certificate',
      () => {
        write({ key: authority.issue().key });
        return {};
      },
      'its key does not fit the first certificate of',
    ],
    [
      'an encrypted key',
      () => {
        openssl('pkey', '-in', at('key.pem'), '-aes256', '-passout', 'pass:secret', '-out', at('encrypted'));
        return { TLS_KEY: at('encrypted') };
      },
      'its key is encrypted',
    ],
    [
      'a key that is cut off',
      ({ key }) => {
        write({ key: key.slice(0, 90) });
        return {};
      },
      'its private key cannot be read',
    ],
    [
      'a key that OpenSSL finds too short',
      () => {
        openssl(
          ...['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-subj', '/CN=short'],
          ...['-keyout', at('key.pem'), '-out', at('cert.pem')],
        );
        return {};
      },
      'key too small',
    ],
  ])('refuses %s', (_, change, words) => {
    const pair = authority.issue();
    write(pair);
    const changed = change(pair);
    expect(() => tlsOf(settingsOf({ TLS_CERT: at('cert.pem'), TLS_KEY: at('key.pem'), ...changed }))).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(words) }),
    );
  });
});

describe('with AUTH', () => {
  const open = { AUTH: 'keys', HOST: '0.0.0.0' };
  test.each<[Record<string, string>, string[]]>([
    [open, ['KEYS_IN_CLEAR_TEXT']],
    [{ ...open, HOST: '127.0.0.1' }, []],
    [{ ...open, TRUSTED_PROXIES: '127.0.0.1' }, []],
    [{ ...open, TLS_CERT: 'a', TLS_KEY: 'b' }, []],
    [{ ...open, INSECURE_NO_AUTH: 'on' }, ['INSECURE_NO_AUTH=on has no effect', 'KEYS_IN_CLEAR_TEXT']],
    [{ INSECURE_NO_AUTH: 'on', HOST: '0.0.0.0' }, []],
  ])('%j is told %j', (environment, words) => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => said.mockRestore());
    accessOf(settingsOf(environment));
    expect(said.mock.calls.flat()).toEqual(words.map((each) => expect.stringContaining(each)));
  });
});
