import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, envOf, run } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { Follower } from '../support/follower.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const line = (customer: string) => `2024-10-02 05:10:46 ${customer} /a 200 0.316\n`;
const TABLE = 'id,name,aliases\nacme,Acme Corporation,key-1;old-acme\n';

describe.each(STORE_KINDS)('the table of customers, with $name', (kind) => {
  let directory: string;
  let logs: string;
  let table: string;
  let place: StorePlace;
  let env: Record<string, string>;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-customers-'));
    [logs, table] = [join(directory, 'api.log'), join(directory, 'customers.csv')];
    place = await kind.createPlace();
    env = { ...envOf(place.location), CUSTOMERS_FILE: table };
    writeFileSync(table, TABLE);
  });

  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  const daymark = (...args: string[]): Promise<CliResult> => run(args, { env });
  const requests = async () => {
    const rows = await place.query(
      'select customer_id as id, success_requests as n from daily_stats order by 1',
    );
    return Object.fromEntries(rows.map(({ id, n }) => [id, Number(n)]));
  };
  /** In one step, so that no half of it is seen. */
  const replaceTable = (text: string) => {
    writeFileSync(`${table}.new`, text);
    renameSync(`${table}.new`, table);
  };

  it('makes one customer of all its ids, which stats knows by each of them, with the name', async () => {
    writeFileSync(logs, ['key-1', 'old-acme', 'acme', 'other'].map(line).join(''));
    expect(await daymark('ingest', logs)).toMatchObject({ code: 0 });
    expect(await requests()).toEqual({ acme: 3, other: 1 });
    const asked = ['stats', 'key-1', '--from', '2024-10-01'];
    const json = JSON.parse((await daymark(...asked, '--json')).stdout);
    expect(json).toMatchObject([
      { customer_id: 'acme', customer_name: 'Acme Corporation', success_requests: 3 },
    ]);
    expect((await daymark(...asked, '--csv')).stdout).toContain(',customer_name\nacme,');
    expect((await daymark(...asked)).stdout).toMatch(/^acme: Acme Corporation\n/);
    expect((await daymark('check', logs)).stdout).toContain('acme (3 lines)');
  });

  it('is applied to the past by rebuild, and the next run says that lines were read with another one', async () => {
    writeFileSync(logs, ['key-1', 'key-2', 'acme'].map(line).join(''));
    await daymark('ingest', logs);
    expect(await requests()).toEqual({ acme: 2, 'key-2': 1 });
    expect(await daymark('ingest', logs)).toMatchObject({ code: 0, stderr: '' });

    replaceTable(`${TABLE}beta,,key-2\n`);
    const { stderr } = await daymark('ingest', logs);
    expect(stderr).toContain('SETTINGS_CHANGED');
    expect(stderr).toMatch(
      /CUSTOMERS_FILE was `version \w{12} of \S+customers\.csv` and is `version \w{12} of \S+customers\.csv`/,
    );
    expect(await requests()).toEqual({ acme: 2, 'key-2': 1 });

    expect(await daymark('rebuild', logs)).toMatchObject({ code: 0 });
    expect(await requests()).toEqual({ acme: 2, beta: 1 });
    replaceTable(`${TABLE}beta,Beta,key-2\n`);
    expect(await daymark('ingest', logs)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is refused with the line of the fault before anything is read', async () => {
    writeFileSync(logs, line('key-1'));
    replaceTable(`${TABLE}beta,,key-1\n`);
    const { code, stderr } = await daymark('ingest', logs);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `CUSTOMERS_FILE ${table}, line 3: "key-1" stands there twice; the first time in line 2.`,
    );
    rmSync(table);
    expect((await daymark('ingest', logs)).stderr).toContain('but there is no such file');
  });

  it.each([false, true])(
    'is followed as the logs are, from the next commit on (with the API: %s)',
    async (isUp) => {
      writeFileSync(logs, line('key-1') + line('key-2'));
      const follower = new Follower({ directory: logs, env, isUp });
      follower.start();
      try {
        await follower.untilFollowing();
        await eventually(requests).toEqual({ acme: 1, 'key-2': 1 });
        replaceTable(`${TABLE}beta,,key-1\n`);
        await eventually(() => follower.said).toContain('CUSTOMERS_REFUSED');
        appendFileSync(logs, line('key-1'));
        await eventually(requests).toEqual({ acme: 2, 'key-2': 1 });
        replaceTable(`${TABLE}beta,,key-2\n`);
        await eventually(() => follower.said).toContain('count by its 3 aliases');
        appendFileSync(logs, line('key-2') + line('key-1'));
        await eventually(requests).toEqual({ acme: 3, beta: 1, 'key-2': 1 });
        expect(follower.said.split('CUSTOMERS_CHANGED')).toHaveLength(2);
        expect(follower.said).toContain('SETTINGS_CHANGED');
        expect(readFileSync(logs, 'utf8').split('\n')).toHaveLength(6);
      } finally {
        await follower.stop();
      }
    },
  );
});
