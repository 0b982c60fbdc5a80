/** Links, frames and badges in a browser, on a real server, with the page of a portal on another one. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badgeOf, badgeSvg } from '../../src/api/badge.ts';
import type { Store } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { addKey } from '../api/access/credentials.ts';
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
import { SEED } from '../support/property.ts';

const UNTIL = '2024-10-02';
const CUSTOMERS = [
  { id: 'acme', requestsPerDay: 300, incidents: { 1: 0.1 } },
  { id: 'globex', requestsPerDay: 20 },
];
/** The browser tells of each answer with an error, and of a page that may not stand in a frame. */
const EXPECTED = /status of (401|403|404|409)|frame-ancestors|ERR_BLOCKED_BY_RESPONSE/;

/** A page of another site: it shows daymark in a frame, and notes what that tells it. */
const PORTAL = `<!doctype html><html lang="en"><title>Portal</title><main><h1>Portal</h1><iframe title="Numbers" style="width:100%;height:900px"></iframe></main>
<script>
  const frame = document.querySelector('iframe');
  window.heard = [];
  addEventListener('message', ({ data, source }) => { if (source === frame.contentWindow) heard.push(data); });
  window.open_ = (address) => { frame.src = address; };
  window.send = (message, target = '*') => frame.contentWindow.postMessage(message, target);
</script></html>`;

interface Message {
  readonly type: string;
  readonly height?: number;
  readonly expires?: string;
}

