/** What a page in Chromium says of itself: when its numbers came and were painted, its tasks, its shifts, its memory. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { evaluate } from '../../test/support/browser.ts';

/** A task of this length or longer keeps the page from answering. */
export const LONG_TASK_MS = 50;

/** The browser tells of a long task some time after its end. */
const REPORT_MS = 500;

/**
 * Runs in the page before its own scripts. A frame in which something holds is painted when the first task after its callback
 * runs.
 */
const PROBE = `(() => {
  performance.setResourceTimingBufferSize(20_000);
  const probe = { tasks: [], shift: 0, largestPaintMs: 0, inputMs: 0, shownMs: {} };
  window.probe = probe;
  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('longtask', ({ startTime, duration }) => probe.tasks.push({ startMs: startTime, durationMs: duration }));
  observe('layout-shift', ({ hadRecentInput, value }) => { if (!hadRecentInput) probe.shift += value; });
  observe('largest-contentful-paint', ({ startTime }) => { probe.largestPaintMs = startTime; });
  for (const type of ['input', 'click'])
    addEventListener(type, ({ timeStamp }) => { probe.inputMs = timeStamp; }, true);
  probe.painted = (holds) => new Promise((resolve) => {
    const look = () => {
      if (!holds()) return requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isInSight = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  };
  probe.hasRows = () => all('tr[data-customer]').length > 0;
  probe.isWhole = () => probe.hasRows() && all('.skeleton, .stale, [aria-busy=true]').length === 0
    && all('tr[data-customer]').filter(isInSight).every((row) => row.querySelector('.cell'));
  const note = (name, holds) => probe.painted(holds).then((atMs) => { probe.shownMs[name] = atMs; });
  note('rows', probe.hasRows);
  note('whole', probe.isWhole);
})()`;

export interface PageView {
  readonly page: Page;
  /** Stays open: what it sets holds as long. */
  readonly tools: CDPSession;
}

export interface Slowness {
  /** How many times as long each task takes. */
  readonly cpu: number;
  readonly mbitPerS: number;
  readonly latencyMs: number;
}

/** A tab of its own, without anything in its cache. */
export async function openView(
  browser: Browser,
  options: BrowserContextOptions,
  slowness?: Slowness,
): Promise<PageView> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  await page.addInitScript(PROBE);
  const tools = await context.newCDPSession(page);
  await tools.send('Performance.enable');
  if (slowness !== undefined) await slowDown(tools, slowness);
  return { page, tools };
}

async function slowDown(tools: CDPSession, { cpu, mbitPerS, latencyMs }: Slowness): Promise<void> {
  const bytesPerS = (mbitPerS * 1e6) / 8;
  await tools.send('Network.enable');
  await tools.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: latencyMs, downloadThroughput: bytesPerS, uploadThroughput: bytesPerS },
  });
  await tools.send('Emulation.setCPUThrottlingRate', { rate: cpu });
}

interface Task {
  readonly startMs: number;
  readonly durationMs: number;
}

/** All times are from the start of the navigation on. */
export interface PageLoad {
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** The list of customers: its answer was there, and it was painted. */
  readonly listAnsweredMs: number;
  readonly listShownMs: number;
  /** The last answer that the first screen shows was there, all was painted, and no long task was left. */
  readonly answeredMs: number;
  readonly interactiveMs: number;
  /** What the long tasks take longer than they may. */
  readonly blockingMs: number;
  readonly shift: number;
  readonly requests: number;
  readonly transferredBytes: number;
}

interface Measured {
  readonly tasks: readonly Task[];
  readonly shift: number;
  readonly largestPaintMs: number;
  readonly shownMs: Readonly<Record<'rows' | 'whole', number>>;
  readonly firstPaintMs: number;
  readonly answers: readonly { readonly url: string; readonly endMs: number; readonly bytes: number }[];
}

const MEASURED = `({ ...probe, firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  answers: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
    ({ name, responseEnd, transferSize }) => ({ url: name, endMs: responseEnd, bytes: transferSize })) })`;

/** Goes to the address, and waits until all that is in sight is painted. */
export async function loadPage({ page }: PageView, url: string): Promise<PageLoad> {
  await page.goto(url);
  await evaluate(page, 'probe.painted(() => probe.shownMs.whole !== undefined)');
  await delay(REPORT_MS);
  const { tasks, shownMs, answers, ...measured } = (await evaluate(page, MEASURED)) as Measured;
  const ofApi = answers.filter(({ url: name }) => /\/(v1|stats|customers)\b/.test(new URL(name).pathname));
  const inTime = ofApi.map(({ endMs }) => endMs).filter((endMs) => endMs < shownMs.whole);
  const ends = tasks
    .filter(({ startMs }) => startMs < shownMs.whole)
    .map((task) => task.startMs + task.durationMs);
  return {
    firstPaintMs: measured.firstPaintMs,
    largestPaintMs: measured.largestPaintMs,
    listAnsweredMs:
      ofApi.find(({ url: name }) => new URL(name).pathname === '/v1/customers')?.endMs ?? Number.NaN,
    listShownMs: shownMs.rows,
    answeredMs: Math.max(...inTime),
    interactiveMs: Math.max(shownMs.whole, ...ends),
    blockingMs: tasks.reduce((sum, { durationMs }) => sum + durationMs - LONG_TASK_MS, 0),
    shift: measured.shift,
    requests: answers.length,
    transferredBytes: answers.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Does something, and waits until something else holds in the page. @returns ms from the input to the paint. */
export async function reactionMs(page: Page, act: () => Promise<void>, holds: string): Promise<number> {
  await act();
  return Number(await evaluate(page, `probe.painted(() => ${holds}).then((atMs) => atMs - probe.inputMs)`));
}

/** Scrolls to the end and back, as a wheel does. */
export async function scrollThrough({ page, tools }: PageView): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const distance = Number(await evaluate(page, 'document.documentElement.scrollHeight'));
  for (const yDistance of [-distance, distance])
    await tools.send('Input.synthesizeScrollGesture', {
      ...{ x: width / 2, y: height / 2, yDistance, speed: 2500, gestureSourceType: 'mouse' as const },
    });
}

export interface PageMemory {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** After what is not used any more has been collected. */
export async function memoryOf({ tools }: PageView): Promise<PageMemory> {
  await tools.send('HeapProfiler.collectGarbage');
  const { metrics } = await tools.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heapBytes: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}
