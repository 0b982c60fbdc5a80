import { expect, test } from 'vitest';
import { tasksOf } from '../../bench/support/trace.ts';

test('the tasks of a page are those of the main thread that worked most', () => {
  const thread = (pid: number, tid: number, name: string) => ({
    ...{ name: 'thread_name', ph: 'M', pid, tid, args: { name } },
  });
  const task = (pid: number, tid: number, dur: number, tdur?: number) => ({
    ...{ name: 'RunTask', ph: 'X', pid, tid, dur },
    ...(tdur === undefined ? {} : { tdur }),
  });
  const traceEvents = [
    ...[thread(1, 1, 'CrRendererMain'), thread(1, 2, 'Compositor'), thread(2, 1, 'CrRendererMain')],
    ...[task(1, 1, 2_000), task(1, 1, 61_500, 7_500), { ...task(1, 1, 900), name: 'Layout' }],
    ...[task(1, 2, 500_000), task(2, 1, 90_000, 7_000)],
  ];
  expect(tasksOf(JSON.stringify({ traceEvents }))).toEqual([
    { ms: 2, cpuMs: 2 },
    { ms: 61.5, cpuMs: 7.5 },
  ]);
  expect(tasksOf('{"traceEvents":[]}')).toEqual([]);
});
