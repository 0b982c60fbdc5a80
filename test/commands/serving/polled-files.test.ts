import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PolledFiles } from '../../../src/commands/serving/polled-files.ts';
import { DaymarkError } from '../../../src/errors.ts';

let directory: string;
let told: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-polled-'));
  told = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

const at = (name: string) => join(directory, name);

/** Files whose texts together are the value. A `!` in them cannot be used. */
function polled(...names: string[]): PolledFiles<string> {
  return new PolledFiles({
    paths: names.map(at),
    read: () => {
      const text = names.map((name) => readFileSync(at(name), 'utf8')).join('+');
      if (text.includes('!')) throw new DaymarkError('INVALID_SETTING', `it is ${text}`);
      return text;
    },
    refused: ({ message }) => told.push(message),
  });
}

function looks(files: PolledFiles<string>, count: number): void {
  for (let i = 0; i < count; i++) files.look();
}

test('a changed file is read when it has rested from one look to the next', () => {
  writeFileSync(at('a'), 'one');
  const files = polled('a');
  writeFileSync(at('a'), 'tw');
  files.look();
  expect(files.value).toBe('one');
  writeFileSync(at('a'), 'two');
  files.look();
  expect(files.value).toBe('one');
  files.look();
  expect(files.value).toBe('two');
});

test('two files that belong together are read when both have rested', () => {
  writeFileSync(at('a'), '1');
  writeFileSync(at('b'), '1');
  const files = polled('a', 'b');
  writeFileSync(at('a'), '2');
  files.look();
  writeFileSync(at('b'), '2');
  files.look();
  expect(files.value).toBe('1+1');
  files.look();
  expect(files.value).toBe('2+2');
});

test('a file that changed while it was read first is read again', () => {
  writeFileSync(at('a'), 'one');
  const files = new PolledFiles({
    paths: [at('a')],
    read: () => {
      const text = readFileSync(at('a'), 'utf8');
      if (text === 'one') writeFileSync(at('a'), 'three');
      return text;
    },
    refused: () => undefined,
  });
  expect(files.value).toBe('one');
  looks(files, 2);
  expect(files.value).toBe('three');
});

describe('what cannot be used', () => {
  test('is told once, and the value from before stays until the file is mended', () => {
    writeFileSync(at('a'), 'one');
    const files = polled('a');
    writeFileSync(at('a'), 'broken!');
    looks(files, 5);
    expect([files.value, told]).toEqual(['one', ['it is broken!']]);
    writeFileSync(at('a'), 'two');
    looks(files, 2);
    expect([files.value, told]).toEqual(['two', ['it is broken!']]);
  });

  test('is an error at the beginning', () => {
    writeFileSync(at('a'), '!');
    expect(() => polled('a')).toThrow('it is !');
  });
});

describe('a new version is noticed', () => {
  test('where a file takes its place', () => {
    writeFileSync(at('a'), 'one');
    const files = polled('a');
    writeFileSync(at('new'), 'two');
    renameSync(at('new'), at('a'));
    looks(files, 2);
    expect(files.value).toBe('two');
  });

  test('where a link on its way is switched, as Kubernetes does', () => {
    for (const version of ['v1', 'v2']) {
      mkdirSync(at(version));
      writeFileSync(at(`${version}/a`), version);
    }
    symlinkSync('v1', at('current'));
    symlinkSync('current/a', at('a'));
    const files = polled('a');
    symlinkSync('v2', at('next'));
    renameSync(at('next'), at('current'));
    looks(files, 2);
    expect(files.value).toBe('v2');
  });

  test('where it was away for a while', () => {
    writeFileSync(at('a'), 'one');
    const files = polled('a');
    renameSync(at('a'), at('b'));
    files.look();
    renameSync(at('b'), at('a'));
    writeFileSync(at('a'), 'two');
    looks(files, 2);
    expect([files.value, told]).toEqual(['two', []]);
  });
});
