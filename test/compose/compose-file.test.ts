import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTING_NAMES } from '../../src/config/settings.ts';
import { PROJECT_DIR, readComposeFile, readDockerfile, startOrder } from './compose-file.ts';

// Ajv's build for drafts from 2019 on is CommonJS with a default export of its own.
const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const schema = JSON.parse(read('compose-spec.schema.json'));
const packageJson = JSON.parse(readFileSync(`${PROJECT_DIR}package.json`, 'utf8'));
const [, KAFKA_VERSION] = /<version>([\d.]+)</.exec(
  read('../support/kafka/pom.xml').split('<artifactId>kafka_2.13</artifactId>')[1]!,
)!;
const packageLock = JSON.parse(readFileSync(`${PROJECT_DIR}package-lock.json`, 'utf8'));

function problemsOf(text: string): string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.validate(schema, parse(text, { merge: true }));
  return (ajv.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

test('compose.yaml is valid by the schema of the Compose Specification', () => {
  expect(problemsOf(readFileSync(`${PROJECT_DIR}compose.yaml`, 'utf8'))).toEqual([]);
});

test('the schema refuses what Compose would refuse', () => {
  const text = readFileSync(`${PROJECT_DIR}compose.yaml`, 'utf8');
  expect(problemsOf(text.replace('depends_on:', 'depend_on:'))).not.toEqual([]);
  expect(problemsOf(text.replace('service_healthy', 'healthy'))).not.toEqual([]);
  // Without its quotes this is a map by YAML, not a command.
  expect(problemsOf(text.replace(/"(process.exit\(.*)"/, '$1'))).not.toEqual([]);
});

test('the services start in order: database, migration, then ingest and API', () => {
  const file = readComposeFile();
  expect(startOrder(file)).toEqual(['db', 'migrate', 'ingest', 'api']);
  expect(startOrder(file, 'observe')).toEqual(['db', 'migrate', 'ingest', 'api', 'prometheus', 'grafana']);
  expect(startOrder(file, 'scale')).toEqual([
    ...['db', 'migrate', 'ingest', 'api', 'kafka', 'topic', 'ingest-kafka', 'api-2', 'nginx'],
  ]);
  for (const name of ['ingest', 'api']) {
    expect(file.services[name]!.depends_on).toEqual({
      db: { condition: 'service_healthy' },
      migrate: { condition: 'service_completed_successfully' },
    });
  }
});

test('the API is published on http://localhost:8888 and nothing else is published', () => {
  const { db, migrate, ingest, api } = readComposeFile().services;
  expect(api!.ports).toEqual(['127.0.0.1:8888:8888']);
  expect(api!.environment).toMatchObject({ HOST: '0.0.0.0', PORT: 8888, INSECURE_NO_AUTH: 'on' });
  expect([db, migrate, ingest].map((service) => service!.ports)).toEqual([undefined, undefined, undefined]);
});

test('every service has a restart policy, a read-only file system and time to stop', () => {
  for (const service of Object.values(readComposeFile().services)) {
    expect(service.restart).toMatch(/^(unless-stopped|on-failure:\d+)$/);
    expect(service.read_only).toBe(true);
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
    expect(service).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  }
});

test('every service has limits of memory, processors and processes', () => {
  for (const service of Object.values(readComposeFile().services)) {
    expect(service.deploy?.resources.limits).toEqual({
      memory: expect.stringMatching(/^\d+[mg]$/),
      cpus: expect.stringMatching(/^\d+(\.\d+)?$/),
      pids: expect.any(Number),
    });
  }
});

/** The variables of OpenTelemetry that matter with Compose. */
const OF_TRACES = [
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_HEADERS'],
  ...['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'],
];

test('every setting can be passed on to the services, or means something only inside of them', () => {
  const insideOnly = {
    DATABASE_URL: 'd',
    DATA_DIR: 'd',
    LOGS_SOURCE_DIR: 'l',
    ALIVE_FILE: 'a',
    HOST: 'h',
    PORT: 'p',
    INSECURE_NO_AUTH: 'i',
    METRICS_PORT: 'm',
    METRICS_HOST: 'm',
    KAFKA_BROKERS: 'k',
    KAFKA_TOPIC: 'k',
  };
  const passed = Object.fromEntries(
    [...SETTING_NAMES, ...OF_TRACES]
      .filter((name) => !(name in insideOnly))
      .map((name) => [name, `${name}!`]),
  );
  const { migrate, ingest, api } = readComposeFile({ ...passed, ...insideOnly }).services;
  for (const service of [migrate, ingest, api]) {
    expect(service!.environment).toMatchObject(passed);
    for (const [name, value] of Object.entries(insideOnly))
      expect(service!.environment[name]).not.toBe(value);
  }
  // An empty value is none, and nothing else is empty.
  const { environment } = readComposeFile().services.ingest!;
  const empty = Object.keys(environment).filter((name) => environment[name] === '');
  expect(empty.toSorted()).toEqual(Object.keys(passed).toSorted());
});

test('the image has a tag: the version of the package', () => {
  for (const name of ['migrate', 'ingest', 'api'])
    expect(readComposeFile().services[name]!.image).toBe(`daymark:${packageJson.version}`);
});

test('a rebuild has a volume to work in, which the user of the image owns', () => {
  const { ingest } = readComposeFile().services;
  expect(ingest!.volumes).toContain(`scratch:${ingest!.environment.DATA_DIR}`);
  const made = readDockerfile()
    .filter(({ name }) => name === 'RUN')
    .at(-1)?.value;
  expect(made).toBe(`install --directory --owner=node --group=node ${ingest!.environment.DATA_DIR}`);
});

test('the logs are read from ./logs, which ingest cannot write', () => {
  const { ingest } = readComposeFile().services;
  expect(ingest!.volumes!.filter((volume) => typeof volume !== 'string')).toEqual([
    { type: 'bind', source: './logs', target: '/logs', read_only: true, bind: { create_host_path: false } },
  ]);
  expect(ingest!.environment.LOGS_SOURCE_DIR).toBe('/logs');
});

test('the password comes from POSTGRES_PASSWORD wherever it is used', () => {
  const { db, migrate, ingest, api } = readComposeFile({ POSTGRES_PASSWORD: 'p@ss/word' }).services;
  expect(db!.environment.POSTGRES_PASSWORD).toBe('p@ss/word');
  for (const service of [migrate, ingest, api]) expect(service!.environment.PGPASSWORD).toBe('p@ss/word');
});

test('nobody but this machine reaches what is published, and no service runs as root', () => {
  const { services } = readComposeFile();
  for (const port of Object.values(services).flatMap(({ ports = [] }) => ports))
    expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  for (const name of ['db', 'prometheus', 'grafana', 'kafka', 'topic', 'nginx'])
    expect(services[name]!.user).toMatch(/^(postgres|[1-9]\d*:\d+)$/);
});

test('Prometheus reads the metrics of the API and of ingest, and the alert rules of operating/', () => {
  const { prometheus, api, ingest } = readComposeFile().services;
  const config = parse(readFileSync(`${PROJECT_DIR}compose/prometheus.yml`, 'utf8'));
  const port = api!.environment.METRICS_PORT;
  expect(ingest!.environment).toMatchObject({ METRICS_PORT: port, METRICS_HOST: '0.0.0.0' });
  expect(config.scrape_configs[0]).toMatchObject({
    job_name: 'daymark',
    static_configs: [{ targets: [`api:${port}`, `ingest:${port}`] }],
    dns_sd_configs: [{ names: ['api-2', 'ingest-kafka'], type: 'A', port }],
  });
  expect(config.rule_files).toEqual(['alerts.yml']);
  expect(prometheus!.volumes).toContain('./operating/alerts.yml:/etc/prometheus/alerts.yml:ro');
});

test('Grafana finds its data source and the dashboard of operating/', () => {
  const { grafana } = readComposeFile().services;
  const mounted = (target: string) => {
    const volume = grafana!.volumes!.find((one) => typeof one === 'string' && one.split(':')[1] === target);
    return readFileSync(`${PROJECT_DIR}${(volume as string).split(':')[0]}`, 'utf8');
  };
  const provisioning = '/etc/grafana/provisioning';
  const [source] = parse(mounted(`${provisioning}/datasources/daymark.yml`)).datasources;
  expect(source).toMatchObject({ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true });
  const [provider] = parse(mounted(`${provisioning}/dashboards/daymark.yml`)).providers;
  const dashboard = `${provider.options.path}/daymark.json`;
  expect(grafana!.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(dashboard);
  // It asks for any Prometheus: the default one is taken.
  expect(JSON.parse(mounted(dashboard)).templating.list[0]).toMatchObject({
    type: 'datasource',
    query: 'prometheus',
  });
});

test('every image is pinned to a full version, and Node to the one that the project is developed with', () => {
  expect(readComposeFile().services.db!.image).toMatch(/^postgres:\d+\.\d+-bookworm(@sha256:[0-9a-f]{64})?$/);
  const { prometheus, grafana } = readComposeFile().services;
  expect(prometheus!.image).toMatch(/^prom\/prometheus:v\d+\.\d+\.\d+$/);
  expect(grafana!.image).toMatch(/^grafana\/grafana:\d+\.\d+\.\d+$/);
  const { kafka, topic, nginx } = readComposeFile().services;
  expect(nginx!.image).toMatch(/^nginx:\d+\.\d+\.\d+$/);
  // The version whose jars the tests run.
  expect(kafka!.image).toBe(`apache/kafka:${KAFKA_VERSION}`);
  expect(topic!.image).toBe(kafka!.image);
  const stages = readDockerfile().filter(({ name }) => name === 'FROM');
  expect(stages).toHaveLength(3);
  const version = packageLock.packages['node_modules/node'].version;
  for (const { value } of stages) {
    expect(value).toMatch(new RegExp(`^node:${version}-bookworm-slim(@sha256:[0-9a-f]{64})?( AS \\w+)?$`));
  }
});

test('the image runs the program of package.json as a user that is not root', () => {
  const instructions = readDockerfile();
  const last = (name: string) => instructions.findLast((instruction) => instruction.name === name)?.value;
  expect(JSON.parse(last('ENTRYPOINT')!)).toEqual(['node', `/app/${packageJson.bin.daymark}`]);
  expect(last('USER')).toBe('node');
});

test('the image holds the packages of production alone, and runs no script of theirs', () => {
  const installs = readDockerfile().filter(({ name, value }) => name === 'RUN' && value.startsWith('npm ci'));
  expect(installs.map(({ value }) => value)).toEqual([
    'npm ci --ignore-scripts',
    // `image.ts` makes the same of the checkout, and the services of the tests run with that.
    'npm ci --omit=dev --omit=optional --ignore-scripts --workspaces=false',
  ]);
});

test('what the image is built from exists, and the build context holds nothing else', () => {
  const [first, ...kept] = readFileSync(`${PROJECT_DIR}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  for (const line of kept) {
    expect(line).toMatch(/^!/);
    expect(existsSync(`${PROJECT_DIR}${line.slice(1)}`), line).toBe(true);
  }
});

test('nginx of the profile `scale` asks each process of the API as operating/nginx.conf asks one', () => {
  const { services } = readComposeFile();
  const config = readFileSync(`${PROJECT_DIR}compose/nginx.conf`, 'utf8');
  const upstream = [...config.matchAll(/^ *server ([\w-]+):(\d+) /gm)].map(([, name, port]) => [name, port]);
  const serving = Object.keys(services).filter((name) => services[name]!.command?.[0] === 'serve');
  expect(upstream).toEqual(serving.map((name) => [name, String(services[name]!.environment.PORT)]));
  expect(Object.keys(services.nginx!.depends_on!)).toEqual(serving);
  const ofLocation = (text: string) =>
    /location \/ \{\n *proxy_pass([^}]+)\}/.exec(text)?.[1]?.match(/\w+ .*;/g) ?? [];
  const [here, there] = [config, readFileSync(`${PROJECT_DIR}operating/nginx.conf`, 'utf8')].map(ofLocation);
  // Compose publishes another port than 80, which clients see in the host.
  const expected = there!.map((line) => line.replace('Host $host;', 'Host $http_host;'));
  expect(expected.length).toBeGreaterThan(8);
  expect(here).toEqual(expect.arrayContaining(expected));
});

test('the readers of Kafka know the broker by the name that it gives to services, and the topic that is made', () => {
  const { kafka, topic, 'ingest-kafka': reader } = readComposeFile({ KAFKA_TOPIC: 'lines' }).services;
  const config = readFileSync(`${PROJECT_DIR}compose/kafka.properties`, 'utf8');
  const { KAFKA_BROKERS, KAFKA_TOPIC } = reader!.environment;
  expect(config).toMatch(
    new RegExp(`^advertised.listeners=SERVICES://${KAFKA_BROKERS},MACHINE://localhost:9092$`, 'm'),
  );
  expect(kafka!.ports).toEqual(['127.0.0.1:9092:9092']);
  expect(topic!.command).toEqual(
    expect.arrayContaining([
      `--bootstrap-server=${KAFKA_BROKERS}`,
      `--topic=${KAFKA_TOPIC}`,
      '--if-not-exists',
    ]),
  );
  expect(KAFKA_TOPIC).toBe('lines');
  expect(reader!.deploy!.replicas).toBe(2);
});
