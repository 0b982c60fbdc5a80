/**
 * Finds the access logs in Envoy's configuration, and Istio's `accessLogFormat`, in parsed YAML or JSON.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */

import { type Field, isTimeForm } from '../format.ts';
import { envoyField } from '../format-string/envoy.ts';
import { PART_WORDS } from '../rules/line-rules.ts';
import { rankOfName } from '../rules/part-fields.ts';
import type { FoundFormat, FoundFormats } from './types.ts';

type Node = Readonly<Record<string, unknown>>;

/** Parts of a configuration that are nested deeper are ignored. */
const MAX_DEPTH = 64;

/** @param documents parsed YAML or JSON. @returns undefined where none of them has an access log. */
export function envoyFormats(documents: readonly unknown[]): FoundFormats | undefined {
  const found = documents.flatMap((document) => [...accessLogsIn(document, 0)]);
  if (found.length === 0) return undefined;
  const texts = [...new Set(found.flatMap(({ text }) => text ?? []))];
  const formats = texts.map((text, i): FoundFormat => {
    const places = found.filter((one) => one.text === text).map(({ place }) => place);
    return { name: `${i + 1}`, text, place: [...new Set(places)].join(', ') };
  });
  return { formats, includes: [], byDefault: 'envoy' };
}

interface AccessLog {
  /** Undefined where the access log has no format of its own. */
  readonly text: string | undefined;
  readonly place: string;
}

function* accessLogsIn(value: unknown, depth: number): Generator<AccessLog> {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* accessLogsIn(item, depth + 1);
    return;
  }
  const node = value as Node;
  if (typeof node.accessLogFormat === 'string') yield istioLog(node, node.accessLogFormat);
  for (const [key, child] of Object.entries(node)) {
    if (key === 'access_log' || key === 'accessLog') {
      for (const log of [child].flat()) if (isNode(log)) yield accessLogOf(log);
    } else {
      yield* accessLogsIn(child, depth + 1);
    }
  }
}

function istioLog({ accessLogEncoding }: Node, format: string): AccessLog {
  const place = 'accessLogFormat';
  if (accessLogEncoding !== 'JSON') return { text: textOf(format), place };
  try {
    return { text: mappingOf(JSON.parse(format)), place };
  } catch {
    return { text: undefined, place };
  }
}

function accessLogOf(log: Node): AccessLog {
  const config = childOf(log, 'typed_config') ?? childOf(log, 'config') ?? log;
  const format = childOf(config, 'log_format') ?? config;
  const target =
    of(config, 'path') ?? /\.(\w+)AccessLog$/.exec(String(config['@type']))?.[1] ?? 'an access log';
  const source = childOf(format, 'text_format_source');
  const text = of(format, 'text_format') ?? of(source ?? {}, 'inline_string') ?? of(format, 'format');
  if (typeof text === 'string') return { text: textOf(text), place: `the text of ${target}` };
  const json = childOf(format, 'json_format') ?? childOf(format, 'typed_json_format');
  return { text: json && mappingOf(json), place: `the JSON of ${target}` };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of a message. Its name may be in snake_case or camelCase. */
function of(node: Node, name: string): unknown {
  return node[name] ?? node[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())];
}

function childOf(node: Node, name: string): Node | undefined {
  const child = of(node, name);
  return isNode(child) ? child : undefined;
}

function textOf(format: string): string {
  return `envoy: ${format.trimEnd()}`;
}

const ROLES = ['timestamp', 'customer_id', 'request_path', 'status', 'duration'] as const;

/** Makes a mapping of the JSON values that are a single operator and that daymark needs, or rules can look at. */
function mappingOf(json: Node): string {
  const values = [...textsIn(json, [])];
  const fields = values.flatMap(([path, value]) => {
    const field = fieldOf(value);
    return field ? [[path, field] as const] : [];
  });
  const words = ROLES.flatMap((role) => {
    const [path, field] = fields.find(([, each]) => each.role === role || roleOf(each) === role) ?? [];
    return path && field ? [`${field.role}=${nameOf(path)}${kindOf(field)}`] : [];
  });
  const parts = PART_WORDS.flatMap((word) => {
    const [best] = values
      .map(([path, value]) => ({ path, rank: rankOfName(value, word) }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank);
    return best ? [`${word}=${nameOf(best.path)}`] : [];
  });
  return ['json', ...words, ...parts].join(' ');
}

function roleOf({ role }: Field): string {
  return role === 'request' ? 'request_path' : role;
}

function* textsIn(value: unknown, path: readonly string[]): Generator<readonly [string[], string]> {
  if (isNode(value) && path.length < MAX_DEPTH) {
    for (const [key, child] of Object.entries(value)) yield* textsIn(child, [...path, key]);
  } else if (typeof value === 'string') {
    yield [[...path], value];
  }
}

function fieldOf(value: string): Field | undefined {
  if (/^%REQ\(:METHOD\)% %REQ\([^)]*:PATH\)% %PROTOCOL%$/.test(value)) return { role: 'request' };
  const [, operator, parameter] = /^%([A-Z0-9_]+)(?:\(([^)]*)\))?(?::\d+)?%$/.exec(value) ?? [];
  return operator === undefined ? undefined : envoyField(value, operator, parameter, 0);
}

/** Writes a path for `format-string/mapping.ts`: dots separate keys, and a backslash escapes. */
function nameOf(path: readonly string[]): string {
  const name = path.map((key) => key.replace(/[.\\"]/g, '\\$&')).join('.');
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}

function kindOf(field: Field): string {
  if (field.role === 'timestamp')
    return isTimeForm(field.kind) ? `:"${field.kind.replace(/["\\]/g, '\\$&')}"` : `:${field.kind}`;
  if (field.role === 'duration') return `:${field.unit}?`;
  return field.role === 'status' ? '' : '?';
}
