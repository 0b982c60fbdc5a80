/**
 * How the page loads, scrolls and answers in Chromium, with many customers. `daymark serve` has a store of 10,000 customers and
 * 90 days, and one of 100,000 customers, which are filled once and kept. What the page shows is compared with the API, and
 * that with the made-up requests. Traces, for the developer tools of a browser, are in `.tmp/traces`.
 * `npm run bench:page [-- --customers 10000 --many 100000 --days 90 --rounds 5 --times 15]`.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { MAX_SCRIPT_BYTES, scriptBytes } from '../scripts/web.ts';
import { launch } from '../test/support/browser.ts';
import {
  LONG_TASK_MS,
  loadPage,
  memoryOf,
  openView,
  type PageLoad,
  type PageMemory,
  type PageView,
  reactionMs,
  type Slowness,
  scrollThrough,
} from './support/page-probe.ts';
import { checkRanking } from './support/question-checks.ts';
import { dateOf } from './support/question-model.ts';
import { type ServeProcess, startServe } from './support/question-server.ts';
import { keptSqliteStore, rollUp, type StoreSize } from './support/question-store.ts';
import { median } from './support/rounds.ts';
import { printTable } from './support/table.ts';
import { TRACED, tasksOf } from './support/trace.ts';

const TRACES = '.tmp/traces';
const MAX_INTERACTIVE_MS = 1000;
/** What the Core Web Vitals call good. */
const MAX_SHIFT = 0.1;
const PAGES = 20;
const ROWS = 25;

interface Screen {
  readonly options: BrowserContextOptions;
  readonly slowness?: Slowness;
}

/** The slow one is what Lighthouse takes for a phone. */
const SCREENS: Readonly<Record<string, Screen>> = {
  '1440 × 900': { options: { viewport: { width: 1440, height: 900 } } },
  '3840 × 2160': { options: { viewport: { width: 3840, height: 2160 } } },
  'slow phone': {
    options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    slowness: { cpu: 4, mbitPerS: 1.6, latencyMs: 150 },
  },
};

/** What a trace says of the longest tasks of the page. */
interface Trace {
  readonly longestMs: number;
  readonly longestCpuMs: number;
  readonly longTasks: number;
}

interface Seen {
  readonly loads: readonly PageLoad[];
  readonly loading: Trace;
  readonly scrolling: Trace;
  readonly memory: PageMemory;
  /** After many pages of the list. */
  readonly memoryLater: PageMemory;
}

const OVERVIEW = '/?range=90d&sort=availability_percentage';

async function see(browser: Browser, url: string, name: string, screen: Screen): Promise<Seen> {
  const loads: PageLoad[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const view = await openView(browser, screen.options, screen.slowness);
    loads.push(await loadPage(view, url + OVERVIEW));
    await view.page.context().close();
  }
  const view = await openView(browser, screen.options, screen.slowness);
  const loading = await traced(browser, view, `load ${name}`, () => loadPage(view, url + OVERVIEW));
  const scrolling = await traced(browser, view, `scroll ${name}`, () => scrollThrough(view));
  await checkRows(view.page, url);
  const memory = await memoryOf(view);
  for (let turn = 0; turn < PAGES; turn++) await turnPage(view.page);
  await view.page.goBack();
  const memoryLater = await memoryOf(view);
  await view.page.context().close();
  return { loads, loading, scrolling, memory, memoryLater };
}

async function traced(
  browser: Browser,
  view: PageView,
  name: string,
  act: () => Promise<unknown>,
): Promise<Trace> {
  await browser.startTracing(view.page, { categories: TRACED });
  await act();
  const trace = await browser.stopTracing();
  writeFileSync(join(TRACES, `${name}.json`), trace);
  const tasks = tasksOf(trace.toString());
  return {
    longestMs: Math.max(...tasks.map((task) => task.ms)),
    longestCpuMs: Math.max(...tasks.map((task) => task.cpuMs)),
    longTasks: tasks.filter((task) => task.ms > LONG_TASK_MS).length,
  };
}

const FIRST_ROW = "document.querySelector('tr[data-customer]')?.dataset.customer";

