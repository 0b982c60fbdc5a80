/** Who is new, silent, hit by an endpoint: the views of the page, held to the API on random data. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { SEED } from '../support/property.ts';
import { randomNumbers } from '../support/random-log.ts';

const DAYS = 40;
const UNTIL_MS = Date.UTC(2024, 9, 2);
const DAY_MS = 86_400_000;
const MARKUP = '<img/src=x/onerror=alert(1)>';
const PATHS = ['/orders', '/orders/search', '/export', `/${MARKUP}`];
const RANGE = 'from=2024-09-03&to=2024-10-02';

/** Customers who come and go: each sends for a random stretch of the days, and fails at a random rate. */
function* lines(seed: number): Generator<string> {
  const random = randomNumbers(seed);
  const customers = Array.from({ length: 40 }, (_, i) => ({
    id: i === 0 ? 'acme' : i === 1 ? MARKUP : `cust_${i}`,
    first: i < 2 ? 0 : Math.floor(random() ** 2 * DAYS),
    last: i < 2 ? DAYS : Math.floor((1 - random() ** 2) * DAYS),
    perDay: i < 2 ? 150 : Math.ceil(random() * 12),
    failing: random() < 0.3 ? 0.2 : 0.002,
  }));
  for (let day = 0; day < DAYS; day++)
    for (const { id, first, last, perDay, failing } of customers)
      for (let i = 0; i < perDay && day >= first && day <= last; i++) {
        const instant = new Date(UNTIL_MS - (DAYS - 1 - day) * DAY_MS + Math.floor(random() * DAY_MS));
        const status = random() < failing ? 503 : random() < 0.1 ? 400 : 200;
        const path = PATHS[Math.floor(random() ** 2 * PATHS.length)];
        const time = instant.toISOString().slice(0, 19).replace('T', ' ');
        yield `${time} ${id} ${path} ${status} ${(random() * 2).toFixed(3)}\n`;
      }
}

interface Row {
  readonly [name: string]: unknown;
}

const count = (value: unknown): string => Number(value).toLocaleString('en-US');

