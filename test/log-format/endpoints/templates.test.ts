import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseList } from '../../../src/log-format/endpoints/parse-list.ts';
import { parseOpenapi } from '../../../src/log-format/endpoints/parse-openapi.ts';
import type { EndpointSettings } from '../../../src/log-format/endpoints/types.ts';
import { read } from '../../support/judged-lines.ts';
import { check } from '../../support/property.ts';
import { linesReadByKernel } from '../../support/scanning.ts';

const refuse = (why: string): never => {
  throw new Error(why);
};
const list = (...lines: string[]): EndpointSettings => ({
  kind: 'templates',
  templates: parseList(lines.join('\n'), refuse),
});

/** The endpoints of requests `METHOD target`, in lines of `combined`. */
function endpointsOf(endpoints: EndpointSettings, requests: readonly string[], status = 200) {
  const lines = requests.map(
    (request) => `192.0.2.9 - a [02/Oct/2024:05:10:46 +0000] "${request} HTTP/1.1" ${status} 5 "-" "curl"`,
  );
  return read(lines, { endpoints }).records.map(({ endpoint }) => endpoint);
}

describe('templates of the user', () => {
  it('count for what they fit: a text before a parameter, the method before none, and back where that leads nowhere', () => {
    const endpoints = list(
      ...[
        'GET /users/me',
        '/users/{id}',
        'GET /users/{id}/orders',
        'GET /{kind}/me/posts',
        '# a comment',
        '',
      ],
      ...['get /files/{name}.json', 'GET /caf\u00e9', 'GET /a%2fb', 'GET /'],
    );
    const cases = [
      ['GET /users/me', 'GET /users/me'],
      ['POST /users/me', 'POST /users/{id}'],
      ['GET /users/me/?x=1', 'GET /users/me'],
      ['GET //users///17/', 'GET /users/{id}'],
      ['GET /users/me/posts', 'GET /{kind}/me/posts'],
      ['GET /users/me/orders', 'GET /users/{id}/orders'],
      ['GET /files/a.b.json', 'GET /files/{name}.json'],
      ['GET /files/.json', '(other)'],
      ['GET /caf%C3%a9', 'GET /caf%C3%A9'],
      ['GET /a%2Fb', 'GET /a%2Fb'],
      ['GET /a/b', '(other)'],
      ['GET http://a.example', 'GET /'],
      ['GET /%7Bid%7D', '(other)'],
      ['BREW /users/me', '(other)'],
      ['GET *', '(other)'],
    ];
    for (const status of [200, 404])
      expect(
        endpointsOf(
          endpoints,
          cases.map(([request = '']) => request),
          status,
        ),
      ).toEqual(cases.map(([, endpoint]) => endpoint));
  });

  it('are those of an OpenAPI document, behind the paths of its servers', () => {
    const document = {
      openapi: '3.1.0',
      servers: [
        { url: 'https://{region}.a.example/v1/' },
        { url: '/v2' },
        { url: '{base}', variables: { base: { default: 'http://b/c/d' } } },
      ],
      paths: {
        '/a': { get: {}, post: { servers: [{ url: 'https://x/{version}' }] }, parameters: [] },
        '/b?x=1': { servers: [], put: {} },
        '/c': { $ref: '#/components/pathItems/c~1x' },
        'x-note': {},
      },
      components: { pathItems: { 'c/x': { trace: {} } } },
    };
    const texts = parseOpenapi(document, refuse).map(({ method, path }) => `${method} ${path}`);
    expect(texts).toEqual([
      ...['GET /v1/a', 'GET /v2/a', 'GET /c/d/a', 'POST /{version}/a'],
      ...['PUT /b', 'TRACE /v1/c', 'TRACE /v2/c', 'TRACE /c/d/c'],
    ]);
  });

  const word = fc.constantFrom('a', 'b', 'longer-than-eight', 'longer-than-seven', 'me', '1');
  const parameter = fc.constantFrom('{id}', '{id}', '{x}.json', 'v{x}-{y}');
  const template = fc.tuple(
    fc.constantFrom('GET ', 'POST ', ''),
    fc.array(fc.oneof({ weight: 3, arbitrary: word }, parameter), { maxLength: 4 }),
  );
  const segment = fc.oneof(word, fc.constantFrom('a.json', 'v1-2', '.json', 'v-', 'x.json', '%61', 'a{b'));
  const request = fc.tuple(fc.constantFrom('GET', 'POST', 'PUT'), fc.array(segment, { maxLength: 5 }));

  /** Tries all templates, and takes the one with the most texts from the left. */
  function naive(
    templates: readonly (readonly [string, readonly string[]])[],
    method: string,
    path: readonly string[],
  ) {
    const rank = (part: string) => (!part.includes('{') ? 0 : /^\{[^}]*\}$/.test(part) ? 2 : 1);
    const fits = ([verb, parts]: readonly [string, readonly string[]]) =>
      (verb === '' || verb.trim() === method) &&
      parts.length === path.length &&
      parts.every((part, i) => {
        const source = part.split(/\{[^}]*\}/).map((text) => text.replace(/[.*+?^$()|[\]\\-]/g, '\\$&'));
        return new RegExp(`^${source.join('.+')}$`).test(path[i] ?? '');
      });
    const key = ([verb, parts]: readonly [string, readonly string[]]) =>
      `${parts.map(rank).join('')}${verb === '' ? 1 : 0}`;
    const found = templates.filter(fits).map((each) => [key(each), each] as const);
    const best = found.reduce((least, [text]) => (least === '' || text < least ? text : least), '');
    const all = found
      .filter(([text]) => text === best)
      .map(([, [, parts]]) => `${method} /${parts.join('/')}`);
    return all.length === 0 ? ['(other)'] : all;
  }

  it('fit what a plain reading says that they fit, in the kernel, too', () => {
    const before = linesReadByKernel();
    check(
      fc.property(
        fc.array(template, { minLength: 1, maxLength: 12 }),
        fc.array(request, { minLength: 1, maxLength: 20 }),
        (templates, requests) => {
          const endpoints = list(...templates.map(([verb, parts]) => `${verb}/${parts.join('/')}`));
          const found = endpointsOf(
            endpoints,
            requests.map(([method, path]) => `${method} /${path.join('/')}`),
          );
          for (const [i, [method, path]] of requests.entries()) {
            const decoded = path.map((part) => (part === '%61' ? 'a' : part.replace('{', '%7B')));
            expect(naive(templates, method, decoded)).toContain(found[i]);
          }
        },
      ),
      400,
    );
    expect(linesReadByKernel() - before).toBeGreaterThan(500);
  });
});
