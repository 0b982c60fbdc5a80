import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KNOWS_NOTHING } from '../../src/pipeline/loop/known-partitions.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';

let parent: string;
let logs: string;
let outside: string;

beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'daymark-links-')));
  logs = join(parent, 'logs');
  // Its name begins as that of the directory does.
  outside = join(parent, 'logs-of-others');
  for (const path of [logs, outside]) mkdirSync(path);
  writeFileSync(join(outside, 'secret.log'), 'root:x:0:0\n');
  writeFileSync(join(logs, 'a.log'), 'one\n');
});

afterEach(() => rmSync(parent, { recursive: true }));

async function look(paths: readonly string[], followsLinksOutside = false) {
  const source = new FilesSource(paths, { followsLinksOutside });
  const { assignments, problems } = await (await source.discover()).assign(KNOWS_NOTHING);
  return {
    names: assignments.map(({ partition }) => partition.name),
    problems: problems.map(({ error }) => ({ code: error.code, message: error.message })),
  };
}

describe('a symbolic link in a log directory', () => {
  it('is not followed out of the directory, by whatever way it leads there', async () => {
    mkdirSync(join(logs, 'old'));
    symlinkSync(outside, join(logs, 'old', 'door'));
    const targets = {
      'absolute.log': join(outside, 'secret.log'),
      'relative.log': '../logs-of-others/secret.log',
      'roundabout.log': join(logs, '..', 'logs-of-others', 'secret.log'),
      'through-a-directory.log': 'old/door/secret.log',
      'twice.log': 'absolute.log',
    };
    for (const [name, target] of Object.entries(targets)) symlinkSync(target, join(logs, name));
    const { names, problems } = await look([logs]);
    expect(names).toEqual([join(logs, 'a.log')]);
    expect(problems).toEqual(
      Object.keys(targets).map((name) => ({
        code: 'LINK_OUTSIDE',
        message: `${join(logs, name)} leads to ${join(outside, 'secret.log')}, and was not followed.`,
      })),
    );
  });

  it('is followed to a file within it, and counts once with that', async () => {
    mkdirSync(join(logs, 'old'));
    writeFileSync(join(logs, 'old', 'b.log'), 'two\n');
    symlinkSync('old/b.log', join(logs, 'b.log'));
    symlinkSync('a.log', join(logs, 'current.log'));
    expect(await look([logs])).toEqual({
      names: [join(logs, 'a.log'), join(logs, 'old', 'b.log')],
      problems: [],
    });
  });

  it('is followed anywhere where that is set', async () => {
    symlinkSync(join(outside, 'secret.log'), join(logs, 'link.log'));
    const { names, problems } = await look([logs], true);
    expect(names).toEqual([join(outside, 'secret.log'), join(logs, 'a.log')].toSorted());
    expect(problems).toEqual([]);
  });

  it('is no log where it leads to a directory or to nothing', async () => {
    mkdirSync(join(logs, 'old'));
    symlinkSync('old', join(logs, 'directory.log'));
    symlinkSync('gone', join(logs, 'nothing.log'));
    const { names, problems } = await look([logs]);
    expect(names).toEqual([join(logs, 'a.log')]);
    expect(problems.map(({ code }) => code)).toEqual(['NOT_A_FILE', 'PATH_NOT_FOUND']);
  });

  it('that took the place of a file after the look is not followed', async () => {
    const source = new FilesSource([logs]);
    const { assignments } = await (await source.discover()).assign(KNOWS_NOTHING);
    renameSync(join(logs, 'a.log'), join(outside, 'a.log'));
    symlinkSync(join(outside, 'a.log'), join(logs, 'a.log'));
    await expect(assignments[0]?.open()).rejects.toMatchObject({ code: 'READ_FAILED' });
  });
});

describe('a symbolic link that is named', () => {
  it('is followed, be it a file or a directory', async () => {
    symlinkSync(join(outside, 'secret.log'), join(parent, 'file'));
    symlinkSync(logs, join(parent, 'directory'));
    expect(await look([join(parent, 'file'), join(parent, 'directory')])).toEqual({
      names: [join(outside, 'secret.log'), join(logs, 'a.log')].toSorted(),
      problems: [],
    });
  });

  it('in a directory that is named as well is followed, and the link is told all the same', async () => {
    symlinkSync(join(outside, 'secret.log'), join(logs, 'link.log'));
    const { names, problems } = await look([logs, join(logs, 'link.log')]);
    expect(names).toContain(join(outside, 'secret.log'));
    expect(problems.map(({ code }) => code)).toEqual(['LINK_OUTSIDE']);
  });
});
