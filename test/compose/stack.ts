import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { kafkaJars } from '../support/kafka/jars.ts';
import { freePort } from '../support/postgres-cluster.ts';
import { until } from '../support/until.ts';
import { type ComposeFile, PROJECT_DIR, readDockerfile, type Service, startOrder } from './compose-file.ts';
import { Container, type ContainerOptions } from './container.ts';
import { runScript, startDatabase } from './database.ts';
import { imageDirectory } from './image.ts';
import { kafkaPrograms } from './kafka-programs.ts';

const GRACE = /^(\d+)s$/;

/** Docker waits 100 ms before the first restart too. */
const RESTART_DELAY_MS = 100;

/** The user `node` of daymark's image. */
const NODE_USER = '1000:1000';

/**
 * `docker compose up` and `down` by hand: each service's command, environment and user as `compose.yaml` has them,
 * started when what it depends on is as it asks. Names that mean something only between containers are
 * translated: addresses, ports, and the directories that are mounted.
 */
export class Stack {
  readonly file: ComposeFile;
  readonly profile: string | undefined;
  /** By name of their service, with a number behind it (`-1`) where it has several replicas. */
  readonly containers = new Map<string, Container>();
  /** In place of `./logs`: a copy, so that a test may write to it. */
  readonly logsDirectory = join(newDirectory('logs'), 'logs');
  /** The working directory of daymark's services. Their file systems are read-only: it must stay empty. */
  readonly workDirectory = newDirectory('work');
  /** In place of the volume of `DATA_DIR`, and of `/tmp`. */
  readonly scratchDirectory = newDirectory('scratch', NODE_USER);
  readonly #databaseDirectory = newDirectory('db');
  /** In place of what else is mounted, by service. */
  readonly #directories = new Map<string, string>();
  /** Names of those that somebody stopped: they are not started again. */
  readonly #stopped = new Set<string>();
  /** Those that are done, by the restart policy of their service. */
  readonly #ended = new Set<Container>();
  /** Where the ports of the containers are on this machine: `api:8888`. */
  readonly #ports = new Map<string, number>();
  #kafkaJars = '';
  readonly #hasOldDatabase: boolean;

  /** @param hasOldDatabase true where the volume of the database was made before there were scripts for it. */
  constructor(
    file: ComposeFile,
    {
      profile,
      hasOldDatabase = false,
    }: { readonly profile?: string; readonly hasOldDatabase?: boolean } = {},
  ) {
    this.file = file;
    this.profile = profile;
    this.#hasOldDatabase = hasOldDatabase;
    cpSync(join(PROJECT_DIR, 'logs'), this.logsDirectory, { recursive: true });
  }

  /** Where this machine reaches a port of a container: `127.0.0.1:PORT`. */
  addressOf(container: string, port: number): string {
    return `127.0.0.1:${this.#portOf(container, port)}`;
  }

  urlOf(container: string, port: number): string {
    return `http://${this.addressOf(container, port)}`;
  }

  get apiUrl(): string {
    return this.urlOf('api', 8888);
  }

  get prometheusUrl(): string {
    return this.urlOf('prometheus', 9090);
  }

  async up(): Promise<void> {
    await this.#reservePorts();
    if (startOrder(this.file, this.profile).includes('kafka')) this.#kafkaJars = await kafkaJars();
    for (const name of startOrder(this.file, this.profile)) await this.start(name);
  }

  /** Starts the database alone. */
  async upToDatabase(): Promise<void> {
    await this.#reservePorts();
    await this.start('db');
    await this.waitForHealth('db');
  }