/** @returns ms until the next page of the list is painted. */
async function turnPage(page: Page): Promise<number> {
  const first = await page.locator('tr[data-customer]').first().getAttribute('data-customer');
  const next = page
    .getByRole('navigation', { name: 'Pages of customers' })
    .getByRole('link', { name: 'Next page' });
  return reactionMs(page, () => next.click(), `probe.isWhole() && ${FIRST_ROW} !== ${JSON.stringify(first)}`);
}

async function checkRows(page: Page, url: string): Promise<void> {
  const range = `from=${dateOf(0, days)}&to=${dateOf(days - 1, days)}`;
  const response = await fetch(
    `${url}/v1/customers?sort=availability_percentage&order=asc&limit=${ROWS}&${range}`,
  );
  const { customers } = (await response.json()) as { customers: { customer_id: string; requests: number }[] };
  const rows = page.locator('tr[data-customer]');
  deepStrictEqual(
    await rows.evaluateAll((all) =>
      all.map((row) => [
        row.getAttribute('data-customer'),
        row.querySelector('[data-column=requests]')?.textContent,
      ]),
    ),
    customers.map((row) => [row.customer_id, row.requests.toLocaleString('en-US')]),
  );
}

/** The ranking of the last 30 days, against the requests of which the store was made. */
async function checkApi(url: string, size: StoreSize): Promise<void> {
  const first = size.days - 30;
  const range = `from=${dateOf(first, size.days)}&to=${dateOf(size.days - 1, size.days)}`;
  const response = await fetch(`${url}/v1/customers?sort=availability_percentage&${range}`);
  checkRanking(await response.json(), 'availability_percentage', first, 30, size);
}

type Reactions = Readonly<Record<string, readonly number[]>>;

/** A search, a page and an order that were not asked for before, so that no answer is one that was kept. */
async function react(browser: Browser, url: string): Promise<Reactions> {
  const view = await openView(browser, { viewport: { width: 1440, height: 900 } });
  const { page } = view;
  const times = Number(values.times);
  const search = page.getByRole('searchbox');
  const found = async (text: string): Promise<number> => {
    const holds = `probe.isWhole() && document.querySelectorAll('tr[data-customer]').length
      === document.querySelectorAll('tr[data-customer*="${text}"]').length`;
    return reactionMs(page, () => search.fill(text), holds);
  };
  const searches: number[] = [];
  await loadPage(view, url + OVERVIEW);
  for (let time = 0; time < times; time++) searches.push(await found(String(1234 + 397 * time)));
  const pages: number[] = [];
  await loadPage(view, url + OVERVIEW);
  for (let time = 0; time < times; time++) pages.push(await turnPage(page));
  const orders: number[] = [];
  // By p50 and p99, so many customers and days take longer than the server lets an answer take.
  for (const column of ['Failed', 'Requests', 'Customer', 'Availability']) {
    const link = page.getByRole('columnheader', { name: column }).getByRole('link');
    const name = await link.textContent();
    const head = `[...document.querySelectorAll('th[aria-sort] a')].some((a) => a.textContent.includes(${JSON.stringify(name?.trim())}))`;
    orders.push(await reactionMs(page, () => link.click(), `probe.isWhole() && ${head}`));
  }
  await page.context().close();
  return { 'a search, from the last key on': searches, 'the next page': pages, 'another order': orders };
}

const ms = (value: number): string => value.toFixed(0);
const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** The median of the loads. */
const ofLoads =
  (of: (load: PageLoad) => number) =>
  ({ loads }: Seen): number =>
    median(loads.map(of));

interface Figure {
  readonly name: string;
  readonly of: (seen: Seen) => number;
  readonly text: (value: number) => string;
  /** What is asked. */
  readonly most?: number;
}

