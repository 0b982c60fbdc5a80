import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { until } from '../support/until.ts';

const LINES = 300_000;
const [SQLITE] = STORE_KINDS;

let directory: string;
let logs: string;
let places: StorePlace[] = [];
let copies: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-backup-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  expect((await run(['generate', join(logs, 'a.log'), '--lines', `${LINES}`])).code).toBe(0);
});
beforeEach(() => {
  copies = mkdtempSync(join(directory, 'copies-'));
});
afterEach(async () => {
  for (const place of places) await place.dispose();
  places = [];
});
afterAll(() => rmSync(directory, { recursive: true }));

async function createStore() {
  const place = await SQLITE.createPlace();
  places.push(place);
  const { location } = place;
  if (location.kind !== 'sqlite') throw new Error('not the embedded store');
  return { place, dataDir: location.dataDir, env: { DATA_DIR: location.dataDir, LOGS_SOURCE_DIR: logs } };
}

async function contentsOf(place: StorePlace) {
  return { rows: await statisticsRows(place), ledger: await ledger(place) };
}

describe('backup', () => {
  it('copies the store while it is written to; restored, the next ingest goes on to the same rows', async () => {
    const { place, env, dataDir } = await createStore();
    expect((await run(['migrate'], { env })).code).toBe(0);
    const running = start(['ingest', '--follow', '--batch-lines', '500', '--workers', '1'], { env });
    await until(async () => (await ledger(place)).lines > 0);
    const files = ['first', 'second', 'third'].map((name) => join(copies, `${name}.db`));
    for (const file of files) expect(await run(['backup', file], { env })).toMatchObject({ code: 0 });
    running.process.kill('SIGKILL');
    await running.ended;
    const undisturbed = await createStore();
    expect((await run(['ingest'], { env: undisturbed.env })).code).toBe(0);
    const expected = await contentsOf(undisturbed.place);
    expect(expected.ledger.lines).toBe(LINES);
    const linesInCopies: number[] = [];
    for (const file of files) {
      // As docs/operating.md says.
      for (const ending of ['', '-wal', '-shm'])
        rmSync(join(dataDir, `daymark.db${ending}`), { force: true });
      copyFileSync(file, join(dataDir, 'daymark.db'));
      linesInCopies.push((await ledger(place)).lines);
      expect((await run(['ingest'], { env })).code).toBe(0);
      expect(await contentsOf(place)).toEqual(expected);
    }
    // They were made while it wrote, and not before or behind it.
    expect(linesInCopies[0]).toBeGreaterThan(0);
    expect(linesInCopies[0]).toBeLessThan(LINES);
    expect(linesInCopies.toSorted((a, b) => a - b)).toEqual(linesInCopies);
  });

  it('replaces no file unless it is told to, and leaves nothing beside the copy', async () => {
    const { env } = await createStore();
    expect((await run(['ingest'], { env })).code).toBe(0);
    const file = join(copies, 'copy.db');
    writeFileSync(file, 'precious');
    const refused = await run(['backup', file], { env });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(`FILE_EXISTS: ${file} is there already.`);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    const { stdout } = await run(['backup', file, '--force', '--json'], { env });
    expect(JSON.parse(stdout)).toEqual({ file, bytes: readFileSync(file).length });
    expect(readdirSync(copies)).toEqual(['copy.db']);
  });

  it('never writes over the database itself', async () => {
    const { env, dataDir } = await createStore();
    expect((await run(['ingest'], { env })).code).toBe(0);
    for (const name of ['daymark.db', 'daymark.db-wal']) {
      const { code, stderr } = await run(['backup', join(dataDir, name), '--force'], { env });
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('WRONG_USAGE') });
    }
    expect((await run(['ingest', '--json'], { env })).stdout).toContain('"lines_read":0');
  });

  it('says what cannot be written, and what there is not to copy', async () => {
    const { env, dataDir } = await createStore();
    const early = await run(['backup', join(copies, 'copy.db')], { env });
    expect(early.stderr).toContain('SCHEMA_MISSING');
    expect(existsSync(join(dataDir, 'daymark.db'))).toBe(false);
    expect((await run(['ingest'], { env })).code).toBe(0);
    const { code, stderr } = await run(['backup', join(copies, 'missing', 'copy.db')], { env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('CANNOT_WRITE') });
  });

  it('names pg_dump where the store is PostgreSQL', async () => {
    const env = { DATABASE_URL: 'postgres://nobody@localhost:1/none' };
    const { code, stderr } = await run(['backup', join(copies, 'copy.db')], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/NOT_EMBEDDED.*pg_dump/s);
  });
});