describe.skipIf(whyNoBrowser !== undefined)('who it is about', () => {
  let folder: string;
  let browser: Browser;
  let tab: Tab;
  let page: Page;
  let url: string;
  const running: RunningCli[] = [];

  async function serving(name: string, env: Record<string, string> = {}): Promise<string> {
    const CUSTOMERS_FILE = join(folder, 'customers.json');
    const all = { DATA_DIR: join(folder, name), CUSTOMERS_FILE, ...env };
    const server = start(['serve', '--port', '0'], { env: all });
    running.push(server);
    return servedUrl(server);
  }

  const askOf = async (base: string, path: string) => (await fetch(base + path)).json() as Promise<never>;
  const ask = (path: string) => askOf(url, path);
  const open = (path: string) => show(page, url + path);

  const texts = (row: string, names: readonly string[]) =>
    Promise.all(
      names.map(async (name) =>
        ((await page.locator(`${row} [data-column=${name}]`).textContent()) ?? '')
          .replace(/\s+/g, ' ')
          .trim(),
      ),
    );
  const attributes = (selector: string, name: string) =>
    page.locator(selector).evaluateAll((all, of) => all.map((one) => one.getAttribute(of)), name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-who-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    writeFileSync(join(logs, 'api.log'), `${[...lines(SEED)].join('')}2024-13-02 05:10:46 acme /x 200 0.1\n`);
    const table = [{ id: 'acme', name: 'Acme & Sons', aliases: ['key-1', `${MARKUP}2`] }];
    writeFileSync(join(folder, 'customers.json'), JSON.stringify(table));
    const launched = launch();
    for (const [name, env] of [
      ['data', {}],
      ['without', { HOURS: 'off', ENDPOINTS: 'off' }],
    ] as const)
      expect(
        await run(['ingest'], { env: { DATA_DIR: join(folder, name), LOGS_SOURCE_DIR: logs, ...env } }),
      ).toMatchObject({ code: 0 });
    url = await serving('data');
    browser = await launched;
    tab = await openTab(browser, {}, /status of (403|404|422)/);
    page = tab.page;
  });

  afterAll(async () => {
    await browser?.close();
    for (const { process } of running) process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const movers = (id: string) => `[aria-labelledby=${id}] [data-mover]`;

  async function assertMovers(id: string, query: string, date: string): Promise<Row[]> {
    const kind = id === 'new' ? 'new-customers' : 'silent-customers';
    const answer = (await ask(`/v1/${kind}?${query}&limit=5`)) as {
      customers: Row[];
      customer_count: number;
    };
    expect(await attributes(movers(id), 'data-mover')).toEqual(
      answer.customers.map((row) => row.customer_id),
    );
    for (const [i, row] of answer.customers.entries()) {
      const day = new Date(String(row[date])).toLocaleDateString('en-US', {
        ...{ timeZone: 'UTC', dateStyle: 'medium' },
      });
      expect(await texts(`${movers(id)} >> nth=${i} >>`, ['date', 'requests', 'failed'])).toEqual([
        ...[day, count(row.requests), count(row.error_requests)],
      ]);
    }
    expect(await page.locator(`[aria-labelledby=${id}]`).getAttribute('data-count')).toBe(
      String(answer.customer_count),
    );
    return answer.customers;
  }

  it('shows the new and the silent customers of the API, with addresses for their pages', async () => {
    await open('/');
    expect((await assertMovers('new', RANGE, 'first_date')).length).toBe(5);
    expect((await assertMovers('silent', RANGE, 'last_date')).length).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Silent for a week' }).click();
    await settled(page);
    const quiet = 'from=2024-09-26&to=2024-10-02&since=2024-09-03';
    expect((await assertMovers('silent', quiet, 'last_date')).length).toBe(5);
    const first = await attributes(movers('new'), 'data-mover');
    await page.getByRole('navigation', { name: 'Pages of: New customers' }).getByText('Next page').click();
    await settled(page);
    const second = await attributes(movers('new'), 'data-mover');
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
    await page.reload();
    await settled(page);
    expect(await attributes(movers('new'), 'data-mover')).toEqual(second);
    await assertMovers('silent', quiet, 'last_date');
  });

  it('has the strips of a page of customers in the answer with the customers', async () => {
    const asked: string[] = [];
    const note = (request: { url(): string }) => asked.push(request.url());
    page.on('request', note);
    await open('/?sort=requests');
    page.off('request', note);
    const { customers } = (await ask(`/v1/customers?${RANGE}&sort=requests&limit=25&strip_days=30`)) as {
      customers: (Row & { days: Row[] })[];
    };
    // A commit or a new connection may ask for the list again.
    expect(asked.filter((one) => /\/v1\/customers\?/.test(one) && !one.includes('strip_days=30'))).toEqual(
      [],
    );
    expect(asked.filter((one) => /customer_id=/.test(one))).toEqual([]);
    for (const [i, row] of customers.entries()) {
      const strip = `tr[data-customer] >> nth=${i} >> .cell`;
      const labels = await attributes(strip, 'aria-label');
      expect(labels).toHaveLength(30);
      const amounts = row.days.map(
        (day) => `${count(day.error_requests)} of ${count(day.counted_requests)} failed`,
      );
      expect(
        labels
          .filter((label) => label?.includes(' failed'))
          .map((label) => /\d[\d,]* of [\d,]+ failed/.exec(label ?? '')?.[0]),
      ).toEqual(amounts);
    }
  });

  it('sorts endpoints as the API does, those of everybody and those of a customer', async () => {
    for (const [view, query] of [
      ['/endpoints', ''],
      ['/customer?id=acme', '&customer_id=acme'],
    ] as const) {
      await open(view);
      for (const [name, sort, order] of [
        ['', 'error_requests', 'desc'],
        ['p99', 'duration_p99', 'desc'],
        ['p99', 'duration_p99', 'asc'],
        ['Endpoint', 'endpoint', 'asc'],
      ] as const) {
        const head = page.locator('[aria-labelledby=endpoints] thead');
        if (name !== '') await head.getByRole('link', { name }).click();
        await settled(page);
        const path = `/v1/endpoints?${RANGE}&sort=${sort}&order=${order}${query}`;
        const { endpoints } = (await ask(path)) as { endpoints: Row[] };
        expect([view, sort, await attributes('tr[data-endpoint]', 'data-endpoint')]).toEqual([
          ...[view, sort, endpoints.map(({ endpoint }) => endpoint)],
        ]);
      }
    }
    expect(await page.locator('main img').count()).toBe(0);
  });

  it('leads from an endpoint to who is hit by it, worst first, whatever stands in its path', async () => {
    const { endpoints } = (await ask(`/v1/endpoints?${RANGE}&sort=endpoint`)) as { endpoints: Row[] };
    const marked = endpoints.filter(({ endpoint }) => String(endpoint).includes('img'));
    expect(marked).toHaveLength(1);
    for (const { endpoint } of [endpoints[0] as Row, ...marked]) {
      await open('/endpoints');
      await page.locator('tr[data-endpoint]').getByText(String(endpoint), { exact: true }).click();
      await settled(page);
      expect(await page.locator('h1').textContent()).toBe(endpoint);
      const of = `endpoint=${encodeURIComponent(String(endpoint))}&${RANGE}`;
      const path = `/v1/customers?${of}&sort=error_requests&limit=25`;
      const { customers } = (await ask(path)) as { customers: Row[] };
      expect(customers.length).toBeGreaterThan(5);
      expect(await attributes('tr[data-customer]', 'data-customer')).toEqual(
        customers.map((row) => row.customer_id),
      );
      for (const [i, row] of customers.entries())
        expect(await texts(`tr[data-customer] >> nth=${i} >>`, ['failed', 'requests'])).toEqual([
          ...[count(row.error_requests), count(row.requests)],
        ]);
      const summary = (await ask(`/v1/summary?${of}`)) as Row;
      expect(await page.locator('[data-figure=Requests] .value').textContent()).toBe(count(summary.requests));
      const days = (await ask(`/v1/stats?${of}&fill=true`)) as Row[];
      const chart = page.locator('figure', { hasText: 'Requests by outcome' });
      await chart.locator('summary').click();
      expect(await chart.locator('tbody tr td:nth-child(2)').allTextContents()).toEqual(
        days.map((day) => count(day.error_requests)),
      );
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('columnheader', { name: 'Requests' }).getByRole('link').click();
      await settled(page);
      const shown = await attributes('tr[data-customer]', 'data-customer');
      await page.reload();
      await settled(page);
      expect(await attributes('tr[data-customer]', 'data-customer')).toEqual(shown);
    }
    expect(await page.locator('main img').count()).toBe(0);
    expect(tab.faults).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await evaluate(page, 'document.documentElement.scrollWidth')).toBe(360);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('tells the name and the aliases of a customer, also to its own key', async () => {
    await open('/customer?id=key-1');
    expect(await page.locator('h1').textContent()).toBe('Acme & Sons');
    await page.getByText('2 aliases').click();
    expect(await page.getByRole('list', { name: 'Aliases' }).locator('li').allTextContents()).toEqual([
      ...['key-1', `${MARKUP}2`],
    ]);
    expect(await violationsOf(page)).toEqual([]);
    const env = { DATA_DIR: join(folder, 'data') };
    const { stdout: key } = await run(['keys', 'create', '--customer', 'acme'], { env });
    const guarded = await serving('data', { AUTH: 'keys' });
    const headers = { authorization: `Bearer ${key.trim()}` };
    const own = await fetch(`${guarded}/v1/customers/acme`, { headers });
    expect(await own.json()).toMatchObject({ customer_name: 'Acme & Sons', alias_count: 2 });
    expect((await fetch(`${guarded}/v1/customers/cust_3`, { headers })).status).toBe(404);
  });

  it('shows the last 24 hours by hour, and says where they are not kept', async () => {
    const status = (await ask('/v1/status')) as { last_event: string };
    const toMs = Math.floor(Date.parse(status.last_event) / 900_000) * 900_000;
    const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
    const hours = `from_hour=${text(toMs - DAY_MS + 1000)}&to_hour=${text(toMs)}`;
    for (const [view, of] of [
      ['/?range=day', ''],
      ['/customer?id=acme&range=day', '&customer_id=acme'],
    ] as const) {
      await open(view);
      const summary = (await ask(`/v1/hours-summary?${hours}${of}`)) as Row & { preceding: Row };
      expect(Number(summary.requests)).toBeGreaterThan(100);
      const figure = (name: string) => page.locator(`[data-figure="${name}"] .value`).textContent();
      expect([await figure('Requests'), await figure('Failed requests')]).toEqual([
        ...[count(summary.requests), count(summary.error_requests)],
      ]);
      const rows = (await ask(
        `/v1/stats?from=2024-10-01&to=2024-10-02&granularity=hour&fill=true${of}`,
      )) as Row[];
      const chart = page.locator('figure', { hasText: 'Requests by outcome' });
      await chart.locator('summary').click();
      const shown = rows.filter(
        ({ span }) => String(span) > text(toMs - DAY_MS) && String(span) <= text(toMs),
      );
      expect(shown).toHaveLength(24);
      expect(await chart.locator('tbody tr td:nth-child(2)').allTextContents()).toEqual(
        shown.map((row) => count(row.error_requests)),
      );
      expect(await page.locator('main').textContent()).toContain('24 hours up to');
    }
    // What is offered to copy gives the numbers that are shown.
    const copied = await page.locator('[aria-labelledby=take] code').first().textContent();
    const [, address = ''] = /'(http[^']+)'/.exec(copied ?? '') ?? [];
    expect(((await (await fetch(address)).json()) as Row).requests).toBe(
      ((await ask(`/v1/hours-summary?${hours}&customer_id=acme`)) as Row).requests,
    );
    const beside = page.locator('[aria-labelledby=beside] tbody tr');
    const all = (await ask(`/v1/hours-summary?${hours}`)) as Row;
    const percent = Math.floor(Number(all.success_percentage) * 100 + 1e-6) / 100;
    expect(await beside.nth(1).locator('td').nth(1).textContent()).toBe(`${percent.toFixed(2)}%`);

    const other = await serving('without');
    await show(page, `${other}/?range=day`);
    expect(await page.locator('main').textContent()).toContain('The hours of these days are not known');
    const days = (await askOf(other, '/v1/summary?from=2024-10-01&to=2024-10-02')) as Row;
    expect(await page.locator('[data-figure=Requests] .value').textContent()).toBe(count(days.requests));
    await show(page, `${other}/endpoints`);
    expect(await page.locator('main').textContent()).toContain('while ENDPOINTS was off');
    await show(page, `${other}/day?date=2024-10-01`);
    expect(await page.locator('main').textContent()).toContain('Hours are not kept for all of these days');
  });

  it('has the hours of the week, and everybody beside the customer, as the API adds them up', async () => {
    await open('/customer?id=acme');
    const hours = (await ask(`/v1/stats?customer_id=acme&${RANGE}&granularity=hour`)) as Row[];
    const sums = Array.from({ length: 7 * 24 }, () => ({ failed: 0, counted: 0 }));
    for (const row of hours) {
      const instant = new Date(String(row.span));
      const sum = sums[((instant.getUTCDay() + 6) % 7) * 24 + instant.getUTCHours()];
      if (!sum) throw new Error('no such hour');
      sum.failed += Number(row.error_requests);
      sum.counted += Number(row.counted_requests);
    }
    const labels = await attributes('[aria-labelledby=week] .cell', 'aria-label');
    expect(labels.map((label) => /[\d,]+ of [\d,]+ failed/.exec(label ?? '')?.[0])).toEqual(
      sums.map(({ failed, counted }) => `${count(failed)} of ${count(counted)} failed`),
    );
    expect([labels[0]?.slice(0, 9), labels[167]?.slice(0, 9)]).toEqual(['Mon 00:00', 'Sun 23:00']);
    const summary = (await ask(`/v1/summary?customer_id=acme&${RANGE}`)) as Row & { everyone: Row };
    const down = (value: unknown) => `${(Math.floor(Number(value) * 100 + 1e-6) / 100).toFixed(2)}%`;
    const cells = page.locator('[aria-labelledby=beside] tbody tr').first().locator('td');
    expect(await cells.allTextContents()).toEqual([
      ...[down(summary.availability_percentage), down(summary.everyone.availability_percentage)],
    ]);
  });

  it('gives the request and the command that have the same numbers', async () => {
    await open('/customer?id=acme&from=2024-09-20&to=2024-10-02');
    const [request = '', command = ''] = await page.locator('[aria-labelledby=take] code').allTextContents();
    const summary = (await ask('/v1/customers/acme/summary?from=2024-09-20&to=2024-10-02')) as Row;
    expect(await (await fetch(/'(.*)'/.exec(request)?.[1] ?? '')).json()).toEqual(summary);
    const args = command.split(' ').slice(3);
    expect(command.split(' ').slice(0, 3)).toEqual(['npx', '--no-install', 'daymark']);
    const { stdout } = await run(args, { env: { DATA_DIR: join(folder, 'data') } });
    expect(stdout).toMatch(new RegExp(`requests +${count(summary.requests)} `));
  });

  it('tells what was changed of a day after it was final, why, and from which log', async () => {
    const logs = join(folder, 'late');
    mkdirSync(logs);
    const env = {
      DATA_DIR: join(folder, 'late-data'),
      LOGS_SOURCE_DIR: logs,
      WAIT_FOR_SYSTEM_DURATION: 'PT1H',
    };
    const line = (time: string, status: number) => `${time} acme /orders ${status} 0.100\n`;
    writeFileSync(join(logs, '1.log'), line('2024-09-20 05:00:00', 200) + line('2024-10-02 05:00:00', 200));
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    writeFileSync(join(logs, '2.log'), line('2024-09-20 06:00:00', 503));
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    await show(page, `${await serving('late-data')}/customer?id=acme`);
    const state = page.locator('tr[data-day="2024-09-20"] [data-column=state]');
    await state.getByText('Revised').click();
    expect(await state.textContent()).toMatch(
      /late lines: 1 request, 0 failed → 2 requests, 1 failed, from .*2\.log/,
    );
  });

  it('says what to do about each rejected line', async () => {
    await open('/sources');
    const rejected = page.locator('[data-rejected] td').first();
    expect(await rejected.textContent()).toMatch(/invalid timestamp.*LOG_FORMAT/);
  });
});
