/** Reads of more windows than there is room for, into every store. */

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStoreToManage } from '../../src/commands/stores/open.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Store } from '../../src/store/contract.ts';
import {
  CUSTOMERS,
  changed,
  changedFile,
  contents,
  read,
  spillingTests,
} from '../support/spilled-reading.ts';
import { POSTGRES, STORE_KINDS } from '../support/stores.ts';

it('go into the data directory of whoever reads into PostgreSQL, if it can be written', async () => {
  const place = await POSTGRES.createPlace();
  try {
    const { url, runDirectory = '' } = place.location as { url: string; runDirectory?: string };
    const isSpilling = async (dataDir: string): Promise<boolean> => {
      const environment = { DATABASE_URL: url, DATA_DIR: dataDir };
      const settings = loadSettings({ flags: {}, environment, configFile: undefined });
      const store = await openStoreToManage(settings);
      const file = store.openRunFile?.();
      file?.close();
      await store.close();
      return file !== undefined;
    };
    await (await place.open()).migrate();
    expect(await isSpilling(join(runDirectory, 'new'))).toBe(true);
    expect(statSync(join(runDirectory, 'new')).mode & 0o777).toBe(0o700);
    writeFileSync(join(runDirectory, 'file'), '');
    expect(await isSpilling(join(runDirectory, 'file'))).toBe(false);
  } finally {
    await place.dispose();
  }
});

describe.each(STORE_KINDS)('windows that are spilled, into $name', (kind) => {
  const { logs, newPlace, withoutSpill, undisturbed } = spillingTests(kind);

  it('are one commit, into a store without and with rows, and give the rows of many commits', async () => {
    const { place, store } = await newPlace();
    expect((await read(store, logs.first)).commits).toHaveLength(1);
    expect(await contents(place)).toEqual(await undisturbed());
    // An archive, with the same customers.
    expect((await read(store, logs.second)).commits).toHaveLength(1);
    expect(await contents(place)).toEqual(await contents(await withoutSpill([logs.first, logs.second])));
  });

  it('count late events, and what they change of final days, as many commits do', async () => {
    const revisions = {
      revisions: ['customer_id', 'date'],
      daily_endpoint_revisions: ['customer_id', 'date', 'endpoint'],
    };
    const late = { eventTime: { waitMs: 3_600_000 }, systemTimeMs: () => Date.UTC(2024, 9, 20) };
    const { place, store } = await newPlace();
    for (const path of [logs.first, logs.second])
      expect((await read(store, path, late)).commits.filter(({ rows }) => rows > 0)).toHaveLength(1);
    const expected = await withoutSpill([logs.first, logs.second], late);
    expect(await contents(place, revisions)).toEqual(await contents(expected, revisions));
    const [{ late_events: events }] = await place.query(
      'select sum(late_events) as late_events from revisions',
    );
    expect(Number(events)).toBeGreaterThan(CUSTOMERS);
  });

  it('count once where another process commits the same lines meanwhile', async () => {
    const { place, store } = await newPlace();
    const other = await place.open();
    let overtaken = 0;
    const commit: Store['commit'] = async (batch) => {
      if (overtaken++ === 0) await read(changed(other, { openRunFile: undefined }), logs.first);
      await store.commit(batch);
    };
    expect((await read(changed(store, { commit }), logs.first)).isComplete).toBe(true);
    expect(overtaken).toBeGreaterThan(0);
    expect(await contents(place)).toEqual(await undisturbed());
  });

  it('are committed before the end where those who wait should wait for no more', async () => {
    const { place, store } = await newPlace();
    const openRunFile = changedFile(store, ({ bounds }) => ({ bounds: { ...bounds, mostBytes: 1 } }));
    const { commits, problems } = await read(changed(store, { openRunFile }), logs.first);
    expect(problems).toEqual([]);
    expect(commits.length).toBeGreaterThan(1);
    expect((await contents(place)).digests).toEqual((await undisturbed()).digests);
  });
});
