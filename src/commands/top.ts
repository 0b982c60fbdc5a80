import { setTimeout as delay } from 'node:timers/promises';
import { NO_NAMES } from '../api/customer-names.ts';
import type { Settings } from '../config/settings.ts';
import { DaymarkError, isTransient } from '../errors.ts';
import { TOP_INTERVAL_MS, TOP_WORK_SHARE, TOPIC_LAG_WAIT_MS } from '../limits.ts';
import { availabilityDefinition } from '../statistics/availability.ts';
import type { Store } from '../store/contract.ts';
import { jsonOf, reportProblem } from './cli/report.ts';
import { onStopSignal } from './cli/signals.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { openStoreToRead } from './stores/open.ts';
import { layout, type Note, PLAIN } from './watching/layout.ts';
import { COLOURS, canDraw, Screen } from './watching/screen.ts';
import { asJson, type Snapshot, Watch } from './watching/snapshot.ts';
import type { TopicLag } from './watching/topic-lag.ts';

interface TopOptions {
  readonly once: boolean;
  readonly json: boolean;
}

/** `daymark top`. Without a terminal it prints one snapshot. */
export async function top(settings: Settings, { once, json }: TopOptions): Promise<number> {
  const isLive = !once && !json && canDraw();
  const store = await openStoreToRead(settings, isLive ? 'answers' : 'brief answers');
  let topics: TopicLag | undefined;
  try {
    // Who reads files loads nothing of topics.
    if (settings.KAFKA_BROKERS !== undefined)
      topics = (await import('./watching/topic-lag.ts')).openTopicLag(
        settings,
        isLive ? TOPIC_LAG_WAIT_MS : undefined,
      );
    const watch = watchOf(store, settings, topics);
    const first = await watch.take();
    if (isLive) await show(watch, first);
    else if (json) console.log(jsonOf(asJson(first)));
    else
      console.log(
        layout(first, { columns: process.stdout.columns ?? Infinity, rows: Infinity }, PLAIN).join('\n'),
      );
    return 0;
  } finally {
    await topics?.close();
    await store.close();
  }
}

function watchOf(store: Store, settings: Settings, topics: TopicLag | undefined): Watch {
  return new Watch({
    ...{ store, topics },
    availability: availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES),
    customers: customerNamesOf(settings, reportProblem) ?? NO_NAMES,
    now: () => performance.now(),
    systemTimeMs: () => Date.now(),
  });
}

/** Draws snapshots until somebody stops it. */
async function show(watch: Watch, first: Snapshot): Promise<void> {
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  let [shown, note] = [first, ENDS];
  const draw = (): void => {
    const { columns, rows } = process.stdout;
    screen.draw(layout(shown, { columns, rows }, COLOURS, note));
  };
  const screen = new Screen(() => stop.abort(), draw);
  screen.open();
  try {
    draw();
    let tookMs = 0;
    while (await isStillOn(Math.max(TOP_INTERVAL_MS, tookMs / TOP_WORK_SHARE), stop.signal)) {
      const beganMs = performance.now();
      try {
        shown = await watch.take();
        note = ENDS;
      } catch (error) {
        // The screen keeps what it shows until the database is back.
        if (!isTransient(error)) throw error;
        note = { text: `${codeOf(error)}: trying again; ${ENDS.text}`, isAlarm: true };
      }
      tookMs = performance.now() - beganMs;
      draw();
    }
  } finally {
    screen.close();
    release();
  }
}

const ENDS: Note = { text: 'q ends', isAlarm: false };

function codeOf(error: unknown): string {
  return error instanceof DaymarkError ? error.code : 'INTERNAL';
}

/** Waits. @returns false where it was stopped. */
async function isStillOn(waitMs: number, signal: AbortSignal): Promise<boolean> {
  await delay(waitMs, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
