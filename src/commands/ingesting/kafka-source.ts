/** The source of the topics that the settings name. */

import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_TLS_FILE_BYTES } from '../../limits.ts';
import { parseLogFormat } from '../../log-format/format-string/parse.ts';
import type { KafkaAccess, SaslMechanism } from '../../source/kafka/access.ts';
import { nodeOf } from '../../source/kafka/cluster.ts';
import { KafkaSource } from '../../source/kafka/kafka-source.ts';
import { RemoteCluster } from '../../source/kafka/remote-cluster.ts';
import { isLoopback } from '../serving/access.ts';
import { readNamedFile } from '../serving/polled-files.ts';
import { parseCertificate, parseKey } from '../serving/tls-files.ts';
import { listOf } from './inputs.ts';
import { startThread } from './threads.ts';

/** @throws {DaymarkError} INVALID_SETTING. */
export function kafkaSourceOf(settings: Settings): KafkaSource {
  const { access, topics } = topicsOf(settings);
  refuseHeaders(settings);
  const group = settings.KAFKA_GROUP === '-' ? undefined : settings.KAFKA_GROUP;
  return new KafkaSource({ topics, group }, openClusterThread(access));
}

/** @throws {DaymarkError} INVALID_SETTING. */
export function topicsOf(settings: Settings): {
  readonly access: KafkaAccess;
  readonly topics: readonly string[];
} {
  const topics = listOf(settings.KAFKA_TOPIC);
  if (topics.length === 0)
    throw invalid('KAFKA_BROKERS is set, but KAFKA_TOPIC is not. Name the topics to read.');
  const wrong = topics.find((topic) => !/^[A-Za-z0-9._-]{1,249}$/.test(topic));
  if (wrong !== undefined)
    throw invalid(`KAFKA_TOPIC has ${JSON.stringify(wrong)}, which is no name of a topic.`);
  return { access: accessOf(settings), topics: [...new Set(topics)] };
}

/**
 * Asks a cluster in a thread of its own: while one batch of lines is scanned, the next one is received, checked and unpacked. Whoever
 * opens it closes it.
 */
export function openClusterThread(access: KafkaAccess): RemoteCluster {
  return new RemoteCluster(startThread('kafka-thread', access));
}

/** In a topic, lines of many logs follow each other. What one of them names its columns is wrong for the others. */
function refuseHeaders({ LOG_FORMAT = 'default' }: Settings): void {
  const { unresolved: format } = parseLogFormat(LOG_FORMAT);
  if (format.layout !== 'w3c' || format.columns !== undefined) return;
  throw invalid(
    'LOG_FORMAT is of logs whose #Fields: lines name the columns of the lines below them. Messages of a topic stand alone: give the columns, as in w3c columns="date time …".',
  );
}

function accessOf(settings: Settings): KafkaAccess {
  const brokers = listOf(settings.KAFKA_BROKERS);
  for (const broker of brokers) {
    if (!isAddress(broker))
      throw invalid(`KAFKA_BROKERS has ${JSON.stringify(broker)}, but each broker must be host:port.`);
  }
  return { brokers, tls: tlsOf(settings), sasl: saslOf(settings, brokers) };
}

function isAddress(broker: string): boolean {
  const port = Number(/^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(broker)?.[1]);
  return port > 0 && port < 65_536;
}

function tlsOf({ KAFKA_TLS, KAFKA_TLS_CA, KAFKA_TLS_CERT, KAFKA_TLS_KEY }: Settings): KafkaAccess['tls'] {
  const files = { KAFKA_TLS_CA, KAFKA_TLS_CERT, KAFKA_TLS_KEY };
  const [set] = Object.entries(files).find(([, path]) => path !== undefined) ?? [];
  if (KAFKA_TLS === 'off') {
    if (set !== undefined) throw invalid(`${set} is set, but KAFKA_TLS is off. Set KAFKA_TLS=on.`);
    return undefined;
  }
  if ((KAFKA_TLS_CERT === undefined) !== (KAFKA_TLS_KEY === undefined))
    throw invalid('Only one of KAFKA_TLS_CERT and KAFKA_TLS_KEY is set. Set both, or neither.');
  return {
    ca: pemOf('KAFKA_TLS_CA', KAFKA_TLS_CA, parseCertificate),
    cert: pemOf('KAFKA_TLS_CERT', KAFKA_TLS_CERT, parseCertificate),
    key: pemOf('KAFKA_TLS_KEY', KAFKA_TLS_KEY, parseKey),
  };
}

function pemOf(
  name: string,
  path: string | undefined,
  parse: (bytes: Buffer) => { readonly bytes: Buffer },
): string | undefined {
  if (path === undefined) return undefined;
  return readNamedFile(name, path, MAX_TLS_FILE_BYTES, parse).bytes.toString('latin1');
}

function saslOf(settings: Settings, brokers: readonly string[]): KafkaAccess['sasl'] {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = settings;
  if (mechanism === undefined) {
    const set = username === undefined ? 'KAFKA_SASL_PASSWORD' : 'KAFKA_SASL_USERNAME';
    if (username !== undefined || password !== undefined)
      throw invalid(`${set} is set, but KAFKA_SASL_MECHANISM is not. Say how to log in.`);
    return undefined;
  }
  if (username === undefined || password === undefined)
    throw invalid('KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.');
  if (
    mechanism === 'PLAIN' &&
    settings.KAFKA_TLS === 'off' &&
    !brokers.every((broker) => isLoopback(nodeOf(broker).host))
  )
    throw invalid(
      'KAFKA_SASL_MECHANISM is PLAIN, which sends the password itself. Set KAFKA_TLS=on, or use SCRAM-SHA-512.',
    );
  return { mechanism: mechanism as SaslMechanism, username, password };
}

function invalid(detail: string): DaymarkError {
  return new DaymarkError('INVALID_SETTING', detail);
}
