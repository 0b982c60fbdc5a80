/** Errors of brokers, in the program's terms. */

import { DaymarkError, messageOf } from '../../errors.ts';
import { nameOf } from './position.ts';

/** Codes of the protocol that daymark tells apart. */
export const KAFKA_CODES = {
  OFFSET_OUT_OF_RANGE: 1,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  TOPIC_AUTHORIZATION_FAILED: 29,
  UNKNOWN_TOPIC_ID: 100,
} as const;

/** Those that do not pass by themselves, with what the operator reads. All others are waited out. */
const REFUSALS: Readonly<Record<number, string>> = {
  29: 'the user may not read the topic (TOPIC_AUTHORIZATION_FAILED)',
  30: 'the user may not use the group (GROUP_AUTHORIZATION_FAILED)',
  31: 'the user may not use the cluster (CLUSTER_AUTHORIZATION_FAILED)',
  33: 'the broker does not know this way to log in (UNSUPPORTED_SASL_MECHANISM)',
  34: 'the broker does not ask anybody to log in (ILLEGAL_SASL_STATE)',
  35: 'the broker is too old (UNSUPPORTED_VERSION)',
  58: 'the user or the password is wrong (SASL_AUTHENTICATION_FAILED)',
};

const NAMES: Readonly<Record<number, string>> = {
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  9: 'REPLICA_NOT_AVAILABLE',
  14: 'COORDINATOR_LOAD_IN_PROGRESS',
  15: 'COORDINATOR_NOT_AVAILABLE',
  16: 'NOT_COORDINATOR',
  25: 'UNKNOWN_MEMBER_ID',
  56: 'KAFKA_STORAGE_ERROR',
  74: 'FENCED_LEADER_EPOCH',
  75: 'UNKNOWN_LEADER_EPOCH',
  78: 'OFFSET_NOT_AVAILABLE',
  100: 'UNKNOWN_TOPIC_ID',
  103: 'INCONSISTENT_TOPIC_ID',
};

/** What a broker answered. @param what was asked of it: `Partition orders/0 cannot be read`. */
export function brokerError(code: number, what: string): DaymarkError {
  const refusal = REFUSALS[code];
  if (refusal) return new DaymarkError('KAFKA_REFUSED', `${what}: ${refusal}.`);
  return new DaymarkError('KAFKA_UNAVAILABLE', `${what}: ${NAMES[code] ?? `error ${code}`}.`);
}

/** The beginning of an error about a partition. */
export function unreadable(partition: Parameters<typeof nameOf>[0]): string {
  return `${nameOf(partition)} cannot be read`;
}

/** Codes of Node and OpenSSL for certificates that do not do. */
const CERTIFICATE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_OSSL_)/;

/** What the client threw. Its chains of causes are long; the innermost one says what is wrong. */
export function clientError(error: unknown, what: string): DaymarkError {
  if (error instanceof DaymarkError) return error;
  const causes = [...causesOf(error)];
  const code = causes.map(({ apiCode }) => apiCode).find((one) => typeof one === 'number');
  if (code !== undefined) return brokerError(code, what);
  // A connection that breaks while TLS begins may be one to a broker that ends.
  const isRefused =
    causes.some(({ code }) => isRefusal(String(code))) && !causes.some(({ code }) => code === 'ECONNRESET');
  const telling = causes.find(({ code }) => code === 'PLT_KFK_USER') ?? causes.at(-1);
  const words = messageOf(telling ?? error).replace(/\.$/, '');
  return new DaymarkError(isRefused ? 'KAFKA_REFUSED' : 'KAFKA_UNAVAILABLE', `${what}: ${words}.`, {
    cause: error,
  });
}

function isRefusal(code: string): boolean {
  return code === 'PLT_KFK_AUTHENTICATION' || code === 'PLT_KFK_USER' || CERTIFICATE.test(code);
}

interface Cause extends Error {
  readonly code?: unknown;
  readonly apiCode?: unknown;
}

/** An error, and what it was caused by: of several errors, the first one. */
function* causesOf(error: unknown): Generator<Cause> {
  for (let at = error; at instanceof Error; ) {
    yield at;
    at = (at as AggregateError).errors?.[0] ?? at.cause;
  }
}
