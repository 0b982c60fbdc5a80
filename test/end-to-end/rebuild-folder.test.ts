/** The folder and the lock that a rebuild works with, and what it may delete there. */

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { openScratchStore } from '../../src/store/sqlite/scratch.ts';
import { run, start } from '../support/cli.ts';
import { isUndamaged, linesOf, textOf, useRebuildSite } from '../support/rebuild-site.ts';
import { POSTGRES, STORE_KINDS } from '../support/stores.ts';
import { until } from '../support/until.ts';

/** All that lies under a path, but what SQLite keeps beside a database that is open. */
function treeOf(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort();
}
describe.each(STORE_KINDS)('rebuild, of $name', (kind) => {
  const site = useRebuildSite(kind);

  const foldersIn = (path: string) =>
    !existsSync(path)
      ? []
      : readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() ? [entry.name] : [],
        );
  const scratchFolder = () =>
    join(site.dataDir, foldersIn(site.dataDir).find((name) => name.startsWith('daymark-rebuild-')) ?? 'none');
  const isScratchThere = () => existsSync(join(scratchFolder(), 'daymark.db'));

  /** Kills a rebuild that has found the logs, and leaves its folder behind. */
  async function killRebuild(): Promise<void> {
    // On a slow machine it may be over before it is looked at.
    while (!isScratchThere()) {
      const running = start(['rebuild', '--batch-lines', '100'], { env: site.env });
      await until(() => knowsLogs() || running.process.exitCode !== null);
      running.process.kill('SIGKILL');
      await running.ended;
    }
  }

  function knowsLogs(): boolean {
    if (!isScratchThere()) return false;
    const database = new DatabaseSync(join(scratchFolder(), 'daymark.db'), { timeout: 1000 });
    try {
      return Number(database.prepare('select count(*) as logs from checkpoints').get()?.logs) > 0;
    } catch {
      return false;
    } finally {
      database.close();
    }
  }

  it('runs once at a time, and deletes what one that was killed has left', async () => {
    await site.done(['ingest']);
    await killRebuild();
    // A rebuild of the version before had a folder of this name.
    cpSync(scratchFolder(), join(site.dataDir, 'rebuild'), { recursive: true });
    // One that was killed before it wrote anything.
    mkdirSync(join(site.dataDir, 'daymark-rebuild-a1B2c3'));
    await site.done(['rebuild']);
    expect(foldersIn(site.dataDir)).toEqual([]);
    const other = new DatabaseSync(join(site.dataDir, 'rebuild.lock'));
    other.exec('begin exclusive');
    expect((await run(['rebuild'], { env: site.env })).stderr).toContain('REBUILD_RUNNING');
    other.close();
    await site.done(['rebuild']);
  });

  it('changes nothing where it is told to stop', async () => {
    writeFileSync(join(site.logs, 'c.log'), textOf(linesOf(200_000, 4)));
    await site.done(['ingest']);
    await site.damage();
    const before = await site.contents(isUndamaged);
    const running = start(['rebuild', '--batch-lines', '500'], { env: site.env });
    await until(isScratchThere);
    running.process.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was changed'),
    });
    expect(await site.contents(isUndamaged)).toEqual(before);
    expect(foldersIn(site.dataDir)).toEqual([]);
  });

  it('deletes nothing that another put beside the store, under any name', async () => {
    await site.done(['ingest']);
    await site.done(['rebuild', '--dry-run']);
    const elsewhere = join(site.directory, 'elsewhere');
    const names = [
      'rebuild',
      'daymark-rebuild-AAAAAA',
      'daymark-rebuild-BBBBBB',
      'daymark-rebuild',
      'copies',
    ];
    for (const name of names) mkdirSync(join(site.dataDir, name));
    mkdirSync(elsewhere);
    await (await openSqliteStore({ dataDir: elsewhere })).close();
    // A copy of a store, and a folder of it that has a file more.
    await site.done(['ingest'], { DATA_DIR: join(site.dataDir, 'rebuild'), LOGS_SOURCE_DIR: site.logs });
    cpSync(elsewhere, join(site.dataDir, 'daymark-rebuild-AAAAAA'), { recursive: true });
    writeFileSync(join(site.dataDir, 'daymark-rebuild-AAAAAA', 'notes.txt'), 'mine');
    writeFileSync(join(site.dataDir, 'daymark-rebuild-BBBBBB', 'daymark.db'), 'no database');
    symlinkSync(elsewhere, join(site.dataDir, 'daymark-rebuild-CCCCCC'));
    mkdirSync(join(site.dataDir, 'daymark-rebuild-DDDDDD'));
    symlinkSync(join(elsewhere, 'daymark.db'), join(site.dataDir, 'daymark-rebuild-DDDDDD', 'daymark.db'));
    writeFileSync(join(site.dataDir, 'daymark-rebuild-EEEEEE'), 'a file');
    writeFileSync(join(site.dataDir, 'copies', 'daymark.db'), 'mine');
    const all = () => [...treeOf(site.directory), ...treeOf(site.dataDir)];
    const before = all();
    await site.done(['rebuild', '--dry-run']);
    await site.done(['rebuild']);
    expect(all()).toEqual(before);
  });

  it('leaves a folder of a former name alone where it cannot tell that it is its own', async () => {
    await site.done(['ingest']);
    const place = join(site.dataDir, 'rebuild');
    const others: (() => void)[] = [
      () => writeFileSync(join(place, 'report.csv'), 'mine'),
      () => writeFileSync(join(place, 'daymark.db'), 'half a page'),
      () => mkdirSync(join(place, 'daymark.db')),
      () => symlinkSync(place, join(place, 'daymark.db')),
      () => undefined,
    ];
    for (const put of others) {
      mkdirSync(place, { recursive: true });
      put();
      const before = treeOf(place);
      await site.done(['rebuild', '--dry-run']);
      expect(treeOf(place)).toEqual(before);
      rmSync(place, { recursive: true });
    }
    mkdirSync(join(site.directory, 'target'));
    writeFileSync(join(site.directory, 'target', 'precious'), 'mine');
    symlinkSync(join(site.directory, 'target'), place);
    await site.done(['rebuild', '--dry-run']);
    expect(readdirSync(place)).toEqual(['precious']);
  });

  it('refuses a lock that is not its own, and leaves it as it is', async () => {
    await site.done(['ingest']);
    const file = join(site.dataDir, 'rebuild.lock');
    mkdirSync(site.dataDir, { recursive: true });
    writeFileSync(file, 'do not rebuild');
    const { code, stderr } = await run(['rebuild'], { env: site.env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is not daymark’s') });
    expect(readFileSync(file, 'utf8')).toBe('do not rebuild');
  });
});

describe('rebuilds of PostgreSQL databases with one DATA_DIR, as where nobody sets it', () => {
  const site = useRebuildSite(POSTGRES);

  it('run at the same time, and none deletes what another works with', async () => {
    await site.done(['ingest']);
    const folders = () => readdirSync(site.dataDir).filter((name) => name.startsWith('daymark-rebuild-'));
    const other = await openScratchStore(site.dataDir, true);
    const [folder] = folders();
    await site.done(['rebuild']);
    expect(folders()).toEqual([folder]);
    // The rebuild of an embedded store works alone.
    const embedded = { DATA_DIR: site.dataDir, LOGS_SOURCE_DIR: site.logs };
    await site.done(['ingest'], embedded);
    expect((await run(['rebuild'], { env: embedded })).stderr).toContain('REBUILD_RUNNING');
    await other.dispose();
    expect(folders()).toEqual([]);
    await site.done(['rebuild'], embedded);
  });
});
