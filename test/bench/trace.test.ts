import { expect, test } from 'vitest';
import { tasksOf } from '../../bench/support/trace.ts';

test('the tasks of a page are those of the main thread that worked most, the longest first', () => {
  const thread = (pid: number, tid: number, name: string) => ({
    name: 'thread_name',
    ph: 'M',
    pid,
    tid,
    args: { name },
  });
  const task = (pid: number, tid: number, dur: number, name = 'RunTask') => ({
    name,
    ph: 'X',
    pid,
    tid,
    dur,
  });
  const traceEvents = [
    thread(1, 1, 'CrRendererMain'),
    thread(1, 2, 'Compositor'),
    thread(2, 1, 'CrRendererMain'),
    ...[task(1, 1, 2_000), task(1, 1, 61_500, 'ThreadControllerImpl::RunTask'), task(1, 1, 900, 'Layout')],
    ...[task(1, 2, 500_000), task(2, 1, 7_000)],
  ];
  expect(tasksOf(JSON.stringify({ traceEvents }))).toEqual([61.5, 2]);
  expect(tasksOf('{"traceEvents":[]}')).toEqual([]);
});
