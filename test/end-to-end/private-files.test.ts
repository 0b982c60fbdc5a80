import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

const MAIN = join(import.meta.dirname, '../../dist/main.js');
const SCRATCH = new URL('../../src/store/sqlite/scratch.ts', import.meta.url).href;
const LINE = '2024-10-02 05:10:46 cust_1 /api/v1/resource1 200 0.316\n';
const BESIDE = ['', '-wal', '-shm'];

let directory: string;
let dataDir: string;
let env: Record<string, string>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-private-'));
  dataDir = join(directory, 'var', 'data');
  mkdirSync(join(directory, 'logs'));
  writeFileSync(join(directory, 'logs', 'a.log'), LINE);
  env = { DATA_DIR: dataDir, LOGS_SOURCE_DIR: join(directory, 'logs'), PORT: '0' };
});

afterEach(() => rmSync(directory, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const modesIn = (path: string) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, modeOf(join(path, name))]));

/** Runs Node under a umask. @param until ends it when it says this on standard error. */
async function underUmask(umask: string, args: readonly string[], until?: string) {
  const shell = ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, ...args];
  const child = spawn('sh', shell, { env: { PATH: process.env.PATH, ...env } });
  let [stdout, stderr] = ['', ''];
  let modes: Record<string, string> = {};
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    if (until === undefined || !stderr.includes(until) || child.killed) return;
    modes = modesIn(dataDir);
    child.kill('SIGTERM');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stdout, stderr, modes };
}

describe.each(['000', '022', '077'])('under the umask %s', (umask) => {
  it('the database and what belongs to it can be read by its owner alone, and so can folders that are made', async () => {
    const { code, modes, stderr } = await underUmask(umask, [MAIN, 'ingest', '--follow'], 'following');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(modes).toEqual({ 'daymark.db': '600', 'daymark.db-wal': '600', 'daymark.db-shm': '600' });
    expect([modeOf(join(directory, 'var')), modeOf(dataDir)]).toEqual(['700', '700']);
  });

  it('a backup and a rebuild’s own store are private, too', async () => {
    await run(['ingest'], { env });
    const file = join(directory, 'copy.db');
    for (const flags of [[], ['--force']]) {
      expect(await underUmask(umask, [MAIN, 'backup', file, ...flags])).toMatchObject({ code: 0 });
      expect(modeOf(file)).toBe('600');
    }
    const script = `
      import { readdirSync, statSync } from 'node:fs';
      const { store, dispose } = await (await import('${SCRATCH}')).openScratchStore('${dataDir}');
      const names = readdirSync('${dataDir}', { recursive: true });
      const modes = names.map((name) => [name.replace(/(rebuild-)\\w+/, '$1X'), statSync('${dataDir}/' + name).mode & 0o777]);
      console.log(JSON.stringify(Object.fromEntries(modes)));
      await dispose();`;
    const { stdout } = await underUmask(umask, ['--input-type=module', '-e', script]);
    const { 'daymark-rebuild-X': folder, ...files } = JSON.parse(stdout);
    expect(folder).toBe(0o700);
    for (const name of ['rebuild.lock', ...BESIDE.map((ending) => `daymark-rebuild-X/daymark.db${ending}`)])
      expect(files).toHaveProperty([name]);
    expect(new Set(Object.values(files))).toEqual(new Set([0o600]));
  });
});

describe('the permissions of what is there', () => {
  const database = () => join(dataDir, 'daymark.db');

  /** What a daymark left that created files by the umask. */
  async function leaveOldDatabase(mode: number): Promise<void> {
    await run(['ingest'], { env });
    const old = new DatabaseSync(database());
    old.exec('pragma user_version = 0');
    old.close();
    chmodSync(database(), mode);
    chmodSync(dataDir, 0o755);
  }

  it('are narrowed once where everybody could read a database, and it is told', async () => {
    await leaveOldDatabase(0o644);
    const { stderr } = await run(['ingest'], { env });
    expect(stderr).toContain(`${database()} could be read by everybody; now only its owner can`);
    expect(modeOf(database())).toBe('600');
    expect(modeOf(dataDir)).toBe('755');
  });

  it('stay as their owner chose them later', async () => {
    await leaveOldDatabase(0o644);
    await run(['ingest'], { env });
    for (const mode of ['640', '660', '644']) {
      chmodSync(database(), Number.parseInt(mode, 8));
      const { stderr, modes } = await underUmask('022', [MAIN, 'ingest', '--follow'], 'following');
      expect(stderr).not.toContain('everybody');
      // Those beside it have what it has, so that a group can use the store.
      expect(modes).toEqual(Object.fromEntries(BESIDE.map((ending) => [`daymark.db${ending}`, mode])));
    }
  });

  it('stay where a group alone was let in before', async () => {
    await leaveOldDatabase(0o660);
    expect((await run(['ingest'], { env })).stderr).toBe('');
    expect(modeOf(database())).toBe('660');
  });

  it('are right also where the database is a link to a place where nothing is yet', async () => {
    mkdirSync(dataDir, { recursive: true });
    const target = join(directory, 'disk.db');
    symlinkSync(target, database());
    expect(await underUmask('000', [MAIN, 'ingest'])).toMatchObject({ code: 0 });
    expect(modeOf(target)).toBe('600');
  });
});

describe('what stands where something is to be written', () => {
  it('is not replaced by a generated log, unless that is asked for', async () => {
    const log = join(directory, 'logs', 'a.log');
    const { code, stderr } = await run(['generate', log, '--lines', '3']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('FILE_EXISTS') });
    expect(readFileSync(log, 'utf8')).toBe(LINE);
    expect(await run(['generate', log, '--lines', '3', '--force'])).toMatchObject({ code: 0 });
    expect(readFileSync(log, 'utf8').split('\n')).toHaveLength(4);
    expect(await run(['generate', '/dev/null', '--lines', '3'])).toMatchObject({ code: 0 });
  });

  it('is not replaced by a backup where it is no file', async () => {
    await run(['ingest'], { env });
    const folder = join(directory, 'folder');
    mkdirSync(folder);
    const { code, stderr } = await run(['backup', folder, '--force'], { env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('no regular file') });
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.includes('.partial'))).toEqual([]);
  });
});
