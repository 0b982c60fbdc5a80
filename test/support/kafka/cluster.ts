/** Brokers of Apache Kafka of our own, in KRaft mode: each is a controller, too. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newAuthority } from '../certificates.ts';
import { freePort } from '../postgres-cluster.ts';
import { isListening } from '../products/product.ts';
import { until } from '../until.ts';
import { kafkaJars } from './jars.ts';

/**
 * Who may log in, by PLAIN and by SCRAM. `admin` may do everything, and so may who does not log in. `reader` may do what a
 * test lets it do (`KafkaClient.allow`).
 */
export const KAFKA_USERS = { admin: 'admin-secret-1', reader: 'reader-secret-2' } as const;

/** Ways in. `PROXIED` is without encryption, too, and tells clients to come through the proxy's port. */
const LISTENERS = {
  PLAINTEXT: 'PLAINTEXT',
  PROXIED: 'PLAINTEXT',
  SSL: 'SSL',
  SASL_PLAINTEXT: 'SASL_PLAINTEXT',
  SASL_SSL: 'SASL_SSL',
} as const;
type KafkaListener = keyof typeof LISTENERS;
const NAMES = Object.keys(LISTENERS) as KafkaListener[];

/** Plain data, so that it can be handed to other processes. */
export interface KafkaAddresses {
  /** `host:port`, one a broker, comma-separated: what `KAFKA_BROKERS` takes. */
  readonly brokers: Readonly<Record<KafkaListener, string>>;
  /** Of the first broker: where a test may listen and pass connections on to `brokers.PROXIED`. */
  readonly proxyPort: number;
  /** Path of the certificate that signed those of the brokers and of the client. */
  readonly ca: string;
  /** Paths of a client's certificate and its key. */
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export interface KafkaBroker {
  readonly id: number;
  readonly pid: number | undefined;
  /** Starts it, and waits until it takes connections. It must not run. */
  start(): Promise<void>;
  /** Ends it as an administrator does. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Holds the process: connections stand, and nothing answers. */
  pause(): void;
  resume(): void;
  /** What it wrote to its log. */
  log(): string;
}

export interface KafkaCluster extends KafkaAddresses {
  /** In the order of their ids, from 1. */
  readonly members: readonly KafkaBroker[];
  /** Kills all brokers and deletes their files. May be called twice. */
  dispose(): void;
}

export interface KafkaOptions {
  readonly brokers?: 1 | 3;
  /** Settings of each broker beside ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts brokers, and waits until they take connections. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const jars = await kafkaJars();
  const directory = mkdtempSync(join(tmpdir(), 'daymark-kafka-'));
  const places = await Promise.all(
    Array.from({ length: options.brokers ?? 1 }, (_, i) => brokerPlace(directory, i + 1)),
  );
  const certificates = writeCertificates(directory);
  const brokers = places.map((place) => new Broker(place, jars));
  const dispose = () => {
    for (const broker of brokers) broker.killNow();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  // Where the run is cut off before its teardown.
  process.once('exit', dispose);
  const clusterId = randomBytes(16).toString('base64url');
  try {
    for (const place of places) writeSettings(place, places, directory, options.settings ?? {});
    await Promise.all(places.map((place) => format(place, jars, clusterId)));
    await Promise.all(brokers.map((broker) => broker.start()));
  } catch (error) {
    dispose();
    throw error;
  }
  const addresses = NAMES.map((name) => [
    name,
    places.map((place) => `127.0.0.1:${place.ports[name]}`).join(),
  ]);
  return {
    brokers: Object.fromEntries(addresses) as Record<KafkaListener, string>,
    proxyPort: (places[0] as BrokerPlace).proxyPort,
    ...certificates,
    members: brokers,
    dispose,
  };
}

interface BrokerPlace {
  readonly id: number;
  readonly directory: string;
  readonly settings: string;
  readonly ports: Readonly<Record<KafkaListener, number>>;
  readonly controllerPort: number;
  readonly proxyPort: number;
}

async function brokerPlace(parent: string, id: number): Promise<BrokerPlace> {
  const directory = join(parent, `broker-${id}`);
  mkdirSync(directory);
  const ports: Partial<Record<KafkaListener, number>> = {};
  for (const name of NAMES) ports[name] = await freePort();
  return {
    id,
    directory,
    settings: join(directory, 'server.properties'),
    ports: ports as Record<KafkaListener, number>,
    controllerPort: await freePort(),
    proxyPort: await freePort(),
  };
}

function writeCertificates(
  directory: string,
): Pick<KafkaAddresses, 'ca' | 'clientCertificate' | 'clientKey'> {
  const authority = newAuthority(directory);
  const write = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const [broker, client] = [authority.issue(), authority.issue()];
  write('broker.pem', `${broker.key}${broker.cert}`);
  return {
    ca: join(directory, 'ca.pem'),
    clientCertificate: write('client.pem', client.cert),
    clientKey: write('client.key', client.key),
  };
}

function writeSettings(
  { id, directory, settings, ports, controllerPort, proxyPort }: BrokerPlace,
  places: readonly BrokerPlace[],
  parent: string,
  others: Readonly<Record<string, string>>,
): void {
  const controllers = places.map((place) => `${place.id}@127.0.0.1:${place.controllerPort}`);
  const replicas = String(places.length);
  const users = Object.entries(KAFKA_USERS).map(([name, password]) => `user_${name}=${jaasText(password)}`);
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required ${users.join(' ')};`;
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const sasl = ['sasl_plaintext', 'sasl_ssl'].flatMap((listener) => [
    [`listener.name.${listener}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'],
    [`listener.name.${listener}.plain.sasl.jaas.config`, plain],
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scram],
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, scram],
  ]);
  const all: Record<string, string> = {
    'node.id': String(id),
    'process.roles': 'broker,controller',
    'controller.listener.names': 'CONTROLLER',
    ...(places.length > 1
      ? { 'controller.quorum.voters': controllers.join() }
      : {
          'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
        }),
    listeners: [
      ...NAMES.map((name) => `${name}://127.0.0.1:${ports[name]}`),
      `CONTROLLER://127.0.0.1:${controllerPort}`,
    ].join(),
    'advertised.listeners': NAMES.map(
      (name) => `${name}://127.0.0.1:${name === 'PROXIED' ? proxyPort : ports[name]}`,
    ).join(),
    'listener.security.protocol.map': [
      ...Object.entries(LISTENERS).map(([name, protocol]) => `${name}:${protocol}`),
      'CONTROLLER:PLAINTEXT',
    ].join(),
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(parent, 'broker.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(parent, 'ca.pem'),
    'ssl.client.auth': 'requested',
    ...Object.fromEntries(sasl),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:admin;User:CN=daymark',
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'num.network.threads': '1',
    'num.io.threads': '2',
    'num.recovery.threads.per.data.dir': '1',
    'background.threads': '2',
    // Deleted and compacted logs are cleaned at once.
    'log.cleaner.backoff.ms': '200',
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    'log.segment.delete.delay.ms': '100',
    // A broker that was killed is known to be gone soon.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'controlled.shutdown.enable': 'true',
    ...others,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}`);
  writeFileSync(settings, `${lines.join('\n')}\n`);
}

/** A value in the syntax of Java's login configuration. */
function jaasText(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

const JAVA_OPTIONS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=warn'];

async function format({ settings }: BrokerPlace, jars: string, clusterId: string): Promise<void> {
  const isAlone = !readFileSync(settings, 'utf8').includes('\ncontroller.quorum.voters=');
  const users = Object.entries(KAFKA_USERS).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  // As one word: an id may begin with a dash.
  const args = ['format', `--cluster-id=${clusterId}`, '--config', settings, ...users];
  const program = [
    '-cp',
    `${jars}/*`,
    'kafka.tools.StorageTool',
    ...args,
    ...(isAlone ? ['--standalone'] : []),
  ];
  await promisify(execFile)('java', [...JAVA_OPTIONS, ...program]);
}

class Broker implements KafkaBroker {
  readonly id: number;
  readonly #place: BrokerPlace;
  readonly #jars: string;
  #process: ChildProcess | undefined;

  constructor(place: BrokerPlace, jars: string) {
    this.id = place.id;
    this.#place = place;
    this.#jars = jars;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    const log = openSync(join(this.#place.directory, 'log'), 'a');
    const args = [...JAVA_OPTIONS, '-cp', `${this.#jars}/*`, 'kafka.Kafka', this.#place.settings];
    const child = spawn('java', args, { stdio: ['ignore', log, log], cwd: this.#place.directory });
    closeSync(log);
    this.#process = child;
    child.once('exit', () => {
      if (this.#process === child) this.#process = undefined;
    });
    const assertPossible = () => {
      if (child.exitCode !== null) throw new Error(`broker ${this.id} ended:\n${this.log().slice(-5_000)}`);
    };
    // The last listener to be opened is not known: all of them have to be.
    for (const port of Object.values(this.#place.ports))
      await until(() => isListening(port), { assertPossible, describe: () => this.log().slice(-5_000) });
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  killNow(): void {
    this.#process?.kill('SIGKILL');
  }

  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  log(): string {
    return readFileSync(join(this.#place.directory, 'log'), 'utf8');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
