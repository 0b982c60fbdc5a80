/** What audits of pages look at (Lighthouse's, of speed, accessibility, good practice and search), but for times. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Response } from 'playwright-core';
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
import { SEED } from '../support/property.ts';

const UNTIL = '2024-10-02';
const VIEWS = [
  '/',
  '/?range=day',
  '/customer?id=acme',
  `/day?id=acme&date=${UNTIL}`,
  '/endpoints',
  '/sources',
];
/** An answer of fewer bytes fits into one packet. */
const ONE_PACKET_BYTES = 1400;

describe.skipIf(whyNoBrowser !== undefined)('audits of the page', () => {
  let folder: string;
  let browser: Browser;
  let tab: Tab;
  let page: Page;
  let server: RunningCli;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-audit-'));
    const customers = [
      { id: 'acme', requestsPerDay: 1600, incidents: { 1: 0.05 } },
      ...Array.from({ length: 40 }, (_, i) => ({ id: `customer-${i}`, requestsPerDay: 3 })),
    ];
    const file = join(folder, 'api.log');
    writeFileSync(file, [...pageLog({ until: UNTIL, days: 12, customers, seed: SEED })].join(''));
    const env = { DATA_DIR: join(folder, 'data') };
    const launched = launch();
    expect(await run(['ingest', file], { env })).toMatchObject({ code: 0 });
    server = start(['serve', '--port', '0'], { env });
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

  it('loads nothing uncompressed, and nothing from elsewhere', async () => {
    const fresh = await openTab(browser);
    const answers: Response[] = [];
    fresh.page.on('response', (answer) => answers.push(answer));
    for (const view of VIEWS) await show(fresh.page, url + view);
    for (const answer of answers) {
      const [headers, path] = [answer.headers(), answer.url().slice(url.length)];
      expect([answer.url(), answer.url().startsWith(url)]).toEqual([answer.url(), true]);
      expect([path, answer.status()]).toEqual([path, 200]);
      const isLong = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) > ONE_PACKET_BYTES;
      if (isLong && !headers['content-type']?.startsWith('text/event-stream'))
        expect([path, headers['content-encoding']]).toEqual([
          path,
          expect.stringMatching(/^(br|gzip|zstd)$/),
        ]);
      if (path.startsWith('/assets/'))
        expect([path, headers['cache-control']]).toEqual([path, 'public, max-age=31536000, immutable']);
    }
    expect(answers.length).toBeGreaterThan(20);
    expect(fresh.faults).toEqual([]);
    await fresh.page.context().close();
  });

  it('tells browsers and search engines what each view is', async () => {
    const titles = new Set<string>();
    for (const view of VIEWS) {
      await show(page, url + view);
      titles.add(await page.title());
      expect(await page.locator('h1').count()).toBe(1);
    }
    // The range of a view is not in its title.
    expect(titles.size).toBe(VIEWS.length - 1);
    const html = await (await fetch(url)).text();
    expect(html).toMatch(/^<!doctype html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8">/);
    expect(html).toMatch(/<meta name="viewport" content="width=device-width, initial-scale=1">/);
    expect(html).toMatch(/<meta name="description" content="[^"]{20,160}">/);
    expect(html).toMatch(/<noscript>/);
  });

  it('has controls that a finger hits, and breaks no rule of accessibility, on 360 pixels', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const view of VIEWS) {
      await show(page, url + view);
      const small = await evaluate(
        page,
        `[...document.querySelectorAll('button, summary, input, select, .button, nav a, header a, thead a')]
          .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
          .map(([text, box]) => text + ' ' + box.width + ' x ' + box.height)`,
      );
      expect([view, small]).toEqual([view, []]);
      expect([view, await violationsOf(page)]).toEqual([view, []]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('shifts nothing that is in sight while answers come', async () => {
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 1280, height: 800 },
    ]) {
      const fresh = await openTab(browser, { viewport });
      await fresh.page.addInitScript(`
        window.shifts = [];
        new PerformanceObserver((list) => list.getEntries().forEach(({ value, sources }) =>
          shifts.push([value, ...sources.map(({ node }) => node && (node.outerHTML ?? node.parentElement?.outerHTML)?.slice(0, 160))])),
        ).observe({ type: 'layout-shift', buffered: true })`);
      for (const view of VIEWS) {
        await show(fresh.page, url + view);
        const shifts = (await evaluate(fresh.page, 'shifts')) as [number, ...string[]][];
        const sum = shifts.reduce((all, [value]) => all + value, 0);
        expect({ viewport, view, shifts: sum < 0.1 ? [] : shifts }).toEqual({ viewport, view, shifts: [] });
      }
      await fresh.page.context().close();
    }
  });

  it('uses the width of large screens for larger text, and not for longer lines', async () => {
    await page.setViewportSize({ width: 3840, height: 2160 });
    for (const view of VIEWS) {
      await show(page, url + view);
      expect(await evaluate(page, 'document.documentElement.scrollWidth')).toBe(3840);
      expect(
        await evaluate(page, 'parseFloat(getComputedStyle(document.documentElement).fontSize)'),
      ).toBeGreaterThan(18);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('writes numbers and dates as the language of the reader does, and times with their zone', async () => {
    const german = await openTab(browser, { locale: 'de-DE', timezoneId: 'Europe/Berlin' });
    await show(german.page, `${url}/?from=2024-09-21&to=2024-10-02`);
    const answer = await fetch(`${url}/v1/summary?from=2024-09-21&to=2024-10-02`);
    const { requests } = (await answer.json()) as { requests: number };
    const text = async () => (await german.page.locator('main').textContent()) ?? '';
    expect(await german.page.locator('[data-figure=Requests] .value').textContent()).toBe(
      requests.toLocaleString('de-DE'),
    );
    expect(await text()).toMatch(/21\.09\.\s?–\s?02\.10\.2024/);
    await show(german.page, `${url}/sources`);
    expect(await text()).toMatch(/2\. Okt\. 2024, \d\d:\d\d UTC/);
    await german.page.context().close();
  });

  it('keeps the old numbers until new ones are there, and turns nothing meanwhile', async () => {
    await show(page, url);
    const rows = await page.locator('tr[data-customer]').count();
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/v1/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('link', { name: '7 days', exact: true }).click();
    await page.locator('.stale').first().waitFor();
    expect(await page.locator('tr[data-customer]').count()).toBe(rows);
    expect(await page.locator('.skeleton, progress, [role=progressbar]').count()).toBe(0);
    answer();
    await settled(page);
    await page.unroute('**/v1/**');
  });
});
