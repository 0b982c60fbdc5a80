/** The manifests in `operating/kubernetes/`, and those in `operating/kubernetes-kafka/`, which take most of them. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { SETTING_NAMES } from '../../src/config/settings.ts';
import { PROJECT_DIR, readComposeFile } from '../compose/compose-file.ts';

// Ajv's build for drafts from 2019 on is CommonJS with a default export of its own.
const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');

const FOLDER = join(PROJECT_DIR, 'operating/kubernetes');
const KAFKA_FOLDER = join(PROJECT_DIR, 'operating/kubernetes-kafka');
const SCHEMAS = JSON.parse(readFileSync(join(import.meta.dirname, 'kubernetes-schemas.json'), 'utf8')) as {
  readonly kinds: Readonly<Record<string, object>>;
  readonly $defs: object;
};

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly volumeMounts?: readonly { readonly mountPath: string }[];
  readonly livenessProbe?: { readonly exec?: { readonly command: readonly string[] } };
  readonly securityContext: object;
  readonly resources: { readonly limits: object; readonly requests: object };
}

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly securityContext: object;
    readonly containers: readonly [Container];
    readonly [name: string]: unknown;
  };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: Pod; readonly selector?: { readonly matchLabels?: object } };
}

function kustomizationIn(folder: string) {
  return parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
}

/** Those of the files that a folder has itself. */
function manifestsOf(folder: string): Manifest[] {
  const files: readonly string[] = kustomizationIn(folder).resources;
  return files
    .filter((file) => !file.startsWith('../'))
    .flatMap((file) => manifestsIn(readFileSync(join(folder, file), 'utf8')));
}

function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

function podsOf(manifests: readonly Manifest[]) {
  return manifests.flatMap(({ kind, spec }) => (spec?.template ? [{ kind, pod: spec.template }] : []));
}

const kustomization = kustomizationIn(FOLDER);
const manifests = manifestsOf(FOLDER);
const ofKafka = manifestsOf(KAFKA_FOLDER);
const pods = podsOf([...manifests, ...ofKafka]);

const ajv = new Ajv2020({ strict: false, allErrors: true });
const isValid = Object.fromEntries(
  Object.entries(SCHEMAS.kinds).map(([kind, schema]) => [
    kind,
    ajv.compile({ ...schema, $defs: SCHEMAS.$defs }),
  ]),
);

function problemsOf(manifest: Manifest): string[] {
  const validate = isValid[manifest.kind];
  if (validate === undefined) return [`no schema of ${manifest.kind}`];
  validate(manifest);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const podOf = (component: string) =>
  pods.find(({ pod }) => pod.metadata.labels['app.kubernetes.io/component'] === component)!.pod;
const containerOf = (component: string) => podOf(component).spec.containers[0];

describe('the manifests of Kubernetes', () => {
  it('are all named by the kustomization, and valid by the schemas of Kubernetes', () => {
    for (const folder of [FOLDER, KAFKA_FOLDER]) {
      const others = readdirSync(folder).filter((file) => file !== 'kustomization.yaml');
      const resources: readonly string[] = kustomizationIn(folder).resources;
      expect(resources.filter((file) => file !== '../kubernetes').toSorted()).toEqual(others.toSorted());
    }
    for (const manifest of [...manifests, ...ofKafka])
      expect(problemsOf(manifest), manifest.metadata.name).toEqual([]);
  });

  it('would be refused with a word that Kubernetes does not know', () => {
    const text = readFileSync(join(FOLDER, 'serve.yaml'), 'utf8');
    for (const [right, wrong] of [
      ['replicas: 3', 'replica: 3'],
      ['failureThreshold: 3', 'failureThreshold: many'],
      ['periodSeconds', 'period'],
    ] as const)
      expect(manifestsIn(text.replace(right, wrong)).flatMap(problemsOf)).not.toEqual([]);
    const scaled = readFileSync(join(KAFKA_FOLDER, 'autoscaling.yaml'), 'utf8');
    for (const [right, wrong] of [
      ['minReplicaCount', 'minReplicas'],
      ['lagThreshold: "1000000"', 'lagThreshold: 1000000'],
    ] as const)
      expect(manifestsIn(scaled.replace(right, wrong)).flatMap(problemsOf)).not.toEqual([]);
  });

  it('run the commands, the image and the health check of compose.yaml', () => {
    const { services } = readComposeFile();
    const { version } = JSON.parse(readFileSync(join(PROJECT_DIR, 'package.json'), 'utf8'));
    for (const folder of [FOLDER, KAFKA_FOLDER])
      expect(kustomizationIn(folder).images).toEqual([{ name: 'daymark', newTag: version }]);
    for (const [component, service] of Object.entries({
      migrate: 'migrate',
      ingest: 'ingest',
      'ingest-kafka': 'ingest-kafka',
      serve: 'api',
    })) {
      expect(containerOf(component).args).toEqual(services[service]!.command);
      expect(containerOf(component).image).toBe('daymark');
    }
    for (const name of ['ingest', 'ingest-kafka']) {
      const [, ...check] = services[name]!.healthcheck!.test;
      expect(containerOf(name).livenessProbe!.exec!.command).toEqual(check);
      expect(containerOf(name).env).toContainEqual({
        name: 'ALIVE_FILE',
        value: services[name]!.environment.ALIVE_FILE,
      });
    }
  });

  it('set only settings that there are, and have the database from a secret that is not among them', () => {
    const { data = {} } = manifests.find(({ kind }) => kind === 'ConfigMap')!;
    const { data: kafka = {} } = ofKafka.find(({ kind }) => kind === 'ConfigMap')!;
    const own = pods.flatMap(({ pod }) => pod.spec.containers[0].env.map(({ name }) => name));
    expect(
      [...Object.keys(data), ...Object.keys(kafka), ...own].filter(
        (name) => !(SETTING_NAMES as readonly string[]).includes(name),
      ),
    ).toEqual([]);
    for (const component of ['migrate', 'ingest', 'ingest-kafka', 'serve'])
      expect(containerOf(component).env).toContainEqual({
        name: 'DATABASE_URL',
        valueFrom: { secretKeyRef: { name: 'daymark-database', key: 'url' } },
      });
    expect([...manifests, ...ofKafka].filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(data).toMatchObject({ AUTH: 'keys' });
  });

  it('give pods the rights of the restricted profile, a read-only file system, and limits', () => {
    expect(pods.map(({ kind }) => kind)).toEqual(['Job', 'StatefulSet', 'Deployment', 'Deployment']);
    for (const { pod } of pods) {
      const { securityContext, automountServiceAccountToken, containers } = pod.spec;
      expect(automountServiceAccountToken).toBe(false);
      expect(securityContext).toMatchObject({
        ...{ runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(containers).toHaveLength(1);
      const [{ securityContext: rights, resources: needs }] = containers;
      expect(rights).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      });
      expect(needs.requests).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) });
      expect(needs.limits).toMatchObject({ memory: expect.any(String) });
    }
    for (const component of ['ingest', 'ingest-kafka', 'serve'])
      expect(containerOf(component).volumeMounts!.map(({ mountPath }) => mountPath)).toContain('/tmp');
  });

  it('select the pods that they mean', () => {
    const [{ pairs }] = kustomization.labels;
    const selectors = [...manifests, ...ofKafka].flatMap(({ spec }) => spec?.selector?.matchLabels ?? []);
    expect(selectors.length).toBeGreaterThan(2);
    for (const selector of selectors)
      expect(pods.some(({ pod }) => isPartOf(selector, { ...pairs, ...pod.metadata.labels }))).toBe(true);
  });
});

