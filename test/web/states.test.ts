/** What the page shows where there is little, where ids are odd, where kinds of windows are off, and in an outage. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { eventually } from '../support/eventually.ts';
import { pageLog } from '../support/page-log.ts';
import { createDatabase } from '../support/postgres-database.ts';
import { SEED } from '../support/property.ts';
import { startProxy } from '../support/tcp-proxy.ts';

const UNTIL = '2024-10-02';
const MARKUP = '<img/src=x/onerror=alert(1)>';
const IDS = [MARKUP, `${'ä'.repeat(127)}!`, 'a/b/../c', '..', 'مرحبا-שלום', `it's;$(id)\`"`, 'x'.repeat(255)];
/** The browser tells of each answer with an error, and these states are such answers. */
const SHOWN_ERRORS = /status of (404|422|503)/;

describe.skipIf(whyNoBrowser !== undefined)('the page', () => {
  let folder: string;
  let browser: Browser;
  let tab: Tab;
  let page: Page;
  const running: RunningCli[] = [];

  const main = () => page.locator('main');
  const figure = (name: string) => page.locator(`[data-figure="${name}"] .value`).textContent();

  async function serving(env: Record<string, string>, command = 'serve'): Promise<string> {
    const server = start([command, '--port', '0'], { env });
    running.push(server);
    return servedUrl(server);
  }

  /** Reads lines of a log, and serves them. */
  async function site(name: string, lines: string, env: Record<string, string> = {}): Promise<string> {
    const logs = join(folder, `${name} logs`);
    mkdirSync(logs);
    writeFileSync(join(logs, 'api <b>1.log'), lines);
    const all = { DATA_DIR: join(folder, name), LOGS_SOURCE_DIR: logs, ...env };
    expect(await run(['ingest'], { env: all })).toMatchObject({ code: 0 });
    return serving(all);
  }

  const log = (days: number, ...customers: Parameters<typeof pageLog>[0]['customers']) =>
    [...pageLog({ until: UNTIL, days, customers, seed: SEED })].join('');

  async function expectClean(): Promise<void> {
    expect(await violationsOf(page)).toEqual([]);
    expect(tab.faults).toEqual([]);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-states-'));
    browser = await launch();
    tab = await openTab(browser, {}, SHOWN_ERRORS);
    page = tab.page;
  });

  afterAll(async () => {
    await browser?.close();
    for (const { process } of running) process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows one day of one customer, compares it with nothing, and draws no day that was not measured', async () => {
    const url = await site('one', log(1, { id: 'solo', requestsPerDay: 600, incidents: { 0: 0.05 } }));
    await show(page, url);
    expect(await page.locator('tr[data-customer]').count()).toBe(1);
    expect(await main().textContent()).not.toContain('Changes are against');
    const states = () =>
      page
        .locator('[aria-labelledby=history] .cell')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-state')));
    expect((await states()).slice(0, -1).every((state) => state === 'nodata')).toBe(true);
    expect((await states()).at(-1)).toMatch(/missed|exhausted/);
    await expectClean();
    await show(page, `${url}/customer?id=solo`);
    expect((await states()).slice(0, -1).every((state) => state === 'before')).toBe(true);
    expect(await page.locator('tr[data-day]').count()).toBe(1);
    await expectClean();
  });

  it('keeps odd ids as text on every view, and within its width on 360 pixels', async () => {
    const customers = IDS.map((id) => ({ id, requestsPerDay: 3 }));
    const line = `2024-10-02 05:10:46 ${MARKUP} /api/${MARKUP} 200 0.1\n`;
    const url = await site('odd', `${log(2, ...customers)}${line}${MARKUP}\n`);
    await page.setViewportSize({ width: 360, height: 740 });
    const expectText = async (view: string): Promise<void> => {
      await show(page, url + view);
      expect([view, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([view, 360]);
      expect(await page.locator('main :is(img, script, b)').count()).toBe(0);
      expect(tab.faults).toEqual([]);
    };
    for (const id of IDS) {
      const name = encodeURIComponent(id);
      await expectText(`/customer?id=${name}`);
      expect(await page.locator('h1').textContent()).toBe(id);
      await expectText(`/day?id=${name}&date=${UNTIL}`);
      expect(await main().textContent()).toContain(id);
    }
    for (const view of ['/', '/endpoints', '/sources', `/day?date=${UNTIL}`]) await expectText(view);
    expect(await page.locator('h2', { hasText: 'Logs behind this day' }).count()).toBe(1);
    expect(await main().textContent()).toContain('api <b>1.log');
    await show(page, `${url}/endpoints`);
    expect(await main().textContent()).toContain(`/api/${MARKUP}`);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('says which numbers are switched off, and shows all others', async () => {
    const off = { HOURS: 'off', ENDPOINTS: 'off', ALL_CUSTOMERS: 'off' };
    const url = await site(
      'off',
      log(3, { id: 'acme', requestsPerDay: 300 }, { id: 'globex', requestsPerDay: 200 }),
      off,
    );
    await show(page, url);
    expect(await main().textContent()).toContain('All customers together are not known');
    expect(await page.locator('tr[data-customer]').count()).toBe(2);
    await expectClean();
    await show(page, `${url}/customer?id=acme`);
    const text = await main().textContent();
    expect(text).toContain('Hours are not kept');
    expect(text).toContain('while ENDPOINTS was off');
    expect(text).toContain('All customers together are not known');
    expect(await page.locator('tr[data-day]').count()).toBe(3);
    await expectClean();
    await show(page, `${url}/day?id=acme&date=${UNTIL}`);
    expect(await main().textContent()).toContain('Hours are not kept');
    expect(await figure('Requests')).toMatch(/^\d+$/);
    await expectClean();
    await show(page, `${url}/endpoints`);
    expect(await main().textContent()).toMatch(/not known|ENDPOINTS was off/);
    await expectClean();
  });

  it('shows the hours that are kept where older ones are not, and says which', async () => {
    const lines = log(40, { id: 'acme', requestsPerDay: 40 });
    const url = await site('old', lines, { HOURS_RETENTION_DAYS: '12' });
    await show(page, `${url}/customer?id=acme&range=30d`);
    const week = page.locator('[aria-labelledby=week]');
    expect(await week.locator('.head').textContent()).toMatch(
      /Sep 26 – Oct 2, 2024; hours before are not shown/,
    );
    expect(await week.locator('.cell:not(.none)').count()).toBeGreaterThan(20);
    await show(page, `${url}/day?id=acme&date=2024-09-02`);
    expect(await main().textContent()).toContain('Hours are not kept');
    expect(await figure('Requests')).toMatch(/^\d+$/);
  });

  it('tells the hours that are not read yet from those without requests', async () => {
    const lines = `2024-10-02 05:10:46 acme /x 200 0.1\n2024-10-02 08:10:46 acme /x 200 0.1\n`;
    const url = await site('hours', lines);
    await show(page, `${url}/day?id=acme&date=${UNTIL}`);
    const states = await page
      .locator('ul[aria-label^=Hours] .cell')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-state')));
    expect(states.map((state) => state?.[0]).join('')).toBe(`nnnnnfnnf${'u'.repeat(15)}`);
  });

  it('keeps its numbers while the database is away, says so, and shows new ones when it is back', async () => {
    const database = await createDatabase();
    const proxy = await startProxy(database.url);
    const logs = join(folder, 'away logs');
    mkdirSync(logs);
    writeFileSync(join(logs, 'api.log'), log(20, { id: 'acme', requestsPerDay: 50 }));
    expect(await run(['ingest', logs], { env: { DATABASE_URL: database.url } })).toMatchObject({ code: 0 });
    const url = await serving({ DATABASE_URL: proxy.url });
    await show(page, url);
    const before = await figure('Requests');
    const range = await page.locator('.top').textContent();
    await proxy.refuse(true);
    await page.getByRole('link', { name: '7 days', exact: true }).click();
    await page.getByText('The database does not answer').first().waitFor();
    expect(await figure('Requests')).toBe(before);
    // They stand under the range that they are of, and the page tells once of the outage.
    expect(range).toContain('Sep 3 – Oct 2, 2024');
    await eventually(() => page.locator('.top').textContent()).toContain('Sep 3 – Oct 2, 2024');
    expect(await page.getByText('The database does not answer').count()).toBe(1);
    expect(await page.locator('tr[data-customer]').count()).toBe(1);
    await expectClean();
    await proxy.refuse(false);
    await eventually(() => page.getByText('The database does not answer').count()).toBe(0);
    await settled(page);
    const answer = await fetch(`${url}/v1/summary?from=2024-09-26&to=${UNTIL}`);
    const { requests } = (await answer.json()) as { requests: number };
    expect(await figure('Requests')).toBe(requests.toLocaleString('en-US'));
    await page.goto('about:blank');
    running.at(-1)?.process.kill('SIGKILL');
    await proxy.close();
    await database.drop();
  });

  it('waits for the first lines while the file of the store is locked, and shows them when it is not', async () => {
    const logs = join(folder, 'locked logs');
    mkdirSync(logs);
    const env = { DATA_DIR: join(folder, 'locked'), LOGS_SOURCE_DIR: logs };
    const url = await serving(env, 'up');
    const other = new DatabaseSync(join(env.DATA_DIR, 'daymark.db'));
    other.exec('begin immediate');
    writeFileSync(join(logs, 'api.log'), log(2, { id: 'acme', requestsPerDay: 200 }));
    await show(page, url);
    expect(await page.locator('h1').textContent()).toBe('No request has been read yet');
    expect(await main().textContent()).toContain('no line of it is in the store yet');
    await expectClean();
    // The thread that reads waits for the lock, so the server cannot tell how much there is. One with a long log can.
    await page.route('**/v1/status', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), bytes_behind: 12_400_000 } });
    });
    await show(page, url);
    expect(await main().textContent()).toContain('12.4 MB of the logs are not in the store yet');
    // One may be under way.
    await page.unrouteAll({ behavior: 'wait' });
    other.exec('rollback');
    other.close();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await settled(page);
    expect(await page.locator('tr[data-customer]').count()).toBe(1);
  });
});
