import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tiers } from '../support/tiers.ts';

const ROOT = join(import.meta.dirname, '../..');
const { fast, slow } = tiers();

describe('the two tiers of tests', () => {
  it('hold every test file once', () => {
    expect([...fast, ...slow].sort()).toEqual(globSync('test/**/*.test.ts', { cwd: ROOT }).sort());
  });

  it.each(['end-to-end', 'crash', 'outage', 'chaos'])('have no test of %s among the fast ones', (folder) => {
    expect(slow.some((file) => file.startsWith(`test/${folder}/`))).toBe(true);
    expect(fast.filter((file) => file.startsWith(`test/${folder}/`))).toEqual([]);
  });

  it.each(['window', 'statistics', 'log-format', 'kernel'])(
    'have every test of %s among the fast ones',
    (room) => {
      expect(slow.filter((file) => file.startsWith(`test/${room}/`))).toEqual([]);
    },
  );

  it('see a helper that starts processes through the files that import it', () => {
    const importers = (text: string) =>
      [...fast, ...slow].filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(`/${text}'`));
    for (const helper of ['cli.ts', 'followed-logs.ts', 'stores.ts', 'postgres-database.ts']) {
      const files = importers(`support/${helper}`);
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => fast.includes(file))).toEqual([]);
    }
  });
});
