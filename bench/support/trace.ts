/** Traces that Chromium records. */

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** What is recorded. */
export const TRACED = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
];

/** The tasks of a trace in ms, the longest first, of the main thread of the page: the one that worked most. */
export function tasksOf(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}.${tid}`;
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  const byThread = Map.groupBy(
    traceEvents.filter(
      (event) => event.ph === 'X' && /RunTask$/.test(event.name) && mains.has(threadOf(event)),
    ),
    threadOf,
  );
  const sum = (events: readonly TraceEvent[]): number => events.reduce((all, { dur = 0 }) => all + dur, 0);
  const [busiest = []] = [...byThread.values()].sort((a, b) => sum(b) - sum(a));
  return busiest.map(({ dur = 0 }) => dur / 1000).sort((a, b) => b - a);
}
