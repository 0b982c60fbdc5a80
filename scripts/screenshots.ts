/**
 * Pictures of every view and state of the page, in `.tmp/screenshots`, of logs that it makes up: wide and narrow, light and dark;
 * on a 4K screen, and as printed. With names of views as arguments, only of these. `--docs` writes those that the README shows.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { evaluate, launch, settled, show } from '../test/support/browser.ts';
import { pageLog } from '../test/support/page-log.ts';

const FOLDER = '.tmp/screenshots';
const DAY_MS = 86_400_000;
const SEED = 7;
const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const [today, yesterday] = [dayBefore(0), dayBefore(1)];

const LONG_ID = `long-${'x'.repeat(250)}`;
const MARKUP_ID = '<img/src=x/onerror=alert(1)>';
const RIGHT_TO_LEFT_ID = 'مرحبا-شركة';
const CUSTOMERS = [
  { id: 'acme', requestsPerDay: 3200, incidents: { 1: 0.08, 12: 0.01, 41: 0.004, 70: 0.2 } },
  { id: 'globex', requestsPerDay: 1900, incidents: { 12: 0.01, 13: 0.004 } },
  { id: 'initech', requestsPerDay: 1400, incidents: { 5: 0.02, 6: 0.05, 7: 0.01 } },
  { id: 'umbrella-health', requestsPerDay: 1100, incidents: { 12: 0.012 } },
  { id: 'hooli', requestsPerDay: 900 },
  { id: 'stark-industries', requestsPerDay: 650, incidents: { 20: 0.3 } },
  { id: 'vandelay/imports', requestsPerDay: 480 },
  { id: 'wonka', requestsPerDay: 330, incidents: { 12: 0.01 } },
  { id: 'soylent', requestsPerDay: 260, days: 17 },
  { id: RIGHT_TO_LEFT_ID, requestsPerDay: 210 },
  { id: 'tyrell', requestsPerDay: 30, incidents: { 3: 0.2 } },
  { id: MARKUP_ID, requestsPerDay: 9 },
  { id: LONG_ID, requestsPerDay: 5, incidents: { 2: 0.2 } },
];

type Site = 'full' | 'guarded' | 'empty' | 'one' | 'off';

interface View {
  readonly site: Site;
  /** Or what makes it, of a link to this site. */
  readonly path: string | (() => string);
  /** What is done before the picture. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const full = (path: string, act?: View['act']): View => ({ site: 'full', path, ...(act ? { act } : {}) });
const ofCustomer = (id: string): View => full(`/customer?id=${encodeURIComponent(id)}`);
const historyCell = (page: Page, day: string) =>
  page.locator(`[aria-labelledby=history] .cell[data-key="${day}"]`);

const VIEWS: Readonly<Record<string, View>> = {
  overview: full('/'),
  'overview-day': full(`/?from=${yesterday}&to=${yesterday}`),
  'overview-search': full('/?search=a&sort=duration_p99'),
  'overview-nothing-found': full('/?search=nobody'),
  'overview-other-days': full('/', (page) => page.getByText('Other days').click()),
  'overview-tooltip': full('/', (page) => historyCell(page, yesterday).hover()),
  'overview-definition': full('/', (page) => page.locator('[data-figure=Availability] summary').click()),
  'overview-chart-table': full('/', (page) => page.getByText('Numbers and definition').first().click()),
  customer: full('/customer?id=acme&range=30d'),
  'customer-90-days': full('/customer?id=acme&range=90d'),
  'customer-few': ofCustomer('tyrell'),
  'customer-new': full('/customer?id=soylent&range=90d'),
  'customer-unknown': ofCustomer('nobody'),
  'customer-markup': ofCustomer(MARKUP_ID),
  'customer-long': ofCustomer(LONG_ID),
  'customer-right-to-left': ofCustomer(RIGHT_TO_LEFT_ID),
  'customer-focus': full('/customer?id=acme', (page) => historyCell(page, yesterday).focus()),
  day: full(`/day?id=acme&date=${yesterday}`),
  'day-today': full(`/day?id=acme&date=${today}`),
  'day-of-all': full(`/day?date=${yesterday}`),
  'day-without-requests': full(`/day?id=soylent&date=${dayBefore(40)}`),
  'day-long': full(`/day?id=${LONG_ID}&date=${yesterday}`),
  endpoints: full('/endpoints'),
  sources: full('/sources'),
  report: full('/report?id=acme'),
  'overview-24-hours': full('/?range=day'),
  'customer-24-hours': full('/customer?id=acme&range=day'),
  endpoint: full(`/endpoint?path=${encodeURIComponent('/api/v1/orders')}`),
  'sign-in': { site: 'guarded', path: '/' },
  shared: { site: 'guarded', path: () => newLink() },
  embed: { site: 'guarded', path: () => newLink('--embed') },
  'link-gone': { site: 'guarded', path: '/customer?id=acme#link=1.5f0c1d2e' },
  share: { site: 'guarded', path: '/customer?id=acme', act: openDialogue },
  empty: { site: 'empty', path: '/' },
  'empty-sources': { site: 'empty', path: '/sources' },
  'one-day': { site: 'one', path: '/' },
  'one-day-customer': { site: 'one', path: '/customer?id=solo' },
  'off-overview': { site: 'off', path: '/' },
  'off-customer': { site: 'off', path: '/customer?id=acme' },
  'off-day': { site: 'off', path: `/day?id=acme&date=${yesterday}` },
  'off-endpoints': { site: 'off', path: '/endpoints' },
  outage: full('/', async (page) => {
    const problem = {
      code: 'STORE_UNREACHABLE',
      title: 'The database cannot be reached',
      status: 503,
      type: 'about:blank',
    };
    await page.route('**/v1/**', (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.getByRole('link', { name: '7 days', exact: true }).click();
    await page.getByText('The database does not answer').first().waitFor();
  }),
};

interface Look extends BrowserContextOptions {
  readonly media?: 'print';
}

const [WIDE, NARROW] = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
];
const LOOKS: Readonly<Record<string, Look>> = {
  'wide-light': { viewport: WIDE, colorScheme: 'light' },
  'wide-dark': { viewport: WIDE, colorScheme: 'dark' },
  'narrow-light': { viewport: NARROW, colorScheme: 'light' },
  'narrow-dark': { viewport: NARROW, colorScheme: 'dark' },
  '4k-light': { viewport: { width: 3840, height: 2160 }, colorScheme: 'light' },
  // Of A4, without its margins.
  print: { viewport: { width: 720, height: 1040 }, media: 'print' },
};

async function shoot(
  browser: Browser,
  sites: Sites,
  views: readonly string[],
  looks: readonly string[],
): Promise<void> {
  for (const look of looks) {
    const { media, ...options } = LOOKS[look] ?? {};
    const context = await browser.newContext({ ...options, locale: 'en-GB' });
    for (const name of views) {
      const { site, path, act } = VIEWS[name] ?? full(name);
      const page = await context.newPage();
      await show(page, sites[site] + (typeof path === 'string' ? path : path()));
      await scrollThrough(page);
      if (media) await page.emulateMedia({ media });
      await act?.(page);
      await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), fullPage: act === undefined });
      await page.close();
    }
    await context.close();
  }
}

/** Strips of a list ask for their days when they come into sight. */
async function scrollThrough(page: Page): Promise<void> {
  const height = await evaluate(page, 'document.body.scrollHeight');
  for (let y = 0; y < Number(height); y += 600) {
    await evaluate(page, `scrollTo(0, ${y})`);
    await page.waitForTimeout(60);
  }
  await evaluate(page, 'scrollTo(0, 0)');
  await settled(page);
}

