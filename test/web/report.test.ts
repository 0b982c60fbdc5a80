/** A month of a customer on one page, as it is printed. */

import { execFileSync } from 'node:child_process';
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
import { pageLog } from '../support/page-log.ts';
import { pathOf } from '../support/products/product.ts';
import { SEED } from '../support/property.ts';

const UNTIL = '2024-10-31';
const LONG = `long-${'ä'.repeat(125)}`;
const CUSTOMERS = [
  { id: 'acme', requestsPerDay: 160, incidents: { 4: 0.5, 9: 0.02, 20: 0.03 } },
  { id: LONG, requestsPerDay: 110 },
  { id: 'new/one', requestsPerDay: 3, days: 9 },
];
const MONTH = 'from=2024-10-01&to=2024-10-31';
const PDFTOTEXT = pathOf('pdftotext');
const FORMATS = ['A4', 'Letter'] as const;

interface Row {
  readonly [name: string]: unknown;
}

describe.skipIf(whyNoBrowser !== undefined)('the report of a month', () => {
  let folder: string;
  let browser: Browser;
  let tab: Tab;
  let page: Page;
  let server: RunningCli;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-report-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    // Fourteen endpoints with long names, and as many statuses, fail most: they are all that there is room for.
    const odd = Array.from({ length: 14 }, (_, i) =>
      `2024-10-15 12:00:0${i % 10} ID /api/v1/a-long-name-of-a-resource-${'x'.repeat(10 + i)}/search-${i} ${500 + i} 0.2\n`.repeat(
        3 + i,
      ),
    ).join('');
    const days = [...pageLog({ until: UNTIL, days: 45, customers: CUSTOMERS, seed: SEED })];
    writeFileSync(
      join(logs, 'api.log'),
      days.join('') + odd.replaceAll('ID', 'acme') + odd.replaceAll('ID', LONG),
    );
    const env = { DATA_DIR: join(folder, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0' };
    const launched = launch();
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    server = start(['serve'], { env: { ...env, IGNORED_STATUSES: '501' } });
    url = await servedUrl(server);
    browser = await launched;
    tab = await openTab(browser);
    page = tab.page;
  });

  afterAll(async () => {
    await browser?.close();
    server?.process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const addressOf = (id: string, month = '2024-10') =>
    `${url}/report?id=${encodeURIComponent(id)}&month=${month}`;
  const ask = async (path: string) => (await fetch(url + path)).json() as Promise<never>;
  const count = (value: unknown): string => Number(value).toLocaleString('en-US');
  const requestsOf = (day: Row): number => Number(day.success_requests) + Number(day.failed_requests);

  async function pdfOf(format: (typeof FORMATS)[number]): Promise<Buffer> {
    return page.pdf({ format, preferCSSPageSize: false });
  }
  /** Chromium writes each page as an object of its own. */
  const pagesOf = (pdf: Buffer): number =>
    pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;

  it.each(['acme', LONG, 'new/one'])('is one page, A4 and Letter: %s', async (id) => {
    await show(page, addressOf(id));
    for (const format of FORMATS) expect([format, pagesOf(await pdfOf(format))]).toEqual([format, 1]);
  });

  it('has the numbers of the API: totals, days, endpoints and statuses', async () => {
    await show(page, addressOf('acme'));
    const summary = (await ask(`/v1/summary?customer_id=acme&${MONTH}`)) as Row;
    const days = (await ask(`/stats?customer_id=acme&${MONTH}`)) as Row[];
    const { endpoints } = (await ask(
      `/v1/endpoints?customer_id=acme&${MONTH}&sort=error_requests&limit=10`,
    )) as {
      endpoints: Row[];
    };
    const text = async (place: string) => ((await page.locator(place).textContent()) ?? '').trim();
    expect(await text('[data-figure=Requests] .value')).toBe(count(summary.requests));
    expect(await text('[data-figure="Failed requests"] .value')).toBe(count(summary.error_requests));
    expect(days).toHaveLength(31);
    for (const day of days) {
      const row = `tr[data-day="${day.date}"]`;
      expect([
        day.date,
        await text(`${row} [data-column=failed]`),
        await text(`${row} [data-column=requests]`),
      ]).toEqual([...[day.date, count(day.error_requests), count(requestsOf(day))]]);
    }
    expect(endpoints).toHaveLength(10);
    for (const [i, row] of endpoints.entries())
      expect(await text(`tr[data-endpoint] >> nth=${i} >> [data-column=failed]`)).toBe(
        count(row.error_requests),
      );
    const statuses = await page.locator('tr[data-status] td:nth-of-type(2)').allTextContents();
    const sum = statuses.reduce((all, one) => all + Number(one.replaceAll(',', '')), 0);
    expect([statuses.length, sum]).toEqual([10, summary.requests]);
    expect(await text('[data-foot=states]')).toBe(
      '31 days with requests: 31 open, which may still change. Days are days of UTC.',
    );
    expect(await text('[data-foot=time]')).toMatch(/^Data as of .*\d{4}, \d+:\d+ [AP]M UTC/);
    expect(await text('footer')).toMatch(/Failed: no response, 500-599\. Not counted: 501\./);
  });

  it.skipIf(PDFTOTEXT === undefined)('prints what is on the screen, and nothing to click', async () => {
    await show(page, addressOf('acme'));
    const file = join(folder, 'report.pdf');
    writeFileSync(file, await pdfOf('A4'));
    const printed = execFileSync(PDFTOTEXT ?? '', ['-layout', file, '-'], { encoding: 'utf8' });
    for (const day of (await ask(`/stats?customer_id=acme&${MONTH}`)) as Row[]) {
      const line = printed
        .split('\n')
        .find((one) => one.includes(`Oct ${Number(String(day.date).slice(8))}, 2024 `) && /open/i.test(one));
      expect([day.date, line]).toEqual([day.date, expect.stringContaining(count(requestsOf(day)))]);
    }
    expect(printed).toMatch(/acme[\s\S]*October 2024[\s\S]*31 days with requests[\s\S]*Data as of/);
    expect(printed).not.toMatch(/Month before|Print|Overview|Live/);
  });

  it('tells states apart without a colour', async () => {
    await show(page, addressOf('acme'));
    await page.emulateMedia({ media: 'print' });
    const looks = (await evaluate(
      page,
      `Array.from(document.querySelectorAll('[aria-label="Days of the month"] .cell'), (cell) => {
        const { backgroundImage, height, borderStyle } = getComputedStyle(cell.firstElementChild);
        return [cell.dataset.state, [backgroundImage === 'none' ? 'plain' : 'pattern', height, borderStyle].join(' ')];
      })`,
    )) as [string, string][];
    await page.emulateMedia({ media: null });
    const byState = new Map(looks);
    expect(looks).toHaveLength(31);
    expect([...byState.keys()].sort()).toEqual(['exhausted', 'few', 'met', 'missed']);
    expect(new Set(byState.values()).size).toBe(4);
  });

  it('is reached from the page of the customer, goes through the months, and prints by a button', async () => {
    await show(page, `${url}/customer?id=acme&${MONTH}`);
    await page.getByRole('link', { name: 'Print' }).click();
    await settled(page);
    expect(page.url()).toBe(addressOf('acme'));
    await evaluate(page, 'window.print = () => { window.prints = (window.prints ?? 0) + 1 }');
    await page.getByRole('button', { name: 'Print' }).click();
    expect(await evaluate(page, 'window.prints')).toBe(1);
    await page.getByRole('link', { name: 'Month before' }).click();
    await page.getByText('September 2024').first().waitFor();
    await settled(page);
    expect([page.url(), await page.locator('tr[data-day]').count()]).toEqual([
      addressOf('acme', '2024-09'),
      14,
    ]);
    await show(page, `${url}/report?id=acme`);
    expect(await page.locator('.month').textContent()).toBe('October 2024');
  });

  it('breaks no rule of accessibility, light and dark, and fits 360 pixels', async () => {
    for (const id of ['acme', LONG]) {
      await page.emulateMedia({ colorScheme: 'light' });
      await show(page, addressOf(id));
      const violations = await violationsOf(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      violations.push(...(await violationsOf(page, ['color-contrast'])));
      expect({ id, violations }).toEqual({ id, violations: [] });
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await show(page, addressOf(LONG));
    expect(await evaluate(page, 'document.documentElement.scrollWidth')).toBe(360);
    expect(tab.faults).toEqual([]);
  });
});
