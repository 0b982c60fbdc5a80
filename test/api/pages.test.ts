import { expect, test } from 'vitest';
import { emptyStore, serve } from './support.ts';

/** What a page links to or loads. */
const linksOf = (html: string) => [...html.matchAll(/(?:href|src)="([^"#]*)"/g)].map(([, link]) => link);

test('the pages load only what this server has, under a policy that allows nothing inline', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const [path, links] of [
    ['/', ['/assets/daymark.css', '/docs', '/openapi.json']],
    [
      '/docs',
      [
        '/docs/static/swagger-ui.css',
        '/docs/static/swagger-ui-bundle.js',
        '/docs/static/swagger-initializer.js',
      ],
    ],
  ] as const) {
    const answer = await fetch(url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const html = await answer.text();
    expect(html).not.toMatch(/<style|style=|<script>| on\w+=/);
    const found = linksOf(html).filter((link) => !link.startsWith('data:'));
    expect(found).toEqual(expect.arrayContaining([...links]));
    for (const link of found) {
      const asset = await fetch(new URL(link, url + path));
      expect([link, asset.status]).toEqual([link, 200]);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(0);
      expect(asset.url.startsWith(url)).toBe(true);
    }
  }
});

test('the form of the start page asks a question that is answered', async () => {
  const url = await serve({ store: await emptyStore() });
  const html = await (await fetch(url)).text();
  const action = /<form action="([^"]*)" method="get"/.exec(html)?.[1];
  const names = [...html.matchAll(/<input id="[^"]*" name="([^"]*)"/g)].map(([, name]) => name);
  expect(names).toEqual(['customer_id', 'from']);
  const answer = await fetch(`${url}${action}?${names[0]}=cust_1&${names[1]}=2024-10-02`);
  expect([answer.status, await answer.text()]).toEqual([200, '[]']);
});

test('each control of the start page has a label, and a hint that belongs to it', async () => {
  const html = await (await fetch(await serve({ store: await emptyStore() }))).text();
  for (const [, id, hint] of html.matchAll(/<input id="([^"]*)"[^>]*aria-describedby="([^"]*)"/g)) {
    expect(html).toContain(`<label for="${id}">`);
    expect(html).toContain(`id="${hint}"`);
  }
});
