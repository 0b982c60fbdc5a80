/** Takes the templates out of an OpenAPI document (https://spec.openapis.org/oas/v3.1.0). */

import { METHODS } from './methods.ts';
import { parseTemplate, type Refuse } from './parse-template.ts';
import type { EndpointTemplate } from './types.ts';

type Members = Readonly<Record<string, unknown>>;

/** References that lead to other references. */
const MAX_REFERENCES = 10;

/** @param document the parsed YAML or JSON. @param refuse throws. */
export function parseOpenapi(document: unknown, refuse: Refuse): EndpointTemplate[] {
  const root = membersOf(document) ?? refuse('it is no OpenAPI document');
  if ('swagger' in root)
    refuse(`it is a document of version ${String(root.swagger)}; convert it to OpenAPI 3`);
  if (typeof root.openapi !== 'string' || !/^3\.\d/.test(root.openapi))
    refuse(
      `it is no document of OpenAPI 3: its member \`openapi\` is ${JSON.stringify(root.openapi ?? null)}`,
    );
  const paths = membersOf(root.paths) ?? refuse('it has no `paths`');
  const found = Object.entries(paths).flatMap(([path, item]) => {
    if (path.startsWith('x-')) return [];
    const refusePath: Refuse = (why) => refuse(`path ${JSON.stringify(path)}: ${why}`);
    return templatesOf(path, resolvedItem(item, root, refusePath), root.servers, refusePath);
  });
  return found.length > 0 ? found : refuse('it has no operation');
}

function templatesOf(path: string, item: Members, servers: unknown, refuse: Refuse): EndpointTemplate[] {
  return METHODS.flatMap((method) => {
    const operation = membersOf(item[method.toLowerCase()]);
    if (!operation) return [];
    const bases = basePaths(operation.servers ?? item.servers ?? servers);
    // Some documents tell operations apart by a query or a fragment, which is not part of the path.
    const [own = ''] = path.split(/[?#]/, 1);
    return bases.map((base) => parseTemplate(method, `${base}${own}`, refuse));
  });
}

/** A path item may stand elsewhere in the document. */
function resolvedItem(item: unknown, root: Members, refuse: Refuse): Members {
  let members = membersOf(item);
  for (let i = 0; typeof members?.$ref === 'string'; i++) {
    const { $ref: reference } = members;
    if (!reference.startsWith('#/') || i === MAX_REFERENCES)
      return refuse(`its reference ${JSON.stringify(reference)} leads out of the document, or in a circle`);
    members = membersOf(referred(root, reference));
  }
  return members ?? refuse('it is no object, or its reference leads nowhere');
}

/** What a JSON pointer (RFC 6901) names. */
function referred(root: Members, reference: string): unknown {
  const names = reference.slice(2).split('/');
  return names.reduce<unknown>(
    (value, name) => membersOf(value)?.[decoded(name).replaceAll('~1', '/').replaceAll('~0', '~')],
    root,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The paths of the servers' URLs, each once, without a slash at the end. */
function basePaths(servers: unknown): readonly string[] {
  const urls = (Array.isArray(servers) ? servers : []).flatMap((server) => {
    const { url, variables } = membersOf(server) ?? {};
    return typeof url === 'string' ? [basePath(url, membersOf(variables) ?? {})] : [];
  });
  return urls.length === 0 ? [''] : [...new Set(urls)];
}

/** A variable in the path stays a parameter, unless its default has several segments. */
function basePath(url: string, variables: Members): string {
  const defaultOf = (name: string): string => {
    const value = membersOf(variables[name])?.default;
    return typeof value === 'string' ? value : '';
  };
  const whole = url.replace(/\{([^{}]*)\}/g, (written, name, at) =>
    at === 0 || defaultOf(name).includes('/') ? defaultOf(name) : written,
  );
  const [path = ''] = whole.replace(/^(?:[^/?#]*:)?\/\/[^/?#]*/, '').split(/[?#]/, 1);
  const trimmed = path.replace(/^\.?\/*/, '').replace(/\/+$/, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}
