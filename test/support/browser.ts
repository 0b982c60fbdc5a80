/** Debian's Chromium, driven from outside. */

import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { until, WAIT_BOUND_MS } from './until.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Undefined if it is there. Otherwise why its tests are skipped. */
export const whyNoBrowser: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : 'Chromium is not installed (Debian: apt-get install chromium).';

export function launch(): Promise<Browser> {
  // The sandbox needs rights that containers do not give. The tests open only their own pages.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A tab, and all that went wrong in it: errors, and what the page's policy refused. */
export interface Tab {
  readonly page: Page;
  readonly faults: string[];
}

/** @param expected messages that are no fault, such as an answer with an error that the page shows. */
export async function openTab(
  browser: Browser,
  options: BrowserContextOptions = {},
  expected = /^$/,
): Promise<Tab> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York', ...options });
  context.setDefaultTimeout(WAIT_BOUND_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  const note = (text: string): void => {
    if (!expected.test(text)) faults.push(text);
  };
  await page.exposeFunction('noteFault', note);
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (e) => noteFault('refused: ' + e.violatedDirective + ' ' + e.blockedURI))`,
  );
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') note(message.text());
  });
  page.on('pageerror', (error) => note(String(error)));
  page.on('dialog', (dialog) => {
    note(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, faults };
}

const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules of accessibility that a page breaks, with the first element of each. @param rules by default all. */
export async function violationsOf(page: Page, rules: readonly string[] = LEVELS): Promise<string[]> {
  await evaluate(page, axe.source);
  return evaluate(
    page,
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(rules)} })
      .then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes[0].html + ' ' + v.nodes[0].failureSummary))`,
  ) as Promise<string[]>;
}

/** Runs a script as the tools of developers do: the policy of the page, which permits no `eval`, does not hold for them. */
export async function evaluate(page: Page, expression: string): Promise<unknown> {
  const tools = await page.context().newCDPSession(page);
  const { result, exceptionDetails } = await tools.send('Runtime.evaluate', {
    ...{ expression, awaitPromise: true, returnByValue: true },
  });
  await tools.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

/** Shows an address, and waits until all its questions are answered. */
export async function show(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await settled(page);
}

/** Waits until nothing is awaited any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  const waiting = page.locator('.skeleton, [aria-busy=true], .stale');
  await until(async () => (await waiting.count()) === 0);
}
