import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from '../../support/judged-lines.ts';
import { check } from '../../support/property.ts';

/** The parts of a request, and a naive reading of a rule's conditions. */
interface Parts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly client: string;
  readonly agent: string;
}

const piece = fc.stringMatching(/^[/ab.AB-]{0,4}$/);
const parts: fc.Arbitrary<Parts> = fc.record({
  method: fc.constantFrom('GET', 'get', 'HEAD'),
  path: fc.array(piece, { maxLength: 4 }).map((pieces) => `/${pieces.join('')}`),
  query: fc.constantFrom('', '?a', '#b', '?a=/ab.b'),
  status: fc.constantFrom(0, 100, 200, 204, 404, 599),
  client: fc.oneof(
    fc.ipV4(),
    fc.ipV6().filter((text) => !/%/.test(text)),
    fc.constantFrom('10.0.0.1', '::1', '::ffff:10.0.0.1'),
  ),
  agent: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
});

type Test = (parts: Parts) => boolean;

const glob = fc.array(piece, { minLength: 1, maxLength: 4 });
/** By a regular expression, which is slow and plain. */
function globTest(pieces: readonly string[], flags: string): RegExp {
  const escaped = pieces.map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^]*')}$`, flags);
}

const condition: fc.Arbitrary<{ text: string; test: Test }> = fc.oneof(
  glob.map((pieces) => ({
    text: `path="${pieces.join('*')}"`,
    test: ({ path }: Parts) => globTest(pieces, '').test(path),
  })),
  glob.map((pieces) => ({
    text: `agent="${pieces.join('*')}"`,
    test: ({ agent }: Parts) => globTest(pieces, 'i').test(agent),
  })),
  fc.constantFrom('GET', 'head', 'g*').map((method) => ({
    text: `method=${method}`,
    test: (each: Parts) => globTest(method.split('*'), 'i').test(each.method),
  })),
  fc
    .constantFrom<[string, number, number]>(['2xx', 200, 299], ['0', 0, 0], ['100-404', 100, 404])
    .map(([text, from, to]) => ({
      text: `status=${text}`,
      test: ({ status }: Parts) => status >= from && status <= to,
    })),
  fc
    .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
    .map(([address, bits]) => ({ text: `client=${address}/${bits}`, test: isWithin(address, bits, 'ipv4') })),
  fc
    .tuple(
      fc.ipV6().filter((text) => !/%/.test(text) && !/^(0*:)*(:|ffff)/i.test(text)),
      fc.integer({ min: 1, max: 128 }),
    )
    .map(([address, bits]) => ({ text: `client=${address}/${bits}`, test: isWithin(address, bits, 'ipv6') })),
);

function isWithin(address: string, bits: number, kind: 'ipv4' | 'ipv6'): Test {
  const list = new BlockList();
  list.addSubnet(address, bits, kind);
  return ({ client }) => {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(client)?.[1];
    const text = mapped ?? client;
    const isIpv4 = !text.includes(':');
    return isIpv4 === (kind === 'ipv4') && list.check(text, isIpv4 ? 'ipv4' : 'ipv6');
  };
}

const rule = fc.array(condition, { minLength: 1, maxLength: 3 }).map((conditions) => ({
  text: conditions.map(({ text }) => text).join('&'),
  test: (each: Parts) => conditions.every(({ test }) => test(each)),
}));
const rules = fc.array(rule, { minLength: 1, maxLength: 4 });

const WRITTEN: readonly (readonly [format: string, write: (parts: Parts) => string])[] = [
  [
    'combined',
    ({ method, path, query, status, client, agent }) =>
      `${client} - cust_1 [02/Oct/2024:05:10:46 +0000] "${method} ${path}${query} HTTP/1.1" ${status} 5 "-" "${agent}"`,
  ],
  [
    'caddy',
    ({ method, path, query, status, client, agent }) =>
      `{"ts":1727845846,"request":{"client_ip":"${client}","method":"${method}","uri":"${path}${query}","headers":{"User-Agent":["${agent}"]}},"user_id":"cust_1","duration":0.5,"status":${status}}`,
  ],
  [
    'aws-alb',
    ({ method, path, query, status, client, agent }) =>
      `https 2024-10-02T05:10:46Z app/a ${client.includes(':') ? `[${client}]` : client}:2817 - 0.1 0.1 0.1 ${status} - 1 1 "${method} https://api.example.com:443${path}${query} HTTP/1.1" "${agent}" - - arn "a" "-"`,
  ],
];

describe('random rules on random requests', () => {
  it.each(WRITTEN)('exclude what a plain reading of the rules excludes: %s', (format, write) => {
    const customer = format === 'aws-alb' ? '{-elb}' : undefined;
    const includes = fc.option(rules, { nil: undefined, freq: 3 });
    check(
      fc.property(
        fc.array(parts, { minLength: 1, maxLength: 20 }),
        rules,
        includes,
        (requests, exclude, include) => {
          const scanned = read(requests.map(write), {
            format,
            customer: customer && 'elb',
            exclude: exclude.map(({ text }) => text).join(' '),
            ...(include ? { include: include.map(({ text }) => text).join('  ') } : {}),
          });
          const isOut = (each: Parts) =>
            exclude.some(({ test }) => test(each)) ||
            (include !== undefined && !include.some(({ test }) => test(each)));
          const kept = requests.filter((each) => !isOut(each));
          expect(scanned).toMatchObject({ lines: requests.length, excluded: requests.length - kept.length });
          expect(scanned.records.map(({ status }) => status)).toEqual(kept.map(({ status }) => status));
        },
      ),
      150,
    );
  });
});
