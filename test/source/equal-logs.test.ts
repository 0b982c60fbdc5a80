import { renameSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilesUnderTest, lines } from '../support/files-under-test.ts';

let files: FilesUnderTest;

beforeEach(() => {
  files = new FilesUnderTest();
});

afterEach(() => files.close());

describe('logs of equal content', () => {
  it('are one, wherever they are', async () => {
    files.write('a.log', lines(0, 3));
    files.write('b/a.log', lines(0, 3));
    expect(await files.readAll()).toEqual({ text: lines(0, 3), codes: ['SAME_CONTENT'] });
  });

  it('are one for each directory, where that is asked for', async () => {
    files.look({ fileIdentity: 'directory' });
    files.write('a.log', lines(0, 3));
    files.write('a.log.1', lines(0, 3));
    files.write('b/a.log', lines(0, 3));
    expect(await files.readAll()).toEqual({ text: lines(0, 3) + lines(0, 3), codes: ['SAME_CONTENT'] });
    renameSync(files.pathOf('b/a.log'), files.pathOf('b/c.log'));
    expect((await files.readAll()).text).toBe('');
  });

  it('are one for each file, where that is asked for', async () => {
    files.look({ fileIdentity: 'inode' });
    files.write('a.log', lines(0, 3));
    expect((await files.readAll()).text).toBe(lines(0, 3));
    renameSync(files.pathOf('a.log'), files.pathOf('a.log.1'));
    files.write('a.log', lines(0, 3));
    expect((await files.readAll()).text).toBe(lines(0, 3));
    files.look({ fileIdentity: 'inode' });
    expect((await files.readAll()).text).toBe('');
  });
});

describe('a log of which a line was changed in place', () => {
  it('is another log, whether it was being followed or not', async () => {
    for (const isSeen of [true, false]) {
      const name = `edited-${isSeen}.log`;
      const text = lines(isSeen ? 3000 : 6000, isSeen ? 3300 : 6300);
      files.write(name, text);
      await files.readAll();
      if (!isSeen) files.look({});
      const changed = text.replace(' 200 ', ' 503 ');
      files.write(name, changed);
      expect((await files.readAll()).text).toBe(changed);
    }
  });
});