/** Signs in with the key of an admin, and makes a link. */
async function openDialogue(page: Page): Promise<void> {
  await page.getByLabel('Key').fill(ofGuarded('keys', 'create', '--admin'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('What it is for').fill('Acme, for the review in May');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').locator('code').waitFor();
}

/** @returns the path of a new link. */
const newLink = (...args: string[]): string => ofGuarded('links', 'create', '--customer', 'acme', ...args);

/** Runs a command over the store of the site that asks for keys. @returns what it prints. */
function ofGuarded(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.js', ...args], {
    env: { ...process.env, ...fullEnv },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** The pictures that documents show. */
async function shootForDocs(browser: Browser, url: string): Promise<void> {
  for (const [name, path, colorScheme] of [
    ['page-overview', '/', 'light'],
    ['page-customer', '/customer?id=acme&range=30d', 'dark'],
  ] as const) {
    const page = await browser.newPage({
      colorScheme,
      viewport: { width: 1280, height: 960 },
      locale: 'en-GB',
    });
    await show(page, url + path);
    await scrollThrough(page);
    await page.screenshot({ path: `docs/${name}.png` });
    await page.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'daymark-screenshots-'));
const running: ChildProcess[] = [];
type Env = Readonly<Record<string, string>>;
type Sites = Readonly<Record<Site, string>>;
const CUSTOMERS_FILE = join(folder, 'customers.csv');
let fullEnv: Env = {};

/** Writes logs, and reads them. @returns the environment of the store. */
function read(name: string, logs: Env, settings: Env = {}): Env {
  const directory = join(folder, `${name}-logs`);
  const env = { DATA_DIR: join(folder, name), LOGS_SOURCE_DIR: directory, ...settings };
  mkdirSync(directory);
  for (const [file, lines] of Object.entries(logs)) writeFileSync(join(directory, file), lines);
  const command = Object.keys(logs).length === 0 ? 'migrate' : 'ingest';
  const { status, stderr } = spawnSync(process.execPath, ['dist/main.js', command], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) console.error(stderr);
  return env;
}

async function serve(env: Env, command: 'serve' | 'up' = 'serve'): Promise<string> {
  const server = spawn(process.execPath, ['dist/main.js', command], {
    env: { ...process.env, MESSAGE_FORMAT: 'text', ...env, PORT: '0' },
  });
  running.push(server);
  return new Promise((resolve) => {
    let said = '';
    server.stderr.on('data', (data) => {
      said += data;
      const [, found] = said.match(/(http:\/\/[\w.:]+)/) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
}

/** Lines by day, the last ones of this minute. */
function daysOf(days: number, customers: typeof CUSTOMERS): string[] {
  const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
  const all = [...pageLog({ until: today, days, customers, seed: SEED })];
  const past =
    all
      .at(-1)
      ?.split('\n')
      .filter((line) => line !== '' && line < now) ?? [];
  return [...all.slice(0, -1), past.map((line) => `${line}\n`).join('')];
}

async function serveSites(): Promise<Sites> {
  const days = daysOf(120, CUSTOMERS);
  writeFileSync(
    CUSTOMERS_FILE,
    'id,name,aliases,public\nacme,Acme Corporation,key-7f3a;key-91bc;192.0.2.1,true\n',
  );
  const logs = {
    'api.log': days.slice(60).join(''),
    'api.log.1': `${days.slice(0, 60).join('')}a line <b>that</b> is none\n\n`,
  };
  fullEnv = read('full', logs, { CUSTOMERS_FILE });
  // Of a whole day: just after midnight, today has no requests yet.
  const one = [
    ...pageLog({
      ...{ until: yesterday, days: 1, seed: SEED },
      customers: [{ id: 'solo', requestsPerDay: 700 }],
    }),
  ];
  const few = daysOf(20, CUSTOMERS.slice(0, 4));
  return {
    full: await serve(fullEnv, 'up'),
    guarded: await serve({ ...fullEnv, AUTH: 'keys', EMBED_ANCESTORS: 'https://portal.example.com' }),
    empty: await serve(read('empty', {})),
    one: await serve(read('one', { 'api.log': one.join('') })),
    off: await serve(
      read('off', { 'api.log': few.join('') }, { HOURS: 'off', ENDPOINTS: 'off', ALL_CUSTOMERS: 'off' }),
    ),
  };
}

mkdirSync(FOLDER, { recursive: true });
try {
  const asked = process.argv.slice(2);
  const sites = await serveSites();
  const browser = await launch();
  const [views, looks] = [VIEWS, LOOKS].map((all) => {
    const chosen = Object.keys(all).filter((name) => asked.includes(name));
    return chosen.length > 0 ? chosen : Object.keys(all);
  }) as [string[], string[]];
  if (asked.includes('--docs')) await shootForDocs(browser, sites.full);
  else await shoot(browser, sites, views, looks);
  await browser.close();
} finally {
  for (const server of running) server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
