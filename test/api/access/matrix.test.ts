/**
 * Who gets what: each operation of the OpenAPI document, asked by everybody, first and again, on one connection that changes
 * its keys. The expectation is computed here, from a table that names every operation.
 */

import { Agent, request as httpRequest } from 'node:http';
import { describe, expect, type TestContext, test } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { add, SUCCESS } from '../requests.ts';
import { emptyStore, serve, UNHURRIED } from '../support.ts';
import { type Credential, guarded, OTHER, OWN, type Sender, UNKNOWN } from './credentials.ts';

type Rule = 'public' | 'customer' | 'everybody' | 'operator';

/** What each operation is. An operation that is not here fails the test: decide who may read it. */
const RULES: Readonly<Record<string, Rule>> = {
  isLive: 'public',
  isReady: 'public',
  getAbout: 'public',
  getCustomerStats: 'customer',
  getStats: 'customer',
  getCustomerSpans: 'customer',
  getSpans: 'customer',
  getCustomerSummary: 'customer',
  getSummary: 'customer',
  getCustomerEndpoints: 'customer',
  getEndpoints: 'customer',
  getStatuses: 'customer',
  rankCustomers: 'everybody',
  listWorstDays: 'everybody',
  listSources: 'operator',
  listCustomerDaySources: 'operator',
  listDaySources: 'operator',
  listCustomerChanges: 'operator',
  listChanges: 'operator',
  listRejectedLines: 'operator',
  getStatus: 'operator',
  getMetrics: 'operator',
};

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly object[];
  readonly 'x-daymark-access': Rule;
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
}

const DAY = '2024-10-02';
const VALUES: Readonly<Record<string, string>> = { from: DAY, to: DAY, date: DAY };

/** A request, and the customer that it names. */
interface Asked {
  readonly path: string;
  readonly customer: string | undefined;
}

/** The requests of an operation: for each customer that it can name, and for none where it need not name one. */
function requestsOf(path: string, { parameters = [] }: Operation): Asked[] {
  const place = parameters.find(({ name }) => name === 'customer_id');
  const others = parameters.filter(({ name, required }) => required && name !== 'customer_id');
  const query = others.map(({ name }) => `${name}=${VALUES[name]}`);
  const naming = (customer: string): Asked => {
    const words = place?.in === 'query' ? [...query, `customer_id=${customer}`] : query;
    return { path: `${path.replace('{customer_id}', customer)}?${words.join('&')}`, customer };
  };
  const named = place ? [OWN, OTHER, UNKNOWN].map(naming) : [];
  const isOptional = !place || (place.in === 'query' && !place.required);
  return isOptional ? [...named, { path: `${path}?${query.join('&')}`, customer: undefined }] : named;
}

