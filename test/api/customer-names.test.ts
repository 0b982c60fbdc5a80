import { expect, test } from 'vitest';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

/** The table of an operator, who may change it. */
const table = {
  aliases: { 'key-1': 'acme' } as Record<string, string>,
  names: { acme: 'Acme' } as Record<string, string>,
};
const customers = {
  idOf: (id: string) => table.aliases[id] ?? id,
  nameOf: (id: string) => table.names[id],
  isPublic: () => false,
};

test('answers for an alias with the days and the name of its customer', async () => {
  const store = await emptyStore();
  await add(store, 'acme', { '2024-10-02': [SUCCESS] });
  await add(store, 'other', { '2024-10-02': [SUCCESS] });
  const url = await serve({ store, customers });
  const days = async (id: string) =>
    (await (await fetch(`${url}/customers/${id}/stats?from=2024-10-01`)).json()) as object[];
  expect(await days('key-1')).toMatchObject([{ customer_id: 'acme', customer_name: 'Acme' }]);
  expect(await days('key-1')).toEqual(await days('acme'));
  expect(await (await fetch(`${url}/stats?customer_id=key-1&from=2024-10-01`)).json()).toEqual(
    await days('acme'),
  );
  expect(await days('other')).toMatchObject([{ customer_id: 'other' }]);
  expect((await days('other'))[0]).not.toHaveProperty('customer_name');
});

test('answers with another name as soon as there is one, although the days are unchanged', async () => {
  const store = await emptyStore();
  await add(store, 'acme', { '2024-10-02': [SUCCESS] });
  const url = `${await serve({ store, customers })}/customers/acme/stats?from=2024-10-01`;
  const before = await fetch(url);
  expect(await before.json()).toMatchObject([{ customer_name: 'Acme' }]);
  table.names.acme = 'Acme Corporation';
  const headers = { 'if-none-match': before.headers.get('etag') ?? '' };
  const after = await fetch(url, { headers });
  expect(after.status).toBe(200);
  expect(await after.json()).toMatchObject([{ customer_name: 'Acme Corporation' }]);
});
