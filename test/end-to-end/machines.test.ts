/**
 * Two machines that answer, behind nginx as docs/proxies.md sets it up: they share a PostgreSQL, and nothing else. Whatever one of
 * them does holds on the other one.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { addKey } from '../api/access/credentials.ts';
import { add, SUCCESS } from '../api/requests.ts';
import { SERVER_NAME } from '../support/certificates.ts';
import { type RunningCli, servedUrl, start } from '../support/cli.ts';
import { openStream, type ReadStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { askHttp, type HttpAnswer } from '../support/https.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { nginxOfMachines, type RunningFront } from '../support/products/front.ts';
import { pathOf } from '../support/products/product.ts';

const DAY = '2024-10-02';
const statsOf = (id: string) => `/customers/${id}/stats?from=${DAY}`;

/** One that answers: a process with a folder of its own for data. */
interface Machine {
  readonly url: string;
  readonly cli: RunningCli;
}

let directory: string;
let cluster: Cluster;
/** As a third machine has it. */
let store: Store;
let machines: [Machine, Machine];
let front: RunningFront;

async function newMachine(port = '0'): Promise<Machine> {
  const env = {
    ...{ DATABASE_URL: cluster.url, DATA_DIR: mkdtempSync(join(directory, 'machine-')) },
    ...{ PORT: port, AUTH: 'keys', TRUSTED_PROXIES: '127.0.0.1' },
  };
  const cli = start(['serve'], { env });
  return { cli, url: await servedUrl(cli) };
}

const isThere = pathOf('nginx') !== undefined || process.env.CI !== undefined;

beforeAll(async () => {
  if (!isThere) return;
  directory = mkdtempSync(join(tmpdir(), 'daymark-machines-'));
  // A server of its own: an id of an event moves with transactions of other databases of the server, too, and so with other tests.
  cluster = await startCluster();
  store = await openPostgresStore(cluster.url);
  await store.migrate();
  for (const id of ['acme', 'other']) await add(store, id, { [DAY]: [SUCCESS] });
  machines = await Promise.all([newMachine(), newMachine()]);
  const [first, second] = machines.map(({ url }) => Number(new URL(url).port)) as [number, number];
  front = await nginxOfMachines.start(mkdtempSync(join(directory, 'front-')), [first, second]);
});

afterAll(async () => {
  if (!isThere) return;
  await front?.stop();
  for (const { cli } of machines ?? []) {
    cli.process.kill('SIGKILL');
    await cli.ended;
  }
  await store?.close();
  cluster?.stop();
  rmSync(directory, { recursive: true });
});

type Headers = Readonly<Record<string, string>>;
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Asks whichever machine nginx chooses. */
function ask(path: string, headers: Headers, method = 'GET'): Promise<HttpAnswer> {
  return askHttp(`https://127.0.0.1:${front.httpsPort}${path}`, {
    ...{ method, ca: front.ca, servername: SERVER_NAME, agent: false },
    headers: { host: SERVER_NAME, ...headers },
  });
}

/** Asks each machine itself. */
function askEach(path: string, headers: Headers): Promise<number[]> {
  return Promise.all(machines.map(async ({ url }) => (await fetch(url + path, { headers })).status));
}

function listen(key: string, lastId?: string): Promise<ReadStream> {
  return openStream(`https://127.0.0.1:${front.httpsPort}/v1/events`, {
    ...{ ca: front.ca, servername: SERVER_NAME },
    headers: {
      ...{ host: SERVER_NAME, ...bearer(key) },
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    },
  });
}