/** 0: it is answered, as it would be without keys. */
function refusal(rule: Rule, sender: Sender, customer: string | undefined): number {
  if (rule === 'public') return 0;
  if (sender === 'nobody') return 401;
  if (sender === 'admin') return 0;
  if (sender === 'ingest' || rule !== 'customer' || customer === undefined) return 403;
  return customer === (sender === 'own' ? OWN : OTHER) ? 0 : 404;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let clients = 0;

/** A client on one connection, with an address of its own: failed attempts are counted by address. */
function newClient(context: TestContext, base: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.onTestFinished(() => agent.destroy());
  const localAddress = `127.1.${clients >> 8}.${clients++ & 255}`;
  return (path: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      const sent = httpRequest(base + path, { agent, localAddress, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.on('error', reject).end();
    });
}

async function guardedServer() {
  const store = await emptyStore();
  for (const id of [OWN, OTHER]) await add(store, id, { [DAY]: [SUCCESS] });
  const { access, credentials } = await guarded(store);
  const url = await serve({ store, access });
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const operations = Object.entries(document.paths);
  return { url, credentials, operations: operations.map(([path, { get }]) => [path, get] as const) };
}

const headersOf = ({ authorization }: Credential): Record<string, string> =>
  authorization === undefined ? {} : { authorization };

describe('the authorization matrix', () => {
  test('has a rule for every operation, and the document says the same', async () => {
    const { operations } = await guardedServer();
    const documented = operations.map(([, operation]) => [
      operation.operationId,
      operation['x-daymark-access'],
    ]);
    expect(Object.fromEntries(documented)).toEqual(RULES);
    for (const [, { operationId, security }] of operations)
      expect([operationId, security?.length]).toEqual([operationId, RULES[operationId] === 'public' ? 0 : 1]);
  });

  test('holds for everybody, first and again, for GET, HEAD and conditional requests', async (context) => {
    const { url, credentials, operations } = await guardedServer();
    let asked = 0;
    for (const [path, operation] of operations) {
      const rule = RULES[operation.operationId] ?? 'operator';
      for (const { path: target, customer } of requestsOf(path, operation)) {
        for (const [method, more] of [['GET'], ['HEAD'], ['GET', { 'if-none-match': '*' }]] as const) {
          const unguarded = new Set<string>();
          const firstClient = newClient(context, url);
          const secondClient = newClient(context, url);
          // Twice: what the first round left in a cache must not be told in the second.
          for (const [client, credential] of [
            ...credentials.map((one) => [firstClient, one] as const),
            ...credentials.map((one) => [secondClient, one] as const),
          ]) {
            const answer = await client(target, { ...headersOf(credential), ...more }, method);
            const expected = refusal(rule, credential.sender, customer);
            const said = [operation.operationId, method, customer, credential.name];
            asked++;
            if (expected === 0) {
              expect([...said, answer.status, [401, 403].includes(answer.status)]).toEqual([
                ...said,
                answer.status,
                false,
              ]);
              unguarded.add(String(answer.status));
            } else expect([...said, answer.status]).toEqual([...said, expected]);
            assertTellsNothing(answer, credential, customer);
          }
          // Whoever may read it gets the same.
          expect([operation.operationId, method, unguarded.size]).toEqual([operation.operationId, method, 1]);
        }
      }
    }
    expect(asked).toBeGreaterThan(3_000);
  });

  test('gives the same words for another customer and for one that does not exist', async (context) => {
    const { url, credentials, operations } = await guardedServer();
    const own = credentials.filter(({ sender }) => sender === 'own');
    let compared = 0;
    for (const [path, operation] of operations.filter(
      ([, { operationId }]) => RULES[operationId] === 'customer',
    )) {
      const client = newClient(context, url);
      const target = (id: string) =>
        requestsOf(path, operation).find(({ customer }) => customer === id)?.path ?? '';
      for (const credential of own) {
        const [other, unknown] = [
          await client(target(OTHER), headersOf(credential)),
          await client(target(UNKNOWN), headersOf(credential)),
        ];
        expect(other.body.replaceAll(OTHER, UNKNOWN)).toBe(unknown.body);
        expect(JSON.parse(other.body)).toMatchObject({ status: 404, code: 'CUSTOMER_UNKNOWN' });
        expect(Object.keys(other.headers)).toEqual(Object.keys(unknown.headers));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(10);
  });
});

/** No answer has a row of a customer that the sender may not read, nor the secret that it sent. */
function assertTellsNothing(
  answer: Answer,
  { sender, authorization }: Credential,
  customer: string | undefined,
): void {
  const text = JSON.stringify([answer.body, answer.headers]);
  const secret = authorization?.split(' ')[1];
  if (secret) expect(text).not.toContain(secret);
  const hidden = sender === 'own' ? [OTHER] : sender === 'other' ? [OWN] : [OWN, OTHER];
  // The customer that was asked for is repeated.
  if (sender !== 'admin') for (const id of hidden) if (id !== customer) expect(text).not.toContain(id);
  if (answer.status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
  if (answer.status >= 400) expect(answer.headers['cache-control']).toBe('no-store');
}

test('an app with a route that has no rule does not start', async () => {
  const starting = buildApp({
    ...UNHURRIED,
    store: await emptyStore(),
    addHooks: (app) => void app.get('/forgotten', async () => 'numbers'),
  });
  await expect(starting).rejects.toThrow('the route GET /forgotten does not say who may read it');
});
