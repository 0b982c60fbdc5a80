/** Signing in on the page, in a browser, on a real server. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from '../../src/api/access/key-text.ts';
import { MAX_FAILED_ATTEMPTS } from '../../src/limits.ts';
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
  { id: 'acme', requestsPerDay: 60 },
  { id: 'globex', requestsPerDay: 20 },
  { id: 'new/one', requestsPerDay: 5 },
];
/** The browser tells of each answer with an error. */
const SHOWN_ERRORS = /status of (401|403|404|429)/;
const JWT_SECRET = 'a secret of at least thirty-two bytes';

describe.skipIf(whyNoBrowser !== undefined)('signing in on the page', () => {
  let folder: string;
  let store: Store;
  let browser: Browser;
  let url: string;
  let tokens: string;
  const running: RunningCli[] = [];
  const tabs: Tab[] = [];

  async function serving(env: Record<string, string>): Promise<string> {
    const server = start(['serve', '--port', '0'], { env: { DATA_DIR: join(folder, 'data'), ...env } });
    running.push(server);
    return servedUrl(server);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daymark-sign-in-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const days = [...pageLog({ until: UNTIL, days: 12, customers: CUSTOMERS, seed: SEED })];
    writeFileSync(join(logs, 'api.log'), days.join(''));
    const secret = join(folder, 'secret');
    writeFileSync(secret, JWT_SECRET);
    const launched = launch();
    const env = { DATA_DIR: join(folder, 'data'), LOGS_SOURCE_DIR: logs };
    expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
    const jwt = { JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', JWT_SECRET_FILE: secret };
    [url, tokens] = await Promise.all([serving({ AUTH: 'keys' }), serving({ AUTH: 'jwt', ...jwt })]);
    store = await openSqliteStore({ dataDir: join(folder, 'data') });
    browser = await launched;
  });

  afterAll(async () => {
    await browser?.close();
    await store?.close();
    for (const { process } of running) process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** A browser that nobody has signed in with. */
  async function visitor(path: string, base = url): Promise<Page> {
    const tab = await openTab(browser, {}, SHOWN_ERRORS);
    tabs.push(tab);
    await show(tab.page, base + path);
    return tab.page;
  }

  const heading = (page: Page) => page.locator('h1').textContent();
  const said = (page: Page) => page.getByRole('alert').textContent();
  const addressOf = (page: Page) => page.url().replace(/^http:\/\/[^/]+/, '');

  /** Pastes a key, and sends it by the keyboard. */
  async function send(page: Page, key: string): Promise<void> {
    await page.getByLabel(/Key|Token/).fill(key);
    await page.keyboard.press('Enter');
  }

  async function signIn(page: Page, key: string): Promise<void> {
    await send(page, key);
    await page.locator('#key').waitFor({ state: 'detached' });
    await settled(page);
  }

  it('stands in the place of every view, shows no number, and breaks no rule of accessibility', async () => {
    const page = await visitor('/');
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of ['/', '/customer?id=acme', '/sources', '/day?id=acme&date=2024-10-01']) {
      await show(page, url + path);
      expect([path, await heading(page), addressOf(page)]).toEqual([path, 'Sign in', path]);
      expect(await page.locator('table, .cell').count()).toBe(0);
      expect(await page.locator('header nav a').allTextContents()).toEqual(['API']);
      expect([path, await evaluate(page, 'document.documentElement.scrollWidth')]).toEqual([path, 360]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    const violations = await violationsOf(page);
    await send(page, newKey().text);
    await page.getByText('The key is not valid').waitFor();
    violations.push(...(await violationsOf(page)));
    await page.emulateMedia({ colorScheme: 'dark' });
    violations.push(...(await violationsOf(page, ['color-contrast'])));
    expect(violations).toEqual([]);
  });

  it('says what is wrong with a key, and then takes a right one', async () => {
    const page = await visitor('/customer?id=acme&range=7d');
    const revoked = await addKey(store, 'customer', ['acme']);
    await store.apiKeys.revoke(revoked.split('_')[1] ?? '', 1);
    for (const [key, words] of [
      [newKey().text, 'The key is not valid: it is malformed, unknown, expired or revoked.'],
      [revoked, 'The key was revoked.'],
      [await addKey(store, 'customer', ['acme'], { expiresMs: 1 }), 'The key has expired.'],
      [await addKey(store, 'ingest'), 'This key is for handing in lines, and reads nothing.'],
      ['two words', 'This is not a key: it has other characters than one can have.'],
    ] as const) {
      await send(page, key);
      await page.getByText(words).waitFor();
      expect(await said(page)).toBe(words);
    }
    const key = await addKey(store, 'customer', ['acme']);
    await signIn(page, `Bearer ${key} `);
    expect([await heading(page), addressOf(page)]).toEqual(['acme', '/customer?id=acme&range=7d']);
    expect(await page.locator('tr[data-day]').count()).toBe(7);
    const kept = await evaluate(
      page,
      `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, location.href,
        document.documentElement.outerHTML, Array.from(document.querySelectorAll('input'), ({ value }) => value)])`,
    );
    expect(String(kept)).not.toContain(key.split('_')[2]);
    expect(String(kept)).toContain('acme');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(cookie?.value).not.toContain(key.split('_')[2]);
    // Reloaded, and in another tab of the same browser, nobody asks again.
    await page.reload();
    await settled(page);
    expect(await heading(page)).toBe('acme');
  });

  it('leads the key of a customer to the page of this customer, and nowhere else', async () => {
    const page = await visitor('/?range=7d');
    await signIn(page, await addKey(store, 'customer', ['new/one']));
    await page.locator('tr[data-day]').first().waitFor();
    expect([await heading(page), addressOf(page)]).toEqual(['new/one', '/customer?id=new%2Fone&range=7d']);
    expect(await page.locator('header nav a').allTextContents()).toEqual(['new/one', 'API']);
    expect(await page.getByRole('link', { name: 'All customers' }).count()).toBe(0);
    await page.locator('[aria-labelledby=history] .cell').last().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/day\?id=/);
    await settled(page);
    expect(await page.locator('#files').count()).toBe(0);
    for (const path of ['/sources', '/endpoints', '/day?date=2024-10-02']) {
      await show(page, url + path);
      expect([path, await heading(page)]).toEqual([path, 'This is not for customers']);
      expect(await page.locator('table').count()).toBe(0);
    }
    await page.getByRole('link', { name: 'Show your numbers' }).click();
    await page.waitForURL(/customer\?id=new%2Fone/);
    await show(page, `${url}/customer?id=acme`);
    expect(await page.getByRole('status').first().textContent()).toContain('No such customer');
    expect(await page.locator('table').count()).toBe(0);
  });

  it('lists the customers of a key for several, and leads to each', async () => {
    const page = await visitor('/');
    await signIn(page, await addKey(store, 'customer', ['acme', 'globex']));
    expect([await heading(page), addressOf(page)]).toEqual(['Your customers', '/']);
    expect(await page.locator('main li').allTextContents()).toEqual(['acme', 'globex']);
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('link', { name: 'globex' }).click();
    await page.waitForURL(/id=globex/);
    await settled(page);
    await page.getByRole('link', { name: 'Your customers' }).first().click();
    await page.waitForURL(/\/$/);
  });

  it('shows everything to an admin, who signs out by the keyboard', async () => {
    const page = await visitor('/sources');
    await signIn(page, await addKey(store, 'admin'));
    expect(await heading(page)).toBe('Sources');
    expect(await page.locator('header nav a').allTextContents()).toEqual([
      'Overview',
      'Endpoints',
      'Sources',
      'API',
    ]);
    await page.getByRole('button', { name: 'Sign out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(addressOf(page)).toBe('/sources');
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.locator('table').count()).toBe(0);
    await page.reload();
    await settled(page);
    expect(await heading(page)).toBe('Sign in');
  });

  it('comes back when the session ends while the page is open, and gives way to the view that was asked for', async () => {
    const key = await addKey(store, 'customer', ['acme']);
    const page = await visitor('/customer?id=acme');
    await signIn(page, key);
    await store.apiKeys.revoke(key.split('_')[1] ?? '', Date.now());
    const [session] = await page.context().cookies();
    const headers = { cookie: `${session?.name}=${session?.value}` };
    await eventually(async () => (await fetch(`${url}/v1/session`, { headers })).status, 50).toBe(401);
    await page.getByRole('link', { name: '7 days' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(addressOf(page)).toBe('/customer?id=acme&range=7d');
    expect(await page.locator('main').textContent()).toContain('You are signed out');
    expect(await page.locator('table').count()).toBe(0);
    await signIn(page, await addKey(store, 'customer', ['acme']));
    expect([await heading(page), addressOf(page)]).toEqual(['acme', '/customer?id=acme&range=7d']);
  });

  it('takes tokens where the server takes these, and says so', async () => {
    const page = await visitor('/customer?id=acme', tokens);
    expect(await page.locator('form').textContent()).toContain(
      'This server takes JWTs of your identity provider',
    );
    await send(page, newKey().text);
    await page.getByText('The key is not valid').waitFor();
    const token = await new SignJWT({ iss: 'i', aud: 'a', customer_id: 'acme' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(Buffer.from(JWT_SECRET));
    await signIn(page, token);
    expect(await heading(page)).toBe('acme');
  });

  it('says how long to wait after too many wrong keys, and takes a right one at once', async () => {
    const page = await visitor('/customer?id=acme');
    for (let i = 0; i < MAX_FAILED_ATTEMPTS; i++)
      await fetch(`${url}/v1/session`, {
        method: 'POST',
        headers: { authorization: `Bearer ${newKey().text}` },
      });
    await send(page, newKey().text);
    await page.getByText(/^Too many attempts from your network\. Try again in \d+ seconds\.$/).waitFor();
    await signIn(page, await addKey(store, 'customer', ['acme']));
    expect(await heading(page)).toBe('acme');
  });

  it('does nothing that the policy of the page refuses', () => {
    expect(tabs.length).toBeGreaterThan(5);
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
