import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The checkout, which is the build context of the image and the directory of `compose.yaml`. */
export const PROJECT_DIR = fileURLToPath(new URL('../../', import.meta.url));

type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

/** What the tests read of a service. */
export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  /** Where there are any, it is started only with one of them. */
  readonly profiles?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly start_period: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly restart: string;
  readonly stop_grace_period: string;
  readonly stop_signal?: NodeJS.Signals;
  readonly read_only: boolean;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources: { readonly limits: Readonly<Record<'memory' | 'cpus' | 'pids', string | number>> };
  };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
}

/** `compose.yaml` as Compose sees it: anchors merged, `${NAME:-default}` and `$$` replaced. */
export function readComposeFile(variables: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readFileSync(`${PROJECT_DIR}compose.yaml`, 'utf8');
  return parse(text, (_key, value) => (typeof value === 'string' ? interpolate(value, variables) : value), {
    merge: true,
  }) as ComposeFile;
}

function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\{(\w+):-([^}]*)\})/g, (match, name, fallback) =>
    match === '$$' ? '$' : variables[name] || fallback,
  );
}

/** The services that are started with a profile, or without any, each behind all that it depends on. */
export function startOrder(file: ComposeFile, profile?: string): string[] {
  const order = new Set<string>();
  const visit = (name: string) => {
    for (const dependency of Object.keys(file.services[name]!.depends_on ?? {})) visit(dependency);
    order.add(name);
  };
  for (const [name, { profiles = [] }] of Object.entries(file.services))
    if (profiles.length === 0 || profiles.some((one) => one === profile)) visit(name);
  return [...order];
}

/** The instructions of `Dockerfile`, in order. */
export function readDockerfile(): { name: string; value: string }[] {
  const lines = readFileSync(`${PROJECT_DIR}Dockerfile`, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), value: line.slice(line.indexOf(' ') + 1) }));
}
