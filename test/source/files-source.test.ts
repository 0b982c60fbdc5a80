import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytePosition } from '../../src/source/byte-positions.ts';
import type { Partition } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import { knowing } from '../support/known.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-source-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(directory, name), text);

async function look(source: FilesSource, known: readonly Partition[] = []) {
  return await (await source.discover()).assign(knowing(known));
}

describe('files as a source', () => {
  it('are not read where the path was given to another file after the look', async () => {
    write('a.log', 'the old file\n');
    const source = new FilesSource([directory]);
    const { assignments } = await look(source);
    renameSync(join(directory, 'a.log'), join(directory, 'a.old'));
    write('a.log', 'the new file, which is longer\n');
    expect(await assignments[0]?.open()).toBeUndefined();
    const [fresh] = (await look(source)).assignments;
    const reader = await fresh?.open();
    const target = new Uint8Array(100);
    const bytes = await reader?.read(target);
    await reader?.close();
    expect(Buffer.from(target.subarray(0, bytes)).toString()).toBe('the new file, which is longer\n');
  });

  it('keep their partition under another name and as they grow', async () => {
    write('a.log', 'one\n');
    const source = new FilesSource([directory]);
    const [first] = (await look(source)).assignments;
    const known = [{ ...(first?.partition as Partition), offset: bytePosition(4) }];
    renameSync(join(directory, 'a.log'), join(directory, 'b.log'));
    write('b.log', 'one\ntwo\n');
    const [second] = (await look(source, known)).assignments;
    expect(second).toMatchObject({
      isNew: false,
      availableBytes: 4,
      partition: { id: known[0]?.id, offset: 4 },
    });
  });

  it('of the same beginning are one partition: the longest, whatever its name', async () => {
    const head = 'x'.repeat(1023);
    write('a.log', `${head}\nshort\n`);
    write('b.log', `${head}\nshort\nlonger\n`);
    write('c.log', 'xxx');
    const { assignments, problems } = await look(new FilesSource([directory]));
    expect(assignments.map(({ partition }) => partition.name)).toEqual([join(directory, 'b.log')]);
    expect(problems.map(({ error }) => error.code)).toEqual(['SAME_CONTENT', 'SAME_CONTENT']);
  });

  it('that are named twice, in whatever way, are one', async () => {
    write('a.log', 'one\n');
    const paths = [directory, join(directory, 'a.log'), `${directory}/./a.log`];
    expect((await look(new FilesSource(paths))).assignments).toHaveLength(1);
  });
});
