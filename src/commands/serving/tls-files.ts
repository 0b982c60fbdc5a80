/** The certificate of the API, in the files that TLS_CERT and TLS_KEY name. */

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { assertServable, type CertifiedKey } from '../../api/tls-server.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError, messageOf } from '../../errors.ts';
import { MAX_TLS_FILE_BYTES } from '../../limits.ts';
import { reportWarning } from '../cli/report.ts';
import { fileRefused, PolledFiles, readNamedFile } from './polled-files.ts';

/**
 * @returns the certificate that is current; undefined where the API has none.
 * @throws {DaymarkError} INVALID_SETTING.
 */
export function tlsOf({ TLS_CERT: certPath, TLS_KEY: keyPath }: Settings): (() => CertifiedKey) | undefined {
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath === undefined) throw halfSet('TLS_KEY', 'TLS_CERT');
  if (keyPath === undefined) throw halfSet('TLS_CERT', 'TLS_KEY');
  const files = new PolledFiles({
    paths: [certPath, keyPath],
    read: () => readCertifiedKey(certPath, keyPath),
    refused: (error) => reportWarning(fileRefused(error)),
  }).watch();
  return () => files.value;
}

function halfSet(set: string, unset: string): DaymarkError {
  return new DaymarkError('INVALID_SETTING', `${set} is set, but ${unset} is not. Set both, or neither.`);
}

function readCertifiedKey(certPath: string, keyPath: string): CertifiedKey {
  const cert = readNamedFile('TLS_CERT', certPath, MAX_TLS_FILE_BYTES, parseCertificate);
  const key = readNamedFile('TLS_KEY', keyPath, MAX_TLS_FILE_BYTES, parseKey);
  const refuse = (why: string) =>
    new DaymarkError('INVALID_SETTING', `TLS_KEY names the file ${keyPath}, but ${why}.`);
  if (!cert.parsed.checkPrivateKey(key.parsed))
    throw refuse(`its key does not fit the first certificate of ${certPath}`);
  const pair = {
    ...{ cert: cert.bytes, key: key.bytes },
    notAfterMs: Date.parse(cert.parsed.validTo),
    fingerprint: cert.parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
  try {
    assertServable(pair);
  } catch (error) {
    const detail = `TLS_CERT and TLS_KEY name the files ${certPath} and ${keyPath}, but these cannot be used together: ${messageOf(error)}.`;
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  return pair;
}

/** Takes a certificate in PEM apart, the first one of a chain. @throws Error that says what is wrong. */
export function parseCertificate(bytes: Buffer): {
  readonly bytes: Buffer;
  readonly parsed: X509Certificate;
} {
  // What is parsed may also be DER, which the server could not read.
  if (!bytes.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it has no certificate in PEM');
  return { bytes, parsed: parsed('certificate', () => new X509Certificate(bytes)) };
}

/** Takes a private key in PEM apart. @throws Error that says what is wrong. */
export function parseKey(bytes: Buffer): { readonly bytes: Buffer; readonly parsed: KeyObject } {
  const text = bytes.toString('latin1');
  if (!/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)) throw new Error('it has no private key in PEM');
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text))
    throw new Error('its key is encrypted: decrypt it (`openssl pkey -in FILE -out NEW_FILE`)');
  return { bytes, parsed: parsed('private key', () => createPrivateKey(bytes)) };
}

/** The words of OpenSSL hold nothing of the key. */
function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`its ${what} cannot be read: ${messageOf(error)}`);
  }
}
