/** The page in a browser, on a real server over real data. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SCRIPT_BYTES, scriptBytes } from '../../scripts/web.ts';
import {
  evaluate,
  launch,
  openTab,
  settled,
  show,
  type Tab,
  violationsOf,
  whyNoBrowser,
} from '../support/browser.ts';
import { type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { pageLog } from '../support/page-log.ts';
import { SEED } from '../support/property.ts';

const UNTIL = '2024-10-02';
const TARGET = 99.9;
const MARKUP = '<img/src=x/onerror=alert(1)>';
const LONG = `long-${'ä'.repeat(125)}`;
const CUSTOMERS = [
  { id: 'acme', requestsPerDay: 420, incidents: { 1: 0.08, 3: 0.006, 12: 0.02 } },
  { id: 'globex', requestsPerDay: 210, incidents: { 12: 0.05 } },
  { id: 'new/one', requestsPerDay: 150, days: 9 },
  { id: 'مرحبا', requestsPerDay: 6, incidents: { 2: 0.5 } },
  { id: MARKUP, requestsPerDay: 4 },
  { id: LONG, requestsPerDay: 3 },
  { id: '..', requestsPerDay: 2 },
  ...Array.from({ length: 24 }, (_, i) => ({ id: `small-${i}`, requestsPerDay: 1 })),
];
const BROKEN = ['<script>alert(1)</script>', '2024-13-02 05:10:46 acme /x 200 0.1'];

const VIEWS = [
  ...[
    '/',
    '/?from=2024-10-01&to=2024-10-01',
    '/customer?id=acme',
    '/customer?id=..',
    '/endpoints',
    '/sources',
  ],
  ...[
    '/day?id=acme&date=2024-10-01',
    '/day?date=2024-10-02',
    '/customer?id=nobody',
    '/day?date=x',
    '/day?date=2024-12-24',
  ],
  `/customer?id=${encodeURIComponent(MARKUP)}`,
];
/** The browser tells of each answer with an error, and these views show such answers. */
const SHOWN_ERRORS = /status of (401|403|404|422|503)|net::ERR_CONNECTION_REFUSED/;

interface Row {
  readonly [name: string]: unknown;
}