describe('the readers of Kafka on Kubernetes', () => {
  const settings = ofKafka.find(({ kind }) => kind === 'ConfigMap')!.data!;
  const scaled = ofKafka.find(({ kind }) => kind === 'ScaledObject')!.spec as unknown as {
    readonly scaleTargetRef: { readonly name: string };
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
    readonly triggers: readonly [
      { readonly type: string; readonly metadata: Readonly<Record<string, string>> },
    ];
  };
  const deployment = ofKafka.find(({ kind }) => kind === 'Deployment')!;

  it('are as many as the lag of their group asks for, which KEDA asks of the same brokers', () => {
    expect(scaled.scaleTargetRef).toEqual({ name: deployment.metadata.name });
    expect(scaled.triggers[0]).toMatchObject({
      type: 'kafka',
      metadata: {
        bootstrapServers: settings.KAFKA_BROKERS,
        topic: settings.KAFKA_TOPIC,
        consumerGroup: settings.KAFKA_GROUP,
      },
    });
    // What is applied again must not undo what KEDA set.
    expect(deployment.spec).not.toHaveProperty('replicas');
    expect(scaled.minReplicaCount).toBeGreaterThan(1);
    expect(scaled.maxReplicaCount).toBeGreaterThanOrEqual(scaled.minReplicaCount);
  });

  it('take the place of the reader of a volume, and reach the brokers', () => {
    const deleted = kustomizationIn(KAFKA_FOLDER).patches.map(({ patch }: { patch: string }) => parse(patch));
    expect(deleted).toEqual(
      ['StatefulSet', 'Service'].map((kind) =>
        expect.objectContaining({ $patch: 'delete', kind, metadata: { name: 'daymark-ingest' } }),
      ),
    );
    const port = Number(settings.KAFKA_BROKERS!.split(':').at(-1));
    const [rule] = ofKafka.flatMap(({ kind, spec }) =>
      kind === 'NetworkPolicy'
        ? (spec as unknown as { egress: { ports: { port: number; endPort: number }[] }[] }).egress
        : [],
    );
    expect(rule!.ports[0]!.port).toBeLessThanOrEqual(port);
    expect(rule!.ports[0]!.endPort).toBeGreaterThanOrEqual(port);
  });
});

function isPartOf(part: object, whole: Readonly<Record<string, string>>): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === value);
}

const hasTools = [
  ['kustomize', 'version'],
  ['kubeconform', '-v'],
].every(([program = '', flag = '']) => spawnSync(program, [flag]).status === 0);

/** Neither is a package of Debian: `go install` makes both (CONTRIBUTING.md). */
it.skipIf(!hasTools).each([FOLDER, KAFKA_FOLDER])(
  'kustomize builds %s, and kubeconform finds no fault',
  (folder) => {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-kubernetes-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const built = spawnSync('kustomize', ['build', folder], { encoding: 'utf8' });
    expect(built.stderr).toBe('');
    const files = manifestsIn(built.stdout).map(
      ({ kind, apiVersion = '' }: Manifest & { apiVersion?: string }) => {
        const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
        return {
          kind,
          name: [kind.toLowerCase(), ...(group ? [group.split('.')[0]] : []), version].join('-'),
        };
      },
    );
    for (const { kind, name } of files)
      writeFileSync(
        join(directory, `${name}.json`),
        JSON.stringify({ ...SCHEMAS.kinds[kind], $defs: SCHEMAS.$defs }),
      );
    const location = join(directory, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
    const args = ['-strict', '-summary', '-schema-location', location];
    const { stdout } = spawnSync('kubeconform', args, { input: built.stdout, encoding: 'utf8' });
    expect(stdout).toContain(`Valid: ${files.length}, Invalid: 0, Errors: 0, Skipped: 0`);
  },
);
