import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { heartbeat } from '../../../src/commands/serving/heartbeat.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../../src/limits.ts';

let directory: string;
let file: string;
let nowMs: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-alive-'));
  file = join(directory, 'alive');
  nowMs = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const makeOld = () => utimesSync(file, 0, 0);
const isOld = () => statSync(file).mtimeMs === 0;

test('it touches the file at once, and then when its time has come', () => {
  const beat = heartbeat(file, () => nowMs);
  makeOld();
  beat();
  expect(isOld()).toBe(true);
  nowMs = HEARTBEAT_INTERVAL_MS;
  beat();
  expect(isOld()).toBe(false);
});

test('a file that cannot be written ends the start, and later nothing', () => {
  expect(() => heartbeat(join(directory, 'no', 'alive'), () => nowMs)).toThrow(
    expect.objectContaining({ code: 'CANNOT_WRITE' }),
  );
  const beat = heartbeat(file, () => nowMs);
  rmSync(directory, { recursive: true });
  nowMs = HEARTBEAT_INTERVAL_MS;
  expect(beat).not.toThrow();
});

test('without a file it does nothing', () => {
  expect(heartbeat(undefined, () => nowMs)).not.toThrow();
});
