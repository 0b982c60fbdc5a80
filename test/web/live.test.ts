/** The page follows the server: new lines appear in it, lost connections heal, and nothing jumps. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { evaluate, launch, openTab, show, type Tab, violationsOf, whyNoBrowser } from '../support/browser.ts';
import { type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { samplesOf } from '../support/metrics.ts';
import { pageLog } from '../support/page-log.ts';
import { freePort } from '../support/postgres-cluster.ts';
import { SEED } from '../support/property.ts';

const UNTIL = '2024-10-02';
const CUSTOMERS = [
  { id: 'acme', requestsPerDay: 150, incidents: { 1: 0.08 } },
  { id: 'globex', requestsPerDay: 30 },
  ...Array.from({ length: 60 }, (_, i) => ({ id: `small-${i}`, requestsPerDay: 1, days: 2 })),
];
/** What the browser tells of a server that is away, or refuses a stream or a key. */
const EXPECTED = /status of (401|403|503)|net::ERR_/;
const RANGE = 'from=2024-09-30&to=2024-10-02';

describe.skipIf(whyNoBrowser !== undefined)('the page follows the server', () => {
  let folder: string;
  let log: string;
  let browser: Browser;
  let url: string;
  let env: Record<string, string>;
  const running: RunningCli[] = [];

  async function serving(
    more: Record<string, string> = {},
    command = 'serve',
    says = 'serving',
  ): Promise<string> {
    const server = start([command], { env: { ...env, ...more } });
    running.push(server);
    return servedUrl(server, says);
  }

  /** Reads so many more requests of a customer, all of which failed. */
  async function readMore(customer: string, requests: number): Promise<void> {
    const expected = (await failed(customer)) + requests;
    appendFileSync(log, `${UNTIL} 12:00:00 ${customer} /api/v1/orders 503 0.1\n`.repeat(requests));
    await eventually(() => failed(customer)).toBe(expected);
  }

  /** A tab that the test closes, of which nothing but the expected went wrong. */
  async function tabAt(address: string, options: Parameters<typeof openTab>[1] = {}): Promise<Tab> {
    const tab = await openTab(browser, options, EXPECTED);
    onTestFinished(async () => {
      await tab.page.context().close();
      expect(tab.faults).toEqual([]);
    });
    await show(tab.page, address);
    return tab;
  }

  const isLive = (page: Page) => page.locator('[data-live=live]').waitFor();
  const figure = async (page: Page, name: string): Promise<string> =>
    (await page.locator(`[data-figure="${name}"] .value`).textContent()) ?? '';
  const answered = async <T>(server: string, path: string) =>
    (await fetch(server + path)).json() as Promise<T>;
  async function failed(customer: string): Promise<number> {
    const query = `customer_id=${encodeURIComponent(customer)}&${RANGE}`;
    return (await answered<{ error_requests: number }>(url, `/v1/summary?${query}`)).error_requests;
  }
  const failures = async (): Promise<string> => (await failed('acme')).toLocaleString('en-US');
  const metric = async (server: string, name: string): Promise<number> =>
    samplesOf(await (await fetch(`${server}/metrics`)).text()).get(name) ?? 0;
  const hide = (page: Page, isHidden: boolean) =>
    evaluate(
      page,
      `Object.defineProperty(document, 'hidden', { get: () => ${isHidden}, configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    );
  /** Counts how often the page asks for something. */
  function counting(page: Page, path: string): { asked: number } {
    const count = { asked: 0 };
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === path) count.asked++;
    });
    return count;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-live-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    log = join(logs, 'api.log');
    writeFileSync(log, [...pageLog({ until: UNTIL, days: 12, customers: CUSTOMERS, seed: SEED })].join(''));
    env = { DATA_DIR: join(folder, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0' };
    const launched = launch();
    url = await serving({}, 'up', 'look at');
    browser = await launched;
  });

  afterAll(async () => {
    await browser?.close();
    for (const { process } of running) process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('puts new numbers in the place of the old ones, and leaves scroll, focus and what is open', async () => {
    const { page } = await tabAt(`${url}/customer?id=acme&${RANGE}`);
    await isLive(page);
    await page.locator('[data-figure=p99] summary').click();
    await evaluate(page, 'scrollTo(0, 150)');
    await page.locator('[aria-labelledby=history] .cell[data-key="2024-10-01"]').focus();
    const state = () =>
      evaluate(
        page,
        `[scrollY, document.activeElement.dataset.key, document.querySelectorAll('details[open]').length,
          document.querySelector('[role=tooltip] strong')?.textContent]`,
      );
    const before = await state();
    expect(before).toEqual([150, '2024-10-01', 1, expect.stringContaining('Oct 1')]);
    await evaluate(
      page,
      `window.flashes = [];
       new MutationObserver(() => flashes.push(...document.querySelectorAll('.skeleton, .stale')))
         .observe(document.body, { subtree: true, childList: true, attributes: true })`,
    );
    await readMore('acme', 7);
    const expected = await failures();
    await eventually(() => figure(page, 'Failed requests')).toBe(expected);
    await page.locator('[aria-labelledby=history] .cell[data-key="2024-10-02"][aria-label*="of"]').waitFor();
    expect(await state()).toEqual(before);
    expect(await evaluate(page, 'flashes.length')).toBe(0);
  });

  it('keeps a search that is being typed, its page, and the focus on a customer whose place changes', async () => {
    const { page } = await tabAt(`${url}/?${RANGE}&search=small&sort=error_requests`);
    await isLive(page);
    const ids = () =>
      page
        .locator('tr[data-customer]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-customer') ?? ''));
    const last = (await ids()).at(-1) ?? '';
    await page.locator(`tr[data-customer="${last}"] a.id`).focus();
    await readMore(last, 3);
    await eventually(async () => (await ids())[0]).toBe(last);
    await eventually(() => evaluate(page, 'document.activeElement.textContent')).toBe(last);
    const pages = page.getByRole('navigation', { name: 'Pages of customers' });
    await pages.getByRole('link', { name: 'Next page' }).click();
    await pages.getByRole('link', { name: 'First page' }).waitFor();
    await eventually(async () => (await ids()).includes(last)).toBe(false);
    const [shown, address] = [await ids(), page.url()];
    const field = page.getByRole('searchbox');
    await field.focus();
    await field.press('Home');
    const requests = () => page.locator('[data-figure=Requests] .value').textContent();
    const total = await requests();
    await readMore('globex', 5);
    await eventually(requests).not.toBe(total);
    expect([
      page.url(),
      await field.inputValue(),
      await evaluate(page, 'document.activeElement.selectionStart'),
    ]).toEqual([address, 'small', 0]);
    expect(await ids()).toEqual(shown);
  });

  it('asks once for all that a busy store commits within two seconds', async () => {
    const tab = await openTab(browser, {}, EXPECTED);
    onTestFinished(() => tab.page.context().close());
    const { page } = tab;
    const summaries = counting(page, '/v1/summary');
    await page.clock.install({ time: `${UNTIL}T12:00:00Z` });
    await show(page, `${url}/customer?id=acme&${RANGE}`);
    await isLive(page);
    await page.clock.pauseAt(`${UNTIL}T12:01:00Z`);
    await page.clock.runFor(5_000);
    const before = summaries.asked;
    for (let i = 0; i < 3; i++) {
      const sent = await metric(url, 'daymark_events_sent_total');
      await readMore('acme', 1);
      await eventually(() => metric(url, 'daymark_events_sent_total')).toBeGreaterThan(sent);
    }
    await page.clock.runFor(2_500);
    const expected = await failures();
    await eventually(() => figure(page, 'Failed requests')).toBe(expected);
    await page.clock.runFor(20_000);
    // Whatever was asked too often came before what is asked now.
    await readMore('acme', 1);
    await eventually(async () => {
      await page.clock.runFor(2_500);
      return figure(page, 'Failed requests');
    }).toBe(await failures());
    expect(summaries.asked - before).toBe(2);
  });

  it('asks nothing and holds no stream while its tab is hidden, and catches up when it is shown', async () => {
    const server = await serving();
    const { page } = await tabAt(`${server}/customer?id=acme&${RANGE}`);
    await isLive(page);
    const summaries = counting(page, '/v1/summary');
    await hide(page, true);
    await eventually(() => metric(server, 'daymark_event_streams')).toBe(0);
    const old = await figure(page, 'Failed requests');
    await readMore('acme', 2);
    expect([await figure(page, 'Failed requests'), summaries.asked]).toEqual([old, 0]);
    await hide(page, false);
    const expected = await failures();
    await eventually(() => figure(page, 'Failed requests')).toBe(expected);
    expect(summaries.asked).toBe(1);
  });

  it('says since when the connection is lost, keeps the numbers, and heals when the server is back', async () => {
    const port = String(await freePort());
    const server = start(['serve'], { env: { ...env, PORT: port } });
    running.push(server);
    await server.says('serving');
    const { page } = await tabAt(`http://127.0.0.1:${port}/customer?id=acme&${RANGE}`);
    await isLive(page);
    const old = await figure(page, 'Failed requests');
    server.process.kill('SIGKILL');
    await server.ended;
    const lost = page.getByText('Not connected since');
    await lost.waitFor();
    expect(await lost.textContent()).toMatch(
      /Not connected since \d+:\d+ [AP]M UTC\. The numbers are those of/,
    );
    expect(await figure(page, 'Failed requests')).toBe(old);
    expect(await page.locator('.problem').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await evaluate(page, 'document.documentElement.scrollWidth')).toBe(360);
    await readMore('acme', 4);
    running.push(start(['serve'], { env: { ...env, PORT: port } }));
    await isLive(page);
    const expected = await failures();
    await eventually(() => figure(page, 'Failed requests')).toBe(expected);
    expect(await lost.count()).toBe(0);
  });

  it('asks every half minute where the server has no stream for it, and is answered 304 while nothing changed', async () => {
    const server = await serving({ MAX_EVENT_STREAMS: '0' });
    const tab = await openTab(browser, {}, EXPECTED);
    onTestFinished(() => tab.page.context().close());
    const { page } = tab;
    await page.clock.install({ time: `${UNTIL}T12:00:00Z` });
    await show(page, `${server}/customer?id=acme&${RANGE}`);
    await page.locator('[data-live=asking]').waitFor();
    const unchanged = () =>
      metric(server, 'daymark_http_requests_total{route="/v1/summary",method="GET",status="304"}');
    await page.clock.fastForward(45_000);
    await eventually(unchanged).toBeGreaterThan(0);
    await readMore('acme', 3);
    const expected = await failures();
    await eventually(async () => {
      await page.clock.fastForward(45_000);
      return figure(page, 'Failed requests');
    }).toBe(expected);
    expect(await page.locator('.problem').count()).toBe(0);
    expect(await page.locator('[data-live]').textContent()).toMatch(/as of 12:\d\d PM UTC/);
  });

  it('begins a new day at midnight of the zone of the days', async () => {
    const tab = await openTab(browser, {}, EXPECTED);
    onTestFinished(() => tab.page.context().close());
    const { page } = tab;
    await page.clock.install({ time: `${UNTIL}T23:58:00Z` });
    await show(page, `${url}/?range=7d`);
    const top = page.locator('.top');
    expect(await top.textContent()).toContain('Sep 26 – Oct 2, 2024');
    await page.clock.fastForward(180_000);
    await eventually(() => top.textContent()).toContain('Sep 27 – Oct 3, 2024');
  });

  it('shows that a key is needed when its own is revoked', async () => {
    const guarded = await serving({ AUTH: 'keys' });
    const { stdout } = await run(['keys', 'create', '--customer', 'acme'], { env });
    const key = stdout.trim();
    const { page } = await tabAt(`${guarded}/customer?id=acme&${RANGE}`, {
      extraHTTPHeaders: { authorization: `Bearer ${key}` },
    });
    await isLive(page);
    expect(await run(['keys', 'revoke', key.split('_')[1] ?? ''], { env })).toMatchObject({ code: 0 });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.locator('table').count()).toBe(0);
  });
});
