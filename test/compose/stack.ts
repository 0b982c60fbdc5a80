import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/postgres-cluster.ts';
import { until } from '../support/until.ts';
import { type ComposeFile, PROJECT_DIR, readDockerfile, type Service, startOrder } from './compose-file.ts';
import { Container } from './container.ts';
import { runScript, startDatabase } from './database.ts';

const GRACE = /^(\d+)s$/;

/** Docker waits 100 ms before the first restart too. */
const RESTART_DELAY_MS = 100;

/**
 * `docker compose up` and `down` by hand: each service's command and environment as `compose.yaml` has them,
 * started when what it depends on is as it asks. Names that mean something only between containers are
 * translated: the database's address, the directory of logs, the API's port.
 */
export class Stack {
  readonly file: ComposeFile;
  readonly containers = new Map<string, Container>();
  /** In place of `./logs`: a copy, so that a test may write to it. */
  readonly logsDirectory = join(mkdtempSync(join(tmpdir(), 'daymark-compose-logs-')), 'logs');
  /** The working directory of daymark's services. Their file systems are read-only: it must stay empty. */
  readonly workDirectory = mkdtempSync(join(tmpdir(), 'daymark-compose-work-'));
  /** In place of the volume of `DATA_DIR`, and of `/tmp`. */
  readonly scratchDirectory = mkdtempSync(join(tmpdir(), 'daymark-compose-scratch-'));
  readonly #databaseDirectory = mkdtempSync(join(tmpdir(), 'daymark-compose-db-'));
  readonly #stopped = new Set<string>();
  #databasePort = 0;
  #apiPort = 0;
  #prometheusPort = 0;
  /** By service: on one machine, they cannot all have the same. */
  readonly #metricsPorts = new Map<string, number>();

  readonly #hasOldDatabase: boolean;

  /** @param hasOldDatabase true where the volume of the database was made before there were scripts for it. */
  constructor(file: ComposeFile, hasOldDatabase = false) {
    this.file = file;
    this.#hasOldDatabase = hasOldDatabase;
    cpSync(join(PROJECT_DIR, 'logs'), this.logsDirectory, { recursive: true });
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#apiPort}`;
  }

  get prometheusUrl(): string {
    return `http://127.0.0.1:${this.#prometheusPort}`;
  }

  async up(): Promise<void> {
    this.#databasePort = await freePort();
    this.#apiPort = await freePort();
    this.#prometheusPort = await freePort();
    for (const name of ['api', 'ingest']) this.#metricsPorts.set(name, await freePort());
    for (const name of startOrder(this.file)) await this.start(name);
  }

  /** Starts the database alone. */
  async upToDatabase(): Promise<void> {
    this.#databasePort = await freePort();
    await this.start('db');
    await this.waitForHealth('db');
  }

