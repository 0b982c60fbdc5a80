/** The settings of topics of Kafka that are read. */

import { define } from './setting-definition.ts';

export const KAFKA_SETTINGS = define({
  KAFKA_BROKERS: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'addresses',
    summary: 'brokers of Kafka, whose topics to read',
    meaning:
      'Brokers of the Kafka cluster to read from, as `host:port`, separated by commas. Two or three are enough: they name the others. If it is set and you give no path, daymark reads the topics of `KAFKA_TOPIC` and no files. Kafka 3.1 or later. `docs/kafka.md` explains it. Unset: daymark reads files.',
    example: 'kafka-1:9092,kafka-2:9092',
  },
  KAFKA_TOPIC: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'topics',
    summary: 'the topics whose messages are log lines',
    meaning:
      'The topics to read, separated by commas. The value of a message is one line of the log, or several. Needed with `KAFKA_BROKERS`.',
    example: 'api-requests',
  },
  KAFKA_GROUP: {
    group: 'kafka',
    kind: 'text',
    default: 'daymark',
    placeholder: 'group',
    summary: 'the consumer group that shows the progress',
    meaning:
      'The consumer group to whose offsets daymark reports how far it has come, for tools that show lags. daymark never reads them: how far it has come stands in its database. `-`: it reports nothing.',
    example: 'daymark-production',
  },
  KAFKA_TLS: {
    group: 'kafka',
    kind: 'choice',
    choices: ['off', 'on'],
    default: 'off',
    placeholder: 'switch',
    summary: 'encrypt the connections to brokers',
    meaning: 'Whether connections to brokers use TLS. Their certificates and host names are always checked.',
    example: 'on',
  },
  KAFKA_TLS_CA: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'the authority of the brokers’ certificates',
    meaning:
      'A file (PEM) with the certificates of the authorities that sign those of the brokers. Unset: the authorities that Node.js trusts.',
    example: '/etc/daymark/kafka-ca.pem',
  },
  KAFKA_TLS_CERT: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'the certificate to show to brokers',
    meaning:
      'A file (PEM) with the certificate that daymark shows to brokers that ask for one. Needs `KAFKA_TLS_KEY`.',
    example: '/etc/daymark/kafka.pem',
  },
  KAFKA_TLS_KEY: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'the key of that certificate',
    meaning: 'A file (PEM) with the private key of `KAFKA_TLS_CERT`.',
    example: '/etc/daymark/kafka.key',
  },
  KAFKA_SASL_MECHANISM: {
    group: 'kafka',
    kind: 'choice',
    choices: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    default: undefined,
    placeholder: 'mechanism',
    summary: 'how to log in to brokers',
    meaning:
      'How daymark logs in to brokers. `PLAIN` sends the password itself, so it needs `KAFKA_TLS=on`, unless all of `KAFKA_BROKERS` are on this machine. Unset: it does not log in.',
    example: 'SCRAM-SHA-512',
  },
  KAFKA_SASL_USERNAME: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'name',
    summary: 'the user to log in as',
    meaning: 'The user as whom daymark logs in to brokers. Needed with `KAFKA_SASL_MECHANISM`.',
    example: 'daymark',
  },
  KAFKA_SASL_PASSWORD: {
    group: 'kafka',
    kind: 'text',
    default: undefined,
    placeholder: 'password',
    summary: 'its password; better not on the command line',
    meaning:
      'The password of that user. Give it in the environment or in the configuration file: others can see the arguments of processes. Needed with `KAFKA_SASL_MECHANISM`.',
    example: 'a long random password',
  },
});
