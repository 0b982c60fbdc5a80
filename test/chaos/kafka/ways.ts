import { KAFKA_USERS, type KafkaAddresses } from '../../support/kafka/cluster.ts';

/** Settings by which a process reaches brokers: as they are, and encrypted with a log-in. */
export function waysTo({ brokers, ca }: KafkaAddresses): readonly Readonly<Record<string, string>>[] {
  return [
    { KAFKA_BROKERS: brokers.PLAINTEXT },
    {
      ...{ KAFKA_BROKERS: brokers.SASL_SSL, KAFKA_TLS: 'on', KAFKA_TLS_CA: ca },
      ...{ KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'admin' },
      KAFKA_SASL_PASSWORD: KAFKA_USERS.admin,
    },
  ];
}
