/**
 * Pictures of every view of the page, wide and narrow, light and dark, in `.tmp/screenshots`, of a log that it makes up. With
 * names of views as arguments, only of these. `--docs` writes those that the README shows.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { evaluate, launch, settled, show } from '../test/support/browser.ts';
import { pageLog } from '../test/support/page-log.ts';

const FOLDER = '.tmp/screenshots';
const DAY_MS = 86_400_000;
const until = new Date().toISOString().slice(0, 10);
const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);

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
  { id: 'مرحبا-شركة', requestsPerDay: 210 },
  { id: 'tyrell', requestsPerDay: 30, incidents: { 3: 0.2 } },
  { id: '<img/src=x/onerror=alert(1)>', requestsPerDay: 9 },
  { id: `long-${'x'.repeat(250)}`, requestsPerDay: 5, incidents: { 2: 0.2 } },
];

const VIEWS: Readonly<Record<string, string>> = {
  overview: '/',
  'overview-day': `/?from=${yesterday}&to=${yesterday}`,
  customer: '/customer?id=acme&range=30d',
  'customer-few': '/customer?id=tyrell',
  'customer-new': '/customer?id=soylent&range=90d',
  'customer-unknown': '/customer?id=nobody',
  day: `/day?id=acme&date=${yesterday}`,
  report: '/report?id=acme',
  endpoints: '/endpoints',
  sources: '/sources',
};

/** What others see of a customer, on a server that asks for keys. The paths come from `daymark links create`. */
const SHARED = ['shared', 'embed', 'link-gone', 'share'] as const;

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 780 } } as const;

async function shoot(browser: Browser, addresses: Readonly<Record<string, string>>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ colorScheme, viewport, locale: 'en-GB' });
      for (const [name, address] of Object.entries(addresses)) {
        const page = await context.newPage();
        await show(page, address);
        if (name === 'share') await openDialogue(page);
        else await scrollThrough(page);
        const path = join(FOLDER, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: name !== 'share' });
        await page.close();
      }
      await context.close();
    }
}

/** As it comes out of a printer: A4 with the margins of the style sheet. */
async function shootPrinted(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 703, height: 1032 }, locale: 'en-GB' });
  await show(page, url + VIEWS.report);
  await page.pdf({ path: join(FOLDER, 'report.pdf'), format: 'A4' });
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: join(FOLDER, 'report-printed.png'), fullPage: true });
  await page.close();
}

/** Signs in with the key of an admin, and makes a link. */
async function openDialogue(page: Page): Promise<void> {
  const key = daymark('keys', 'create', '--admin');
  if ((await page.getByLabel('Key').count()) > 0) {
    await page.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
  }
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('What it is for').fill('Acme, for the review in May');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').locator('code').waitFor();
}

/** Runs a command. @returns what it prints. */
function daymark(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.js', ...args], {
    ...{ env, encoding: 'utf8' },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Starts a server. @param said what stands before its address. */
function started(said: RegExp, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const server = spawn(process.execPath, ['dist/main.js', ...args], { env: { ...env, ...more } });
  const url = new Promise<string>((resolve) => {
    let text = '';
    server.stderr.on('data', (data) => {
      text += data;
      const [, found] = text.match(said) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  return { server, url };
}

/** The addresses of what is shared. */
function sharedViews(url: string): Record<string, string> {
  const link = (...args: string[]) => url + daymark('links', 'create', '--customer', 'acme', ...args);
  return {
    ...{ shared: link(), embed: link('--embed') },
    ...{ 'link-gone': `${url}/customer?id=acme#link=1.5f0c1d2e`, share: `${url}/customer?id=acme` },
  };
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

/** The pictures that documents show. */
async function shootForDocs(browser: Browser, url: string): Promise<void> {
  for (const [name, view, colorScheme] of [
    ['page-overview', 'overview', 'light'],
    ['page-customer', 'customer', 'dark'],
  ] as const) {
    const page = await browser.newPage({
      colorScheme,
      viewport: { width: 1280, height: 960 },
      locale: 'en-GB',
    });
    await show(page, url + VIEWS[view]);
    await scrollThrough(page);
    await page.screenshot({ path: `docs/${name}.png` });
    await page.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'daymark-screenshots-'));
const env = {
  ...process.env,
  DATA_DIR: join(folder, 'data'),
  LOGS_SOURCE_DIR: join(folder, 'logs'),
  PORT: '0',
  CUSTOMERS_FILE: join(folder, 'customers.csv'),
};
mkdirSync(env.LOGS_SOURCE_DIR);
mkdirSync(FOLDER, { recursive: true });
const days = [...pageLog({ until, days: 120, customers: CUSTOMERS, seed: 7 })];
writeFileSync(join(env.LOGS_SOURCE_DIR, 'api.log'), days.slice(60).join(''));
writeFileSync(
  join(env.LOGS_SOURCE_DIR, 'api.log.1'),
  `${days.slice(0, 60).join('')}a line <b>that</b> is none\n\n`,
);
writeFileSync(env.CUSTOMERS_FILE, 'id,name,public\nacme,Acme Corporation,true\n');
daymark('ingest');
const all = started(/look at (\S+)\//, ['up']);
const guarded = started(/serving .* on (http:[^\s"]+)/, ['serve'], {
  ...{ AUTH: 'keys', EMBED_ANCESTORS: 'https://portal.example.com' },
});
try {
  const [url, ofKeys] = await Promise.all([all.url, guarded.url]);
  const browser = await launch();
  const asked = process.argv.slice(2);
  if (asked.includes('--docs')) await shootForDocs(browser, url);
  else {
    const views = Object.entries(VIEWS).map(([name, path]) => [name, url + path] as const);
    const addresses = { ...Object.fromEntries(views), ...sharedViews(ofKeys) };
    const names = asked.length > 0 ? asked : [...Object.keys(VIEWS), ...SHARED];
    await shoot(browser, Object.fromEntries(names.map((name) => [name, addresses[name] ?? url])));
    if (names.includes('report')) await shootPrinted(browser, url);
  }
  await browser.close();
} finally {
  for (const { server } of [all, guarded]) server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