  async start(name: string): Promise<void> {
    const service = this.file.services[name]!;
    for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
      if (condition === 'service_completed_successfully') await this.#waitForSuccess(dependency);
      else await this.waitForHealth(dependency);
    }
    this.#stopped.delete(name);
    this.#supervise(name, service);
  }

  /** Starts a service, and again whenever it ends by itself, where its restart policy says so. */
  #supervise(name: string, service: Service): void {
    const container = this.#run(name);
    this.containers.set(name, container);
    if (service.restart !== 'unless-stopped') return;
    container.exitCode.then(async () => {
      await sleep(RESTART_DELAY_MS);
      const isReplaced = this.containers.get(name) !== container;
      if (!this.#stopped.has(name) && !isReplaced) this.#supervise(name, service);
    });
  }

  /** Stops a service as Docker does. @returns its exit code. */
  async stop(name: string): Promise<number> {
    this.#stopped.add(name);
    const graceS = Number(GRACE.exec(this.file.services[name]!.stop_grace_period)![1]);
    // The PostgreSQL image declares SIGINT as its stop signal, Docker's own is SIGTERM.
    return this.containers.get(name)!.stop(name === 'db' ? 'SIGINT' : 'SIGTERM', graceS * 1000);
  }

  /** Runs a service's health check once. */
  async isHealthy(name: string): Promise<boolean> {
    const [kind, ...argv] = this.file.services[name]!.healthcheck!.test;
    if (kind !== 'CMD') throw new Error(`the health check of ${name} is not a CMD`);
    return (await this.containers.get(name)!.run(argv.map((word) => this.#translateUrl(word)))) === 0;
  }

  async waitForHealth(name: string): Promise<void> {
    await until(() => this.isHealthy(name), {
      describe: () => `${name} is healthy; it said ${this.containers.get(name)!.output}`,
    });
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
    ]) {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async #waitForSuccess(name: string): Promise<void> {
    const container = this.containers.get(name)!;
    const code = await container.exitCode;
    if (code !== 0) throw new Error(`${name} exited with ${code}: ${container.output}`);
  }

  /** Another command in a container of a service, as `docker compose run --rm SERVICE COMMAND` does. */
  runOnce(name: string, command: readonly string[]): Container {
    return this.#run(name, command);
  }

  /** The command of a service, as another user of the database with the same password. */
  runOnceAs(name: string, user: string): Container {
    const service = this.file.services[name]!;
    const url = service.environment.DATABASE_URL!.replace(/\/\/\w+@/, `//${user}@`);
    const environment = { ...service.environment, DATABASE_URL: url };
    return this.#run(name, service.command, { ...service, environment });
  }

  /** What docs/operating.md says for a volume that is older than the scripts. */
  runInitScripts(): void {
    const { options } = this.containers.get('db')!;
    const { environment } = this.file.services.db!;
    for (const script of initScripts(this.file.services.db!)) runScript(script, environment, options);
  }

  #run(
    name: string,
    command = this.file.services[name]!.command ?? [],
    service = this.file.services[name]!,
  ): Container {
    if (service.image.startsWith('postgres:'))
      return startDatabase(
        this.#databaseDirectory,
        service.environment,
        this.#databasePort,
        this.#hasOldDatabase ? [] : initScripts(service),
      );
    if (service.image.startsWith('prom/prometheus:')) return this.#runPrometheus(service);
    const entrypoint = JSON.parse(readDockerfile().findLast(({ name }) => name === 'ENTRYPOINT')!.value);
    const argv = [...entrypoint, ...command].map((word) => word.replace(/^\/app\//, PROJECT_DIR));
    const metricsPort = this.#metricsPorts.get(name) ?? 0;
    const environment = Object.entries({ ...service.environment, METRICS_PORT: metricsPort }).map(
      ([variable, value]) => [variable, this.#translate(String(value))],
    );
    const image = { PATH: dirname(process.execPath), NODE_ENV: 'production', TMPDIR: tmpdir() };
    return new Container({
      argv,
      env: { ...image, ...Object.fromEntries(environment) },
      cwd: this.workDirectory,
    });
  }

  /** Debian's Prometheus, with the command, the configuration and the rules of the service, as another user than root. */
  #runPrometheus({ command = [], volumes = [], user }: Service): Container {
    const directory = join(this.scratchDirectory, 'prometheus');
    const [uid = 0, gid = 0] = (user ?? '').split(':').map(Number);
    const own = process.getuid?.() === 0 ? { user: { uid, gid } } : {};
    mkdirSync(join(directory, 'data'), { recursive: true });
    for (const volume of volumes) {
      const [source = '', target = ''] = String(volume).split(':');
      if (!source.startsWith('./')) continue;
      const text = readFileSync(join(PROJECT_DIR, source), 'utf8');
      writeFileSync(join(directory, basename(target)), this.#translateTargets(text));
    }
    if (own.user)
      for (const path of [this.scratchDirectory, directory, join(directory, 'data')])
        chownSync(path, uid, gid);
    const argv = command.map((word) =>
      word.replace('=/etc/prometheus/', `=${directory}/`).replace(/=\/prometheus$/, `=${directory}/data`),
    );
    const listen = `--web.listen-address=127.0.0.1:${this.#prometheusPort}`;
    const env = { PATH: process.env.PATH ?? '' };
    return new Container({ argv: ['prometheus', ...argv, listen], env, cwd: directory, ...own });
  }

  /** Prometheus asks the services by their names, and every second, so that a test does not wait. */
  #translateTargets(text: string): string {
    return text
      .replace('scrape_interval: 15s', 'scrape_interval: 1s')
      .replace(/\b(api|ingest):9464\b/g, (_, name) => `127.0.0.1:${this.#metricsPorts.get(name)}`);
  }

  #translateUrl(word: string): string {
    return word.replace('http://127.0.0.1:9090', this.prometheusUrl);
  }

  #translate(value: string): string {
    // First, for what stands in place of the others is in `/tmp`.
    return value
      .replace(/^\/var\/lib\/daymark$|^\/tmp(?=\/)/, this.scratchDirectory)
      .replace('@db:5432/', `@127.0.0.1:${this.#databasePort}/`)
      .replace(/^\/logs$/, this.logsDirectory)
      .replace(/^8888$/, String(this.#apiPort));
  }
}

/** Files of the checkout that the PostgreSQL image runs in a new database. */
function initScripts({ volumes = [] }: Service): string[] {
  return volumes.flatMap((volume) => {
    if (typeof volume !== 'string') return [];
    const [source = '', target = ''] = volume.split(':');
    return target.startsWith('/docker-entrypoint-initdb.d/') ? [join(PROJECT_DIR, source)] : [];
  });
}
