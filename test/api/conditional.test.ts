import { expect, test } from 'vitest';
import { etagOfLong, isCurrent } from '../../src/api/conditional.ts';
import { HASHED_CHARACTERS } from '../../src/limits.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

test('a client has the answer where it says `*`, or a list in which the tag stands, weak or strong', () => {
  for (const header of ['*', ' * ', '"a"', 'W/"a"', '"b", "a"', '"b",W/"a" , "c"', '"x,y", "a"', '"", "a"'])
    expect([header, isCurrent(header, '"a"')]).toEqual([header, true]);
  for (const header of [undefined, '', 'a', '"b"', '"A"', '"xa"', '"a', 'a"', '"a b"', '"*"'])
    expect([header, isCurrent(header, '"a"')]).toEqual([header, false]);
});

test('a tag that only holds the tag is another one', () => {
  expect(isCurrent('"b"a"', '"a"')).toBe(false);
  expect(isCurrent('"x"', undefined)).toBe(false);
});

test('long bodies that differ in one character have different tags, wherever it stands', async () => {
  const body = 'a'.repeat(2 * HASHED_CHARACTERS + 3);
  const at = [0, HASHED_CHARACTERS - 1, HASHED_CHARACTERS, 2 * HASHED_CHARACTERS + 2];
  const others = ['b', '\u{1f600}', '\u{1f601}'].flatMap((other) =>
    at.map((i) => body.slice(0, i) + other + body.slice(i + 1)),
  );
  const tags = await Promise.all([body, ...others].map(etagOfLong));
  expect(new Set(tags).size).toBe(tags.length);
  for (const tag of tags) expect(isCurrent(tag, tag)).toBe(true);
  expect(await etagOfLong(`${body}`)).toBe(tags[0]);
});

test('a client that has any answer, or the one of now, is told so on every resource that can be kept', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const url = await serve({ store });
  for (const path of [STATS, '/v1/about', '/openapi.json']) {
    const etag = (await fetch(url + path)).headers.get('etag') as string;
    for (const header of ['*', etag, `W/${etag}`, `"other", ${etag}`]) {
      const answer = await fetch(url + path, { headers: { 'if-none-match': header } });
      expect([path, header, answer.status, await answer.text()]).toEqual([path, header, 304, '']);
    }
    expect((await fetch(url + path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  }
});

test('where nothing is, a condition changes nothing', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const path of ['/nothing', '/customers/cust_1/stats'])
    expect((await fetch(url + path, { headers: { 'if-none-match': '*' } })).status).toBeGreaterThanOrEqual(
      404,
    );
});
