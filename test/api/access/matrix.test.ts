/**
 * Who gets what: each operation of the OpenAPI document, asked by everybody, first and again, on one connection that changes
 * its keys. `matrix.ts` says what is expected. `end-to-end/processes.test.ts` asks several processes.
 */

import { describe, expect, test } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { add, SUCCESS } from '../requests.ts';
import { emptyStore, serve, UNHURRIED } from '../support.ts';
import { guarded, OTHER, OWN, UNKNOWN } from './credentials.ts';
import {
  assertTellsNothing,
  DAY,
  type Document,
  headersOf,
  newClient,
  RULES,
  refusal,
  requestsOf,
} from './matrix.ts';

async function guardedServer() {
  const store = await emptyStore();
  for (const id of [OWN, OTHER]) await add(store, id, { [DAY]: [SUCCESS] });
  const { access, credentials } = await guarded(store);
  const url = await serve({ store, access });
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const operations = Object.entries(document.paths);
  return {
    ...{
      url,
      credentials,
      operations: operations.flatMap(([path, { get }]) => (get ? [[path, get] as const] : [])),
    },
    all: operations.flatMap(([, methods]) => Object.values(methods)),
  };
}

describe('the authorization matrix', () => {
  test('has a rule for every operation, and the document says the same', async () => {
    const { all } = await guardedServer();
    const documented = all.map((operation) => [operation.operationId, operation['x-daymark-access']]);
    expect(Object.fromEntries(documented)).toEqual(RULES);
    for (const { operationId, security } of all) {
      // A key or the cookie of a session; a session is begun with a key.
      const needsKey = operationId === 'createSession' || RULES[operationId] === 'ingest';
      const ways = RULES[operationId] === 'public' ? 0 : needsKey ? 1 : 2;
      expect([operationId, security?.length]).toEqual([operationId, ways]);
    }
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
            // What is told of oneself differs.
            if (expected === 0 && rule === 'self') expect([...said, answer.status]).toEqual([...said, 200]);
            else if (expected === 0) {
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
          if (rule !== 'self')
            expect([operation.operationId, method, unguarded.size]).toEqual([
              operation.operationId,
              method,
              1,
            ]);
        }
      }
    }
    expect(asked).toBeGreaterThan(3_000);
  });

  test('lets nobody but an admin change links', async (context) => {
    const { url, credentials } = await guardedServer();
    const changes = [
      ['POST', '/v1/links', JSON.stringify({ customer_id: OWN })],
      ['DELETE', '/v1/links/ffffffffffffffff', undefined],
    ] as const;
    const origin = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
    const statuses = new Set<number>();
    for (const [method, path, body] of changes) {
      const client = newClient(context, url);
      for (const credential of credentials) {
        const answer = await client(
          path,
          { ...headersOf(credential), ...(body ? origin : { 'sec-fetch-site': 'same-origin' }) },
          method,
          body,
        );
        const expected = refusal('operator', credential.sender, undefined);
        const said = [method, credential.name];
        if (expected === 0) statuses.add(answer.status);
        else expect([...said, answer.status]).toEqual([...said, expected]);
        if (credential.sender !== 'admin') assertTellsNothing(answer, credential, undefined);
      }
    }
    expect(statuses).toEqual(new Set([201, 404]));
  });

  test('lets nobody but an ingest key hand in lines, and no session at all', async (context) => {
    const { url, credentials } = await guardedServer();
    const answered = new Set<string>();
    for (const [path, type] of [
      ['/v1/ingest', 'text/plain'],
      ['/v1/logs', 'application/json'],
    ] as const) {
      const client = newClient(context, url);
      for (const credential of credentials) {
        const headers = { ...headersOf(credential), 'content-type': type, 'idempotency-key': 'a' };
        const answer = await client(path, { ...headers, 'sec-fetch-site': 'same-origin' }, 'POST', '{}');
        const isByCookie = credential.authorization === undefined;
        const expected = isByCookie ? 401 : refusal('ingest', credential.sender, undefined);
        const said = [path, credential.name];
        if (expected === 0) answered.add(`${answer.status} ${JSON.parse(answer.body).code}`);
        else expect([...said, answer.status]).toEqual([...said, expected]);
        assertTellsNothing(answer, credential, undefined);
      }
    }
    // It takes lines from nobody: PUSH is off. Whoever may not hand them in is not even told that.
    expect(answered).toEqual(new Set(['404 PUSH_OFF']));
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

test('an app with a route that has no rule does not start', async () => {
  const starting = buildApp({
    ...UNHURRIED,
    store: await emptyStore(),
    addHooks: (app) => void app.get('/forgotten', async () => 'numbers'),
  });
  await expect(starting).rejects.toThrow('the route GET /forgotten does not say who may read it');
});