describe.skipIf(whyNoBrowser !== undefined)('the page', () => {
  let folder: string;
  let browser: Browser;
  let tab: Tab;
  let page: Page;
  const running: RunningCli[] = [];
  let url: string;

  async function serving(name: string, env: Record<string, string>): Promise<string> {
    const server = start(['serve', '--port', '0'], { env: { DATA_DIR: join(folder, name), ...env } });
    running.push(server);
    return servedUrl(server);
  }

  const ask = async (path: string) => (await fetch(url + path)).json() as Promise<never>;
  const open = (path: string) => show(page, url + path);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-page-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const days = [...pageLog({ until: UNTIL, days: 40, customers: CUSTOMERS, seed: SEED })];
    // No log has a request of this day.
    days.splice(20, 1);
    writeFileSync(join(logs, 'api.log'), `${days.join('')}${BROKEN.join('\n')}\n`);
    const env = { DATA_DIR: join(folder, 'data'), LOGS_SOURCE_DIR: logs };
    const launched = launch();
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    url = await serving('data', { TARGET_PERCENT: String(TARGET) });
    browser = await launched;
    tab = await openTab(browser, {}, SHOWN_ERRORS);
    page = tab.page;
  });

  afterAll(async () => {
    await browser?.close();
    for (const { process } of running) process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('loads less than 90 kB of compressed script', () => {
    expect(scriptBytes()).toBeGreaterThan(20_000);
    expect(scriptBytes()).toBeLessThan(MAX_SCRIPT_BYTES);
  });

  it('breaks no rule of accessibility, light and dark, and none of its policy', async () => {
    for (const view of VIEWS) {
      await page.emulateMedia({ colorScheme: 'light' });
      await open(view);
      const violations = await violationsOf(page);
      // Another scheme changes colours and nothing else.
      await page.emulateMedia({ colorScheme: 'dark' });
      violations.push(...(await violationsOf(page, ['color-contrast'])));
      expect({ view, violations }).toEqual({ view, violations: [] });
    }
    expect(tab.faults).toEqual([]);
  });

  it('needs no sideways scrolling on 360 pixels, and shows a strip there', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const view of VIEWS) {
      await open(view);
      expect([view, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([view, 360]);
    }
    await open('/customer?id=acme');
    expect(await page.locator('[aria-labelledby=history] .cell').count()).toBe(30);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  const count = (value: unknown): string => Number(value).toLocaleString('en-US');

  /** As the page must write it, computed of whole numbers. */
  function available({ counted_requests: counted, error_requests: failed }: Row): string {
    const [all, bad] = [Number(counted), Number(failed)];
    if (all < 100) return `${count(bad)} of ${count(all)}`;
    if (bad === 0) return '100%';
    const hundredths = Math.floor(((all - bad) * 10_000) / all);
    return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
  }

  /** A quiet span is judged by nothing; otherwise by whole numbers. */
  function rule({ counted_requests: counted, error_requests: failed }: Row): string {
    const [all, bad] = [Number(counted), Number(failed)];
    if (all < 100) return 'few';
    if (bad * 1000 <= all) return 'met';
    if (bad === 1) return 'few';
    return bad * 1000 >= 30 * all ? 'exhausted' : 'missed';
  }

  const cells = (row: string, columns: readonly string[]) =>
    Promise.all(
      columns.map(async (name) =>
        ((await page.locator(`${row} [data-column=${name}]`).textContent()) ?? '')
          .replace(/\s+/g, ' ')
          .trim(),
      ),
    );

  it('lists the customers of the API, with its numbers and in its order', async () => {
    await open('/');
    const query = 'from=2024-09-03&to=2024-10-02&sort=error_requests&limit=25';
    const { customers } = (await ask(`/v1/customers?${query}`)) as { customers: Row[] };
    const ids = await page
      .locator('tr[data-customer]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-customer')));
    expect(ids).toEqual(customers.map((row) => row.customer_id));
    for (const [i, row] of customers.entries()) {
      const place = `tr[data-customer] >> nth=${i} >>`;
      const shown = await cells(place, ['availability', 'failed', 'requests']);
      expect(shown).toEqual([available(row), count(row.error_requests), count(row.requests)]);
    }
  });

  it('has the days of the API in its table, and says of each strip what they are', async () => {
    await open('/customer?id=acme&from=2024-08-20&to=2024-10-02');
    const days = (await ask('/customers/acme/stats?from=2024-08-20')) as Row[];
    expect(days).toHaveLength(39);
    for (const day of days) {
      const shown = await cells(`tr[data-day="${day.date}"]`, ['availability', 'failed', 'requests']);
      const requests = Number(day.success_requests) + Number(day.failed_requests);
      expect([day.date, ...shown]).toEqual([
        day.date,
        available(day),
        count(day.error_requests),
        count(requests),
      ]);
      const cell = page.locator(`[aria-labelledby=history] .cell[data-key="${day.date}"]`);
      expect([day.date, await cell.getAttribute('data-state')]).toEqual([day.date, rule(day)]);
      expect(await cell.getAttribute('aria-label')).toContain(
        `${count(day.error_requests)} of ${count(day.counted_requests)} failed`,
      );
    }
    expect(new Set(days.map(rule)).size).toBeGreaterThan(2);
  });

  it('paints each state with its own colour, height or pattern', async () => {
    const looks = (await evaluate(
      page,
      `Array.from(document.querySelectorAll('[aria-labelledby=history] .cell'), (cell) => {
        const { backgroundColor, backgroundImage, height, borderStyle } = getComputedStyle(cell.firstElementChild);
        return [cell.dataset.state, [backgroundColor, backgroundImage, height, borderStyle].join(' ')];
      })`,
    )) as [string, string][];
    const byState = Map.groupBy(looks, ([state]) => state);
    const each = [...byState.values()].map((those) => [
      ...new Set(those.map(([, look]) => look.split(' linear')[0])),
    ]);
    expect(byState.size).toBeGreaterThan(3);
    expect(new Set(each.map((all) => all[0])).size).toBe(byState.size);
  });

  it('tells a day before the first request, one that no log has, and one that is not read yet from each other', async () => {
    const stateOf = (day: string) =>
      page.locator(`[aria-labelledby=history] .cell[data-key="${day}"]`).getAttribute('data-state');
    expect(await stateOf('2024-08-01')).toBe('before');
    expect(await stateOf('2024-09-13')).toBe('nodata');
    await open('/day?id=acme&date=2024-12-24');
    expect(await page.locator('main').textContent()).toContain('not read yet');
    await open('/customer?id=new%2Fone');
    expect(await stateOf('2024-09-20')).toBe('before');
  });

  it('does not judge a handful of requests, nor show the p99 of them', async () => {
    await open(`/customer?id=${encodeURIComponent('مرحبا')}&from=2024-09-30&to=2024-10-02`);
    const figure = (name: string) => page.locator(`[data-figure="${name}"]`).textContent();
    expect(await figure('Availability')).toMatch(/–.*Too few to judge.*\d of \d+ failed/s);
    expect(await figure('p99')).toMatch(/–.*Fewer than 100 requests/s);
  });

  it('has the numbers of its charts in the tables behind them', async () => {
    await open('/?from=2024-09-20&to=2024-10-02');
    const rows = (await ask('/v1/stats?from=2024-09-20&to=2024-10-02&fill=true')) as Row[];
    const chart = page.locator('figure', { hasText: 'Requests by outcome' });
    await chart.locator('summary').click();
    const shown = await chart
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [
          row.getAttribute('data-span'),
          ...[...row.querySelectorAll('td')].map((cell) => cell.textContent),
        ]),
      );
    expect(shown).toEqual(
      rows.map((row) => [
        row.span,
        count(row.error_requests),
        count(Number(row.failed_requests) - Number(row.error_requests)),
        count(row.success_requests),
      ]),
    );
  });

  it('has the endpoints and the ledger of the API', async () => {
    await open('/endpoints');
    const { endpoints } = (await ask('/v1/endpoints?from=2024-09-03&to=2024-10-02&sort=error_requests')) as {
      endpoints: Row[];
    };
    for (const [i, row] of endpoints.entries())
      expect(await cells(`tr[data-endpoint] >> nth=${i} >>`, ['failed', 'requests'])).toEqual([
        count(row.error_requests),
        count(row.requests),
      ]);
    expect(endpoints.length).toBeGreaterThan(3);
    await open('/sources');
    const status = (await ask('/v1/status')) as Row;
    for (const [name, field] of [
      ['Accepted', 'accepted'],
      ['Rejected', 'rejected'],
      ['All', 'lines'],
    ] as const)
      expect(await page.locator(`[data-ledger=${name}] td >> nth=0`).textContent()).toBe(
        count(status[field]),
      );
    expect(await page.locator('[data-rejected] th').allTextContents()).toEqual(BROKEN);
  });

  it('finds customers by a part of their id, and goes through the pages', async () => {
    await open('/');
    await page.getByRole('searchbox').fill('glo');
    await page.waitForURL(/search=glo/);
    await page.locator('tr[data-customer]').nth(1).waitFor({ state: 'detached' });
    expect(await page.locator('tr[data-customer]').count()).toBe(1);
    await open('/?sort=customer_id');
    const ids = () =>
      page
        .locator('tr[data-customer]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-customer')));
    const first = await ids();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('link', { name: 'First page' }).waitFor();
    await settled(page);
    expect(new Set([...first, ...(await ids())]).size).toBe(CUSTOMERS.length);
  });

  it('keeps what it shows in its address: it can be reloaded, shared, and left by the back button', async () => {
    await open('/');
    await page.getByRole('link', { name: '7 days' }).click();
    await page.getByRole('columnheader', { name: 'p99' }).getByRole('link').click();
    await settled(page);
    const heading = page.locator('h1');
    /** Without the white space that strips in sight leave. */
    const text = async () => ((await page.locator('main').textContent()) ?? '').replace(/\s+/g, ' ');
    const before = await text();
    await page.reload();
    await settled(page);
    expect(await text()).toBe(before);
    await page.getByRole('link', { name: 'acme' }).first().click();
    await settled(page);
    expect([await heading.textContent(), new URL(page.url()).search]).toEqual(['acme', '?id=acme&range=7d']);
    await page.goBack();
    await settled(page);
    expect(await text()).toBe(before);
  });

  it('is used with keys alone: one stop for a strip, arrows within it, and a day behind each cell', async () => {
    await open('/customer?id=acme');
    const strip = page.locator('[aria-labelledby=history]');
    expect(await strip.locator('.cell[tabindex="0"]').count()).toBe(1);
    const name = () => evaluate(page, 'document.activeElement.dataset.key');
    for (let presses = 0; (await name()) === undefined; presses++) {
      expect(presses).toBeLessThan(40);
      await page.keyboard.press('Tab');
    }
    expect(await name()).toBe(UNTIL);
    for (const [key, day] of [
      ...[
        ['ArrowLeft', '2024-10-01'],
        ['PageUp', '2024-09-24'],
        ['ArrowRight', '2024-09-25'],
      ],
      ...[
        ['Home', '2024-07-05'],
        ['End', UNTIL],
        ['ArrowRight', UNTIL],
        ['ArrowLeft', '2024-10-01'],
      ],
    ] as [string, string][]) {
      await page.keyboard.press(key);
      expect([key, await name()]).toEqual([key, day]);
    }
    const tip = page.getByRole('tooltip');
    expect(await tip.textContent()).toMatch(/\d+ of \d+ failed/);
    await page.keyboard.press('Escape');
    expect(await tip.count()).toBe(0);
    await page.keyboard.press('Tab');
    expect(await name()).toBeUndefined();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await settled(page);
    expect(new URL(page.url()).search).toBe('?id=acme&date=2024-10-01');
    await page.getByRole('link', { name: 'acme' }).click();
    await page.waitForURL(/customer\?id=acme$/);
  });

  it('shows the text of a cell with the first tap, and opens its day with the second', async () => {
    const touch = await openTab(browser, {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 800 },
    });
    await show(touch.page, `${url}/customer?id=acme`);
    const cell = touch.page.locator('[aria-labelledby=history] .cell[data-key="2024-10-01"]');
    await cell.tap();
    expect(await touch.page.getByRole('tooltip').textContent()).toMatch(/\d+ of \d+ failed/);
    expect(touch.page.url()).toContain('/customer');
    await cell.tap();
    await touch.page.waitForURL(/\/day\?id=acme&date=2024-10-01/);
    await touch.page.context().close();
  });

  it.each([MARKUP, LONG, 'new/one', 'مرحبا', '..'])(
    'leads to the customer %s, whose id stays text',
    async (id) => {
      await open('/?sort=customer_id');
      const link = page.locator('tr[data-customer] th a.id').getByText(id, { exact: true });
      if ((await link.count()) === 0) await page.getByRole('link', { name: 'Next page' }).click();
      await link.click();
      await settled(page);
      expect(await page.locator('h1').textContent()).toBe(id);
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.locator('tr[data-day]').count()).toBeGreaterThan(3);
      expect(tab.faults).toEqual([]);
    },
  );

  it('hands out the files of the API', async () => {
    await open('/customer?id=acme&from=2024-09-20&to=2024-10-02');
    for (const form of ['csv', 'json', 'parquet']) {
      const href = await page.locator(`a[download$=".${form}"]`).getAttribute('href');
      const file = await fetch(url + href);
      const same = await fetch(`${url}/v1/customers/acme/stats?from=2024-09-20&to=2024-10-02&format=${form}`);
      expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(await same.arrayBuffer()))).toBe(true);
    }
  });

  it('says what is wrong: an unknown customer, a server that asks for a key, one that is away', async () => {
    await open('/customer?id=nobody');
    expect(await page.getByRole('status').first().textContent()).toContain('No such customer');
    const guarded = await serving('data', { AUTH: 'keys' });
    await show(page, `${guarded}/customer?id=acme`);
    expect(await page.locator('h1').textContent()).toBe('Sign in');
    expect(await page.locator('table').count()).toBe(0);
    // As a proxy that signs people in adds it.
    const env = { DATA_DIR: join(folder, 'data') };
    const { stdout: key } = await run(['keys', 'create', '--customer', 'acme'], { env });
    await page.setExtraHTTPHeaders({ authorization: `Bearer ${key.trim()}` });
    await show(page, `${guarded}/`);
    await page.locator('tr[data-day]').first().waitFor();
    expect(new URL(page.url()).search).toBe('?id=acme');
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    await settled(page);
    expect(await page.locator('tr[data-day]').count()).toBeGreaterThan(20);
    await show(page, `${guarded}/customer?id=globex`);
    expect(await page.getByRole('status').first().textContent()).toContain('No such customer');
    await page.setExtraHTTPHeaders({});
    await show(page, `${url}/`);
    const away = await serving('data', {});
    await show(page, `${away}/`);
    running.at(-1)?.process.kill('SIGKILL');
    await running.at(-1)?.ended;
    await page.getByRole('link', { name: '7 days' }).click();
    await page.getByText('The server does not answer').first().waitFor();
    expect(await page.locator('tr[data-customer]').count()).toBeGreaterThan(20);
  });

  it('says how to read the first log where there is none, and shows it when it is read', async () => {
    const env = { DATA_DIR: join(folder, 'empty'), LOGS_SOURCE_DIR: join(folder, 'logs') };
    expect(await run(['migrate'], { env })).toMatchObject({ code: 0 });
    await show(page, `${await serving('empty', {})}/`);
    expect(await page.locator('main').textContent()).toContain('npx --no-install daymark ingest');
    expect(await violationsOf(page)).toEqual([]);
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });
});