describe.skipIf(!isThere)('two machines behind nginx', () => {
  test('both accept a session that one of them began, and neither once its key is revoked', async () => {
    const key = await addKey(store, 'customer', ['acme']);
    const begun = await ask('/v1/session', { ...bearer(key), origin: `https://${SERVER_NAME}` }, 'POST');
    const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? '';
    expect(cookie).toMatch(/^__Host-daymark_session=/);
    // Each speaks HTTPS by what nginx says, as behind it.
    const headers = { cookie, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.2' };
    expect(await askEach(statsOf('acme'), headers)).toEqual([200, 200]);
    expect(await askEach(statsOf('other'), headers)).toEqual([404, 404]);
    await store.apiKeys.revoke(key.split('_')[1] ?? '', Date.now());
    await eventually(() => askEach(statsOf('acme'), headers), 100).toEqual([401, 401]);
  });

  test('both open a link that one of them made, until it is revoked through one of them', async () => {
    const admin = await addKey(store, 'admin');
    const sent = { method: 'POST', headers: { ...bearer(admin), 'content-type': 'application/json' } };
    const body = JSON.stringify({ customer_id: 'acme' });
    for (const { url } of machines) {
      const made = await fetch(`${url}/v1/links`, { ...sent, body });
      const { id, token } = (await made.json()) as { id: string; token: string };
      expect(await askEach(statsOf('acme'), bearer(token))).toEqual([200, 200]);
      expect(await askEach(statsOf('other'), bearer(token))).toEqual([404, 404]);
      expect((await ask(`/v1/links/${id}`, bearer(admin), 'DELETE')).status).toBe(204);
      await eventually(() => askEach(statsOf('acme'), bearer(token)), 100).toEqual([401, 401]);
    }
  });

  test('both refuse a key that another machine revoked', async () => {
    const key = await addKey(store, 'customer', ['acme']);
    expect(await askEach(statsOf('acme'), bearer(key))).toEqual([200, 200]);
    await store.apiKeys.revoke(key.split('_')[1] ?? '', Date.now());
    await eventually(() => askEach(statsOf('acme'), bearer(key)), 100).toEqual([401, 401]);
    expect((await ask(statsOf('acme'), bearer(key))).status).toBe(401);
  });

  test('the next answer of each has what another machine committed, with the same bytes and tag', async () => {
    const key = await addKey(store, 'admin');
    let tag: string | null = null;
    for (let count = 1; count <= 5; count++) {
      await add(store, 'growing', { [DAY]: [SUCCESS] });
      const answers = await Promise.all(
        machines.map(({ url }) => fetch(url + statsOf('growing'), { headers: bearer(key) })),
      );
      const bodies = await Promise.all(answers.map((answer) => answer.text()));
      expect(JSON.parse(bodies[0] ?? '')).toMatchObject([{ success_requests: count }]);
      expect(bodies[1]).toBe(bodies[0]);
      const tags = answers.map(({ headers }) => headers.get('etag'));
      expect(tags[0]).not.toBe(tag);
      expect(tags[1]).toBe(tags[0]);
      tag = tags[0] ?? null;
    }
  });

  test('when one is lost, its events go on from the other one, and no request fails', async () => {
    const key = await addKey(store, 'admin');
    const streams = await Promise.all([1, 2, 3, 4].map(() => listen(key)));
    const ids = await Promise.all(streams.map(async (stream) => (await stream.next('current')).id));
    // nginx shares them out, and each machine has ids of its own.
    const both = [...new Set(ids)];
    expect(both).toHaveLength(2);
    const cut = streams.map(() => false);
    for (const [i, { ended }] of streams.entries()) {
      const note = () => {
        cut[i] = true;
      };
      ended.then(note, note);
    }
    const [lost] = machines;
    const lostPort = new URL(lost.url).port;
    lost.cli.process.kill('SIGKILL');
    await lost.cli.ended;
    await eventually(() => cut.filter(Boolean).length).toBe(2);
    for (const [i, stream] of streams.entries()) {
      const again = cut[i] ? await listen(key, ids[i]) : stream;
      // The other machine cannot know what this client missed.
      if (cut[i]) await again.next('change');
      streams[i] = again;
    }
    for (let i = 0; i < 20; i++) expect((await ask(statsOf('acme'), bearer(key))).status).toBe(200);
    await add(store, 'growing', { [DAY]: [SUCCESS] });
    for (const stream of streams) await stream.next('change');
    for (const stream of streams) stream.leave();
    // nginx takes it back when it is there again.
    machines = [await newMachine(lostPort), machines[1]];
    await eventually(async () => {
      const found = await Promise.all([1, 2, 3, 4].map(() => listen(key)));
      const seen = await Promise.all(found.map(async (stream) => (await stream.next('current')).id));
      for (const stream of found) stream.leave();
      return new Set(seen).size;
    }).toBe(2);
  });
});
