import { expect, test } from 'vitest';
import { emptyStore, serve } from './support.ts';

/** What a page links to or loads. */
const linksOf = (html: string) => [...html.matchAll(/(?:href|src)="([^"#]*)"/g)].map(([, link]) => link);

test('the documentation loads only what this server has, under a policy that allows nothing inline', async () => {
  const url = await serve({ store: await emptyStore() });
  const path = '/docs';
  const links = [
    ...['/docs/static/swagger-ui.css', '/docs/static/swagger-ui-bundle.js'],
    '/docs/static/swagger-initializer.js',
  ];
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
});
