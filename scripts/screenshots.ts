/**
 * Pictures of every view of the page, wide and narrow, light and dark, in `.tmp/screenshots`, of a log that it makes up. With
 * names of views as arguments, only of these. `--docs` writes those that the README shows.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launch, show } from '../test/support/browser.ts';
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
  'overview-24-hours': '/?range=day',
  'customer-24-hours': '/customer?id=acme&range=day',
  endpoints: '/endpoints',
  endpoint: `/endpoint?path=${encodeURIComponent('/api/v1/orders')}`,
  sources: '/sources',
};

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 780 } } as const;

async function shoot(browser: Browser, url: string, names: readonly string[]): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ colorScheme, viewport, locale: 'en-GB' });
      const page = await context.newPage();
      for (const name of names) {
        await show(page, url + VIEWS[name]);
        await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`), fullPage: true });
      }
      await context.close();
    }
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
writeFileSync(env.CUSTOMERS_FILE, 'id,name,aliases\nacme,Acme Corporation,key-7f3a;key-91bc;192.0.2.1\n');
const days = [...pageLog({ until, days: 120, customers: CUSTOMERS, seed: 7 })];
writeFileSync(join(env.LOGS_SOURCE_DIR, 'api.log'), days.slice(60).join(''));
writeFileSync(
  join(env.LOGS_SOURCE_DIR, 'api.log.1'),
  `${days.slice(0, 60).join('')}a line <b>that</b> is none\n\n`,
);
const read = spawnSync(process.execPath, ['dist/main.js', 'ingest'], { env, encoding: 'utf8' });
if (read.status !== 0) console.error(read.stderr);
const server = spawn(process.execPath, ['dist/main.js', 'up'], { env });
try {
  const url = await new Promise<string>((resolve) => {
    let said = '';
    server.stderr.on('data', (data) => {
      said += data;
      const [, found] = said.match(/look at (\S+)\//) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const browser = await launch();
  const asked = process.argv.slice(2);
  if (asked.includes('--docs')) await shootForDocs(browser, url);
  else await shoot(browser, url, asked.length > 0 ? asked : Object.keys(VIEWS));
  await browser.close();
} finally {
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
