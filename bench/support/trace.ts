/** Traces that Chromium records. */

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  /** Of the processor, in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** What is recorded. */
export const TRACED = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
];

export interface TracedTask {
  readonly ms: number;
  /** Of the processor: the same on a busy machine. */
  readonly cpuMs: number;
}

/** The tasks of a trace, of the main thread of the page: the one that worked most. */
export function tasksOf(trace: string): TracedTask[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}.${tid}`;
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = traceEvents.filter(
    (one) => one.ph === 'X' && one.name === 'RunTask' && mains.has(threadOf(one)),
  );
  const workOf = (events: readonly TraceEvent[]): number =>
    events.reduce((all, { dur = 0, tdur = dur }) => all + tdur, 0);
  const [busiest = []] = [...Map.groupBy(tasks, threadOf).values()].sort((a, b) => workOf(b) - workOf(a));
  return busiest.map(({ dur = 0, tdur = dur }) => ({ ms: dur / 1000, cpuMs: tdur / 1000 }));
}