const FIGURES: readonly Figure[] = [
  { name: 'first paint, ms', of: ofLoads((load) => load.firstPaintMs), text: ms },
  { name: 'largest paint, ms', of: ofLoads((load) => load.largestPaintMs), text: ms },
  {
    name: 'list painted after its answer, ms',
    of: ofLoads((load) => load.listShownMs - load.listAnsweredMs),
    ...{ text: ms, most: MAX_INTERACTIVE_MS },
  },
  {
    name: 'interactive after the last answer, ms',
    of: ofLoads((load) => load.interactiveMs - load.answeredMs),
    ...{ text: ms, most: MAX_INTERACTIVE_MS },
  },
  { name: 'interactive, ms', of: ofLoads((load) => load.interactiveMs), text: ms },
  { name: 'blocked by long tasks, ms', of: ofLoads((load) => load.blockingMs), text: ms },
  {
    name: 'layout shift',
    of: ofLoads((load) => load.shift),
    text: (value) => value.toFixed(3),
    most: MAX_SHIFT,
  },
  { name: 'requests', of: ofLoads((load) => load.requests), text: ms },
  { name: 'transferred, kB', of: ofLoads((load) => load.transferredBytes / 1000), text: ms },
  { name: 'loading: longest task, ms', of: ({ loading }) => loading.longestMs, text: ms },
  { name: '  of the processor, ms', of: ({ loading }) => loading.longestCpuMs, text: ms },
  {
    name: 'scrolling: longest task, ms',
    of: ({ scrolling }) => scrolling.longestMs,
    text: ms,
    most: LONG_TASK_MS,
  },
  { name: '  of the processor, ms', of: ({ scrolling }) => scrolling.longestCpuMs, text: ms },
  { name: 'scrolling: tasks over 50 ms', of: ({ scrolling }) => scrolling.longTasks, text: ms, most: 0 },
  { name: 'script memory, MB', of: ({ memory }) => memory.heapBytes, text: mb },
  {
    name: `script memory after ${PAGES} pages, MB`,
    of: ({ memoryLater }) => memoryLater.heapBytes,
    text: mb,
  },
  { name: 'nodes of the document', of: ({ memory }) => memory.nodes, text: ms },
  { name: `nodes after ${PAGES} pages`, of: ({ memoryLater }) => memoryLater.nodes, text: ms },
];

function reportSeen(seen: Readonly<Record<string, Seen>>): void {
  const all = Object.values(seen);
  printTable(
    ['', 'asked', ...Object.keys(seen)],
    FIGURES.map(({ name, of, text, most }) => [
      ...[name, most === undefined ? '' : String(most)],
      ...all.map((one) => text(of(one))),
    ]),
  );
  // The slow phone is for comparison.
  const isMissed = ({ of, most = Number.POSITIVE_INFINITY }: Figure) =>
    all.slice(0, -1).some((one) => of(one) > most);
  if (FIGURES.some(isMissed)) process.exitCode = 1;
}

function reportReactions(reactions: Reactions): void {
  printTable(
    ['', 'times', 'median ms', 'slowest ms'],
    Object.entries(reactions).map(([name, took]) => [
      name,
      String(took.length),
      ms(median(took)),
      ms(Math.max(...took)),
    ]),
  );
}

async function withServer(size: StoreSize, use: (server: ServeProcess) => Promise<void>): Promise<void> {
  const env = await keptSqliteStore(size);
  await rollUp(env, size, size.days);
  const server = await startServe(env);
  try {
    await checkApi(server.url, size);
    await use(server);
  } finally {
    await server.stop();
  }
}

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '10000' },
    many: { type: 'string', default: '100000' },
    days: { type: 'string', default: '90' },
    rounds: { type: 'string', default: '5' },
    times: { type: 'string', default: '15' },
  },
});
const days = Number(values.days);
mkdirSync(TRACES, { recursive: true });
const browser = await launch();
try {
  const [customers, many] = [Number(values.customers), Number(values.many)];
  await withServer({ customers, days }, async ({ url }) => {
    console.log(
      `The overview of ${customers.toLocaleString('en')} customers and ${days} days; medians of ${values.rounds} loads`,
    );
    const seen: Record<string, Seen> = {};
    for (const [name, screen] of Object.entries(SCREENS)) seen[name] = await see(browser, url, name, screen);
    reportSeen(seen);
  });
  await withServer({ customers: many, days }, async ({ url }) => {
    console.log(`\n${many.toLocaleString('en')} customers and ${days} days: from the input to the paint`);
    reportReactions(await react(browser, url));
  });
  console.log(
    `\ncompressed script: ${(scriptBytes() / 1000).toFixed(1)} kB (asked: at most ${MAX_SCRIPT_BYTES / 1000})`,
  );
} finally {
  await browser.close();
}