  /** @param name of a service, or of one of its containers. */
  async start(name: string): Promise<void> {
    const service = this.#serviceOf(name);
    for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
      if (condition === 'service_completed_successfully') await this.#waitForSuccess(dependency);
      else await this.waitForHealth(dependency);
    }
    for (const container of this.containersOf(name)) {
      this.#stopped.delete(container);
      this.#supervise(container);
    }
  }

  /** The names of a service's containers, or that of one. */
  containersOf(name: string): string[] {
    const count = this.file.services[name]?.deploy?.replicas ?? 1;
    return count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  }

  /** Starts a container, and again whenever it ends by itself, as its restart policy says. */
  #supervise(name: string, restarts = 0): void {
    const service = this.#serviceOf(name);
    const container = this.#run(service, name);
    this.containers.set(name, container);
    const [policy, most = Number.POSITIVE_INFINITY] = service.restart.split(':');
    container.exitCode.then(async (code) => {
      if (policy === 'on-failure' && (code === 0 || restarts >= Number(most))) {
        this.#ended.add(container);
        return;
      }
      await sleep(RESTART_DELAY_MS);
      const isReplaced = this.containers.get(name) !== container;
      if (!this.#stopped.has(name) && !isReplaced) this.#supervise(name, restarts + 1);
    });
  }

  /** Stops a container as Docker does. @returns its exit code. */
  async stop(name: string): Promise<number> {
    this.#stopped.add(name);
    const service = this.#serviceOf(name);
    const graceS = Number(GRACE.exec(service.stop_grace_period)![1]);
    // The PostgreSQL image declares SIGINT as its stop signal, Docker's own is SIGTERM.
    const signal = service.stop_signal ?? (name === 'db' ? 'SIGINT' : 'SIGTERM');
    return this.containers.get(name)!.stop(signal, graceS * 1000);
  }

  /** Kills a container, as a machine does that fails. It is not started again. */
  async crash(name: string): Promise<void> {
    this.#stopped.add(name);
    await this.containers.get(name)!.stop('SIGKILL', 0);
  }

  /** Runs the health check of a service once, in each of its containers. */
  async isHealthy(name: string): Promise<boolean> {
    const [kind, ...argv] = this.file.services[name]!.healthcheck!.test;
    if (kind !== 'CMD') throw new Error(`the health check of ${name} is not a CMD`);
    const codes = this.containersOf(name).map((container) =>
      this.containers.get(container)!.run(argv.map((word) => this.#translate(word, container))),
    );
    return (await Promise.all(codes)).every((code) => code === 0);
  }

  async waitForHealth(name: string): Promise<void> {
    const said = () => this.containersOf(name).map((container) => this.containers.get(container)!.output);
    await until(() => this.isHealthy(name), { describe: () => `${name} is healthy; it said ${said()}` });
  }

  /** Ends everything that still runs, at once. */
  async kill(): Promise<void> {
    for (const [name, container] of this.containers) {
      this.#stopped.add(name);
      await container.stop('SIGKILL', 0);
    }
    for (const directory of [
      this.#databaseDirectory,
      this.workDirectory,
      this.scratchDirectory,
      dirname(this.logsDirectory),
      ...this.#directories.values(),
    ]) {
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async #waitForSuccess(name: string): Promise<void> {
    const container = () => this.containers.get(name)!;
    await until(() => this.#ended.has(container()), { describe: () => container().output });
    const code = await container().exitCode;
    if (code !== 0) throw new Error(`${name} exited with ${code}: ${container().output}`);
  }

  /** Another command in a container of a service, as `docker compose run --rm SERVICE COMMAND` does. */
  runOnce(name: string, command: readonly string[]): Container {
    return this.#run({ ...this.file.services[name]!, command }, name);
  }

  /** The command of a service, as another user of the database with the same password. */
  runOnceAs(name: string, user: string): Container {
    const service = this.file.services[name]!;
    const url = service.environment.DATABASE_URL!.replace(/\/\/\w+@/, `//${user}@`);
    const environment = { ...service.environment, DATABASE_URL: url };
    return this.#run({ ...service, environment }, name);
  }

  /** What docs/operating.md says for a volume that is older than the scripts. */
  runInitScripts(): void {
    const { options } = this.containers.get('db')!;
    const { environment } = this.file.services.db!;
    for (const script of initScripts(this.file.services.db!)) runScript(script, environment, options);
  }

  #serviceOf(container: string): Service {
    return this.file.services[container] ?? this.file.services[container.replace(/-\d+$/, '')]!;
  }

  #run(service: Service, container: string): Container {
    const [repository = ''] = service.image.split(':');
    if (repository === 'postgres')
      return startDatabase(
        this.#databaseDirectory,
        service.environment,
        this.#portOf('db', 5432),
        this.#hasOldDatabase ? [] : initScripts(service),
      );
    if (repository === 'prom/prometheus') return this.#runPrometheus(service);
    if (repository === 'apache/kafka') return this.#runKafka(service);
    if (repository === 'nginx') return this.#runNginx(service);
    return this.#runDaymark(service, container);
  }

  /** What the image holds and nothing else, as the user of the image. */
  #runDaymark({ command = [], environment }: Service, container: string): Container {
    const image = imageDirectory();
    const instruction = (name: string) => readDockerfile().findLast((one) => one.name === name)!.value;
    const argv = [...(JSON.parse(instruction('ENTRYPOINT')) as string[]), ...command];
    const variables = Object.entries(environment).map(([variable, value]) => [
      variable,
      variable.endsWith('PORT') && value !== ''
        ? String(this.#portOf(container, Number(value)))
        : this.#translate(String(value), container),
    ]);
    return new Container({
      argv: argv.map((word) => word.replace(/^\/app\//, `${image.app}/`)),
      env: {
        PATH: image.bin,
        NODE_ENV: 'production',
        TMPDIR: tmpdir(),
        ...Object.fromEntries(variables),
      },
      cwd: this.workDirectory,
      ...asUser(NODE_USER),
    });
  }

  /** The jars of Kafka, with the command and the settings of the service. */
  #runKafka({ command = [], environment, user = '', volumes = [] }: Service): Container {
    const directory = this.#mounted('kafka', volumes, user, (text) => this.#translate(text, 'kafka'));
    const translated = (word: string) =>
      this.#translate(word, 'kafka')
        .replaceAll('/opt/kafka/bin/', `${kafkaPrograms(directory, this.#kafkaJars)}/`)
        .replaceAll('/etc/daymark/', `${directory}/`);
    return new Container({
      argv: command.map(translated),
      env: { ...environment, PATH: process.env.PATH ?? '' },
      cwd: directory,
      ...asUser(user),
    });
  }

  /** Debian's nginx, with the command and the configuration of the service. */
  #runNginx({ command = [], volumes = [], user = '' }: Service): Container {
    const directory = this.#mounted('nginx', volumes, user, (text) =>
      this.#translate(text, 'nginx')
        // Only from 1.27 on does nginx look names up again.
        .replaceAll(' resolve ', ' ')
        .replace(/resolver .*;/, '')
        .replaceAll(' /tmp/', ` ${this.#directory('nginx')}/`)
        .replace(/listen (\d+);/, (_, port) => `listen ${this.addressOf('nginx', Number(port))};`),
    );
    return new Container({
      argv: command.map((word) => word.replaceAll('/etc/daymark/', `${directory}/`)),
      env: { PATH: `${process.env.PATH}:/usr/sbin` },
      cwd: directory,
      ...asUser(user),
    });
  }

  /** Debian's Prometheus, with the command, the configuration and the rules of the service. */
  #runPrometheus({ command = [], volumes = [], user = '' }: Service): Container {
    const directory = this.#mounted('prometheus', volumes, user, (text) => this.#translateTargets(text));
    const argv = command.map((word) =>
      word.replace('=/etc/prometheus/', `=${directory}/`).replace(/=\/prometheus$/, `=${directory}/data`),
    );
    const listen = `--web.listen-address=${this.addressOf('prometheus', 9090)}`;
    const env = { PATH: process.env.PATH ?? '' };
    return new Container({ argv: ['prometheus', ...argv, listen], env, cwd: directory, ...asUser(user) });
  }

  /** A directory with the files that a service mounts, for its user. */
  #mounted(
    name: string,
    volumes: NonNullable<Service['volumes']>,
    user: string,
    translated: (text: string) => string,
  ): string {
    const directory = this.#directory(name, user);
    for (const volume of volumes) {
      const [source = '', target = ''] = String(volume).split(':');
      if (!source.startsWith('./')) continue;
      const text = readFileSync(join(PROJECT_DIR, source), 'utf8');
      writeFileSync(join(directory, basename(target)), translated(text));
    }
    return directory;
  }

  #directory(name: string, user?: string): string {
    const known = this.#directories.get(name);
    if (known !== undefined) return known;
    const directory = newDirectory(name, user);
    this.#directories.set(name, directory);
    const data = join(directory, 'data');
    mkdirSync(data);
    own(data, user);
    return directory;
  }

  /** Prometheus asks the services by their names, and every second, so that a test does not wait. */
  #translateTargets(text: string): string {
    const config = parse(text.replace('scrape_interval: 15s', 'scrape_interval: 1s'));
    for (const job of config.scrape_configs ?? []) {
      // Docker's names know which services run, and how many of each.
      const found = (job.dns_sd_configs ?? []).flatMap(
        ({ names, port }: { names: readonly string[]; port: number }) =>
          names
            .filter((name) => startOrder(this.file, this.profile).includes(name))
            .flatMap((name) => this.containersOf(name).map((container) => `${container}:${port}`)),
      );
      job.static_configs = [...job.static_configs, { targets: found }];
      delete job.dns_sd_configs;
    }
    return this.#translate(stringify(config), 'prometheus');
  }

  async #reservePorts(): Promise<void> {
    for (const name of Object.keys(this.file.services))
      for (const container of this.containersOf(name))
        for (const port of PORTS) this.#ports.set(`${container}:${port}`, await freePort());
  }

  #portOf(container: string, port: number): number {
    const found = this.#ports.get(`${container}:${port}`);
    if (found === undefined) throw new Error(`no port ${port} of ${container}: add it to PORTS`);
    return found;
  }

  /** What a container says of addresses and directories, as this machine has them. */
  #translate(value: string, container: string): string {
    const isThere = (name: string) => this.#ports.has(name);
    return (
      value
        // Of other containers, by their names; of its own; and of its health check in bash.
        .replace(/\b([a-z][a-z\d-]*):(\d{4,5})\b/g, (all, name, port) =>
          isThere(`${name}:${port}`) ? this.addressOf(name, Number(port)) : all,
        )
        .replace(/\b(?:0\.0\.0\.0|127\.0\.0\.1|localhost)([:/])(\d{4,5})\b/g, (all, separator, port) =>
          isThere(`${container}:${port}`)
            ? `127.0.0.1${separator}${this.#portOf(container, Number(port))}`
            : all,
        )
        .replace(/^\/var\/lib\/daymark$|^\/tmp(?=\/)/, this.scratchDirectory)
        .replaceAll('/var/lib/kafka/', `${this.#directories.get('kafka')}/`)
        .replace(/^\/logs$/, this.logsDirectory)
    );
  }
}

/** The ports that containers open. */
const PORTS = [5432, 8080, 8888, 9090, 9092, 9093, 9464, 19_092];

/** A directory that the users of the containers can enter. */
function newDirectory(name: string, user?: string): string {
  const directory = mkdtempSync(join(tmpdir(), `daymark-compose-${name}-`));
  chmodSync(directory, 0o755);
  own(directory, user);
  return directory;
}

function own(path: string, user?: string): void {
  const { user: owner } = asUser(user ?? '');
  if (owner) chownSync(path, owner.uid, owner.gid);
}

/** The user of a container. Only root can be another one than who runs the tests. */
function asUser(user: string): Pick<ContainerOptions, 'user'> {
  const [uid, gid] = user.split(':').map(Number);
  if (!uid || process.getuid?.() !== 0) return {};
  return { user: { uid, gid: gid ?? uid } };
}

/** Files of the checkout that the PostgreSQL image runs in a new database. */
function initScripts({ volumes = [] }: Service): string[] {
  return volumes.flatMap((volume) => {
    if (typeof volume !== 'string') return [];
    const [source = '', target = ''] = volume.split(':');
    return target.startsWith('/docker-entrypoint-initdb.d/') ? [join(PROJECT_DIR, source)] : [];
  });
}