describe.skipIf(whyNoBrowser !== undefined)('sharing', () => {
  let folder: string;
  let store: Store;
  let browser: Browser;
  let url: string;
  let admin: string;
  const portals: Server[] = [];
  const running: RunningCli[] = [];
  const tabs: Tab[] = [];
  let env: Record<string, string>;

  async function portal(): Promise<string> {
    const server = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end(PORTAL),
    );
    portals.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  let allowed: string;
  let stranger: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-sharing-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const days = [...pageLog({ until: UNTIL, days: 12, customers: CUSTOMERS, seed: SEED })];
    writeFileSync(join(logs, 'api.log'), days.join(''));
    writeFileSync(join(folder, 'customers.csv'), 'id,name,public\nacme,Acme Corporation,true\n');
    const launched = launch();
    env = {
      ...{ DATA_DIR: join(folder, 'data'), LOGS_SOURCE_DIR: logs },
      CUSTOMERS_FILE: join(folder, 'customers.csv'),
    };
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    [allowed, stranger] = await Promise.all([portal(), portal()]);
    const server = start(['serve', '--port', '0'], {
      env: { ...env, AUTH: 'keys', EMBED_ANCESTORS: allowed, ACCESS_LOG: 'json' },
    });
    running.push(server);
    url = await servedUrl(server);
    store = await openSqliteStore({ dataDir: join(folder, 'data') });
    admin = await addKey(store, 'admin');
    browser = await launched;
  });

  afterAll(async () => {
    await browser?.close();
    await store?.close();
    for (const { process } of running) process.kill('SIGKILL');
    for (const server of portals) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function visitor(address: string): Promise<Page> {
    const tab = await openTab(browser, {}, EXPECTED);
    tabs.push(tab);
    await show(tab.page, address);
    return tab.page;
  }

  /** @returns the path that the command prints. */
  async function newLink(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(['links', 'create', ...args], { env });
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringMatching(/^\/\S+#link=1\.\S+\n$/),
      expect.any(String),
    ]);
    return stdout.trim();
  }
  const tokenOf = (path: string) => path.split('#link=')[1] ?? '';
  const heading = (at: Page | Frame) => at.locator('h1').first().textContent();
  const hash = (page: Page) => new URL(page.url()).hash;

  it('a link shows one customer, by itself and after reloading, and leads to its days and nowhere else', async () => {
    const link = await newLink('--customer', 'acme', '--name', 'For the review');
    const page = await visitor(url + link);
    expect([await heading(page), hash(page)]).toEqual(['Acme Corporation', link.slice(link.indexOf('#'))]);
    expect(await page.locator('nav[aria-label=Views] a').allTextContents()).toEqual(['Acme Corporation']);
    expect(await page.getByText('Shared with you until').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Share' }).count()).toBe(0);
    const violations = await violationsOf(page);
    await page.locator('[aria-labelledby=history] .cell[data-key="2024-10-01"]').click();
    await page.waitForURL(/\/day\?id=acme&date=2024-10-01#link=/);
    await settled(page);
    expect(await page.getByRole('heading', { name: 'Logs behind this day' }).count()).toBe(0);
    violations.push(...(await violationsOf(page)));
    await page.reload();
    await settled(page);
    expect(await heading(page)).toContain('October 1, 2024');
    // The address of the front leads to what the link is for.
    await page.getByRole('link', { name: 'daymark', exact: true }).click();
    await page.waitForURL(/\/customer\?id=acme#link=/);
    await settled(page);
    await page.getByRole('link', { name: 'Skip to the content' }).focus();
    await page.keyboard.press('Enter');
    expect(hash(page)).toBe(link.slice(link.indexOf('#')));
    expect(await evaluate(page, 'document.activeElement.id')).toBe('main');
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await evaluate(page, 'document.documentElement.scrollWidth')).toBe(360);
    expect(violations).toEqual([]);
  });

  it('a link shows nobody else: another id in its address is one that does not exist, and other views are closed', async () => {
    const link = await newLink('--customer', 'acme');
    const page = await visitor(url + link.replace('id=acme', 'id=globex'));
    expect(await page.getByRole('status').first().textContent()).toContain('No such customer');
    await show(page, `${url}/sources#link=${tokenOf(link)}`);
    await page.reload();
    await settled(page);
    expect(await heading(page)).toBe('This is not for customers');
    expect(await page.locator('table').count()).toBe(0);
  });

  it('a link is in no cookie, no storage and no log, and hands out files', async () => {
    const link = await newLink('--customer', 'acme');
    const page = await visitor(url + link);
    const kept = await evaluate(
      page,
      'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])',
    );
    expect(kept).toBe('["",{},{}]');
    expect(await page.context().cookies()).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().trim().split('\n');
    expect([lines.length, lines[1]?.split(',')[0]]).toEqual([13, 'acme']);
    expect(download.suggestedFilename()).toMatch(/^2024-.*\.csv$/);
  });

  it.each([
    ['expired', 'This link has expired', /^It was valid until .*20\d\d/],
    ['revoked', 'This link does not work', /^The link was revoked\.$/],
    ['changed', 'This link does not work', /^Its address is not as it was made/],
    ['cut', 'This link does not work', /^A part of its address is missing/],
  ])('a link that is %s has a page that says so, and shows no number', async (what, title, why) => {
    const link = await newLink('--customer', 'acme', ...(what === 'expired' ? ['--expires', 'PT1S'] : []));
    const token = tokenOf(link);
    const { lid } = JSON.parse(Buffer.from(token.split('.')[2] ?? '', 'base64url').toString()) as {
      lid: string;
    };
    if (what === 'revoked') expect(await run(['links', 'revoke', lid], { env })).toMatchObject({ code: 0 });
    const changed = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const tokens: Record<string, string> = { changed, cut: token.slice(0, 20) };
    const ask = async () =>
      (await fetch(`${url}/v1/session`, { headers: { authorization: `Bearer ${token}` } })).status;
    if (what === 'expired' || what === 'revoked') await eventually(ask).toBe(401);
    const page = await visitor(`${url}/customer?id=acme#link=${tokens[what] ?? token}`);
    expect(await heading(page)).toBe(title);
    expect(await page.locator('.top .quiet').textContent()).toMatch(why);
    expect(await page.locator('table, .cell, form').count()).toBe(0);
    const violations = await violationsOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    violations.push(...(await violationsOf(page, ['color-contrast'])));
    await page.setViewportSize({ width: 360, height: 740 });
    expect([violations, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([[], 360]);
  });

  it('an admin makes a link on the page of a customer by keys alone, copies it, lists and revokes it', async () => {
    const page = await visitor(`${url}/customer?id=acme`);
    await page.getByLabel('Key').fill(admin);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Share' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByLabel('What it is for').fill('<b>Review</b>');
    await page.keyboard.press('Enter');
    const code = dialog.locator('code');
    await code.waitFor();
    const address = (await code.textContent()) ?? '';
    expect(address).toMatch(new RegExp(`^${url}/customer\\?id=acme#link=1\\.`));
    const row = dialog.locator('li', { hasText: '<b>Review</b>' });
    await row.waitFor();
    const violations = await violationsOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    violations.push(...(await violationsOf(page, ['color-contrast'])));
    await page.setViewportSize({ width: 360, height: 740 });
    expect([violations, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([[], 360]);
    await page.setViewportSize({ width: 1280, height: 800 });
    const guest = await visitor(address);
    expect(await heading(guest)).toBe('Acme Corporation');
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked on').waitFor();
    await eventually(async () => {
      await guest.reload();
      await guest.locator('h1').first().waitFor();
      return heading(guest);
    }).toBe('This link does not work');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await evaluate(page, 'document.activeElement.textContent')).toBe('Share');
  });

  /** A page of the portal, with a frame on an address. */
  async function framed(origin: string, address: string): Promise<{ page: Page; frame: () => Frame }> {
    const tab = await openTab(browser, {}, EXPECTED);
    tabs.push(tab);
    await tab.page.goto(origin);
    await evaluate(tab.page, `open_(${JSON.stringify(address)})`);
    await eventually(async () => tab.page.frames().length).toBe(2);
    return { page: tab.page, frame: () => tab.page.frames()[1] as Frame };
  }
  const heard = async (page: Page) => (await evaluate(page, 'heard')) as Message[];

  it('a frame of an allowed site shows the customer in short, without a cookie, and tells its height', async () => {
    const { page, frame } = await framed(allowed, url + (await newLink('--customer', 'acme', '--embed')));
    await frame().locator('[data-figure=Availability]').waitFor();
    expect(await heading(frame())).toBe('Acme Corporation');
    expect(await frame().locator('.cell').count()).toBeGreaterThan(29);
    expect(await frame().locator('a, nav').count()).toBe(0);
    await eventually(
      async () => (await heard(page)).filter(({ type }) => type === 'daymark:height').length,
    ).toBeGreaterThan(0);
    const inner = Number(
      await frame().evaluate('document.querySelector("main").getBoundingClientRect().height'),
    );
    await eventually(
      async () => (await heard(page)).findLast(({ type }) => type === 'daymark:height')?.height,
    ).toBe(Math.ceil(inner));
    expect(await page.context().cookies()).toEqual([]);
  });

  it('a frame of any other site stays empty, and so does every other page of daymark in any frame', async () => {
    const link = await newLink('--customer', 'acme', '--embed');
    const page = await newLink('--customer', 'acme');
    for (const [origin, address] of [
      [stranger, link],
      [allowed, page],
      [allowed, '/'],
    ] as const) {
      const { frame } = await framed(origin, url + address);
      await eventually(async () => frame().url()).toContain('chrome-error:');
    }
  });

  const hears = (page: Page, type: string) =>
    eventually(async () => (await heard(page)).map((message) => message.type)).toContain(type);

  it('a frame tells a minute before its token ends', async () => {
    const made = await fetch(`${url}/v1/links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customer_id: 'acme', kind: 'embed', expires_in_s: 60 }),
    });
    const { path, expires } = (await made.json()) as { path: string; expires: string };
    const { page } = await framed(allowed, url + path);
    await hears(page, 'daymark:expiring');
    expect((await heard(page)).find(({ type }) => type === 'daymark:expiring')).toEqual({
      ...{ type: 'daymark:expiring', expires },
    });
  });

  it('a frame shows that its token has ended, and goes on with a new one, which only the site around it may send', async () => {
    const [short, next] = [
      await newLink('--customer', 'acme', '--embed', '--expires', 'PT4S'),
      await newLink('--customer', 'acme', '--embed'),
    ];
    const { page, frame } = await framed(allowed, url + short);
    await frame().getByRole('heading', { name: 'This link has expired' }).waitFor();
    await hears(page, 'daymark:expired');
    const message = JSON.stringify({ type: 'daymark:token', token: tokenOf(next) });
    // A frame beside it, of another site, and one that is no token.
    await evaluate(
      page,
      `new Promise((done) => { const other = document.createElement('iframe'); other.title = 'other'; other.onload = done; other.src = ${JSON.stringify(stranger)}; document.body.append(other); })`,
    );
    await page.frames()[2]?.evaluate(`parent.frames[0].postMessage(${message}, '*')`);
    await evaluate(page, `send({ type: 'daymark:token', token: 7 })`);
    await evaluate(page, `send({ type: 'daymark:token', token: '<b>' })`);
    // What is heard later shows that the ones before were not taken.
    await frame().evaluate('new Promise((done) => setTimeout(done))');
    expect(await heading(frame())).toBe('This link has expired');
    await evaluate(page, `send(${message})`);
    await frame().getByRole('heading', { name: 'Acme Corporation' }).waitFor();
    expect(new URL(frame().url()).hash).toBe(`#link=${tokenOf(next)}`);
  });

  it('a link for a page of its own opens nothing in a frame', async () => {
    const page = await newLink('--customer', 'globex');
    const { frame } = await framed(allowed, `${url}/embed?id=globex#link=${tokenOf(page)}`);
    await frame().getByRole('heading', { name: 'This link does not work' }).waitFor();
    const refused = await run(['links', 'create', '--customer', 'globex', '--embed'], { env });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('CUSTOMER_NOT_PUBLIC')]);
  });

  it('the page in a frame breaks no rule of accessibility, light and dark, and needs no more than 320 pixels', async () => {
    const page = await visitor(url + (await newLink('--customer', 'acme', '--embed')));
    await page.locator('[data-figure=Availability]').waitFor();
    const violations = await violationsOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    violations.push(...(await violationsOf(page, ['color-contrast'])));
    await page.setViewportSize({ width: 320, height: 740 });
    expect([violations, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([[], 320]);
  });

  it('a badge is a picture on any site, and XML whatever the id is', async () => {
    const { page } = await framed(stranger, 'about:blank');
    const size = await evaluate(
      page,
      `new Promise((done, failed) => { const image = new Image(); image.onload = () => done([image.naturalHeight, image.naturalWidth > 100]); image.onerror = () => failed(new Error('no picture')); image.src = ${JSON.stringify(`${url}/v1/customers/acme/badge.svg`)}; })`,
    );
    expect(size).toEqual([20, true]);
    const ids = fc.sample(
      fc.string({
        maxLength: 60,
        unit: fc.oneof(
          fc.constantFrom(...'<>&"\'/=]![-'),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        ),
      }),
      { numRuns: 300, seed: SEED },
    );
    const badge = badgeOf({ counted_requests: 1000, error_requests: 1, availability_percentage: 99.9 }, 99.9);
    const read = (await evaluate(
      page,
      `${JSON.stringify(ids.map((id) => badgeSvg(badge, id)))}.map((text) => {
        const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
        return [parsed.documentElement.localName, parsed.querySelectorAll('*').length, parsed.querySelector('title')?.textContent];
      })`,
    )) as [string, number, string][];
    for (const [i, [name, elements, title]] of read.entries()) {
      const shown = (ids[i] ?? '').toWellFormed().replace(/\p{Cc}|[\ufffe\uffff]/gu, '\ufffd');
      expect([name, elements, title]).toEqual(['svg', 7, shown]);
    }
  });

  it('nothing of all this broke the policy of the page, and no token is in the log of the server', async () => {
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
    for (const { process } of running) process.kill('SIGTERM');
    const ended = await Promise.all(running.map((one) => one.ended));
    const printed = ended.map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(printed).toContain('"key_id":"link ');
    expect(printed).not.toMatch(/1\.[\da-f]{8}\.eyJ/);
  });
});
