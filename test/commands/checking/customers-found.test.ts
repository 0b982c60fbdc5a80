import { describe, expect, it } from 'vitest';
import {
  type CustomerSummary,
  CustomersFound,
  customersAsText,
} from '../../../src/commands/checking/customers-found.ts';
import { MAX_CHECKED_CUSTOMERS } from '../../../src/limits.ts';

function summaryOf(ids: Iterable<string>): CustomerSummary {
  const found = new CustomersFound();
  for (const id of ids) found.add(id);
  return found.summary();
}

const manyIds = (count: number): string[] => Array.from({ length: count }, (_, i) => `cust_${i}`);

describe('the customers of a file', () => {
  it('are counted, the most frequent first, with an example of each kind', () => {
    const ids = [
      'bob',
      'ann',
      'bob',
      '192.0.2.9',
      '2001:db8::17',
      '4711',
      'bob',
      'ann',
      'a@b.example',
      'x/y',
    ];
    expect(summaryOf([...ids, '123e4567-e89b-12d3-a456-426614174000'])).toEqual({
      distinct: 8,
      isExact: true,
      mostFrequent: [
        { id: 'bob', lines: 3 },
        { id: 'ann', lines: 2 },
        { id: '192.0.2.9', lines: 1 },
        { id: '2001:db8::17', lines: 1 },
        { id: '4711', lines: 1 },
      ],
      kinds: [
        { kind: 'word', customers: 2, example: 'bob' },
        { kind: 'address', customers: 2, example: '192.0.2.9' },
        { kind: 'number', customers: 1, example: '4711' },
        { kind: 'e-mail address', customers: 1, example: 'a@b.example' },
        { kind: 'other text', customers: 1, example: 'x/y' },
        { kind: 'UUID', customers: 1, example: '123e4567-e89b-12d3-a456-426614174000' },
      ],
      warnings: [],
      isInvented: false,
    });
  });

  it('that are none give no text', () => {
    expect(customersAsText(summaryOf([]))).toEqual([]);
  });

  it('are told apart up to a bound, and then said to be more', () => {
    const all = manyIds(MAX_CHECKED_CUSTOMERS);
    expect(summaryOf(all)).toMatchObject({ distinct: MAX_CHECKED_CUSTOMERS, isExact: true });
    const more = summaryOf([...all, 'one more', 'cust_7', 'another']);
    expect(more).toMatchObject({ distinct: MAX_CHECKED_CUSTOMERS, isExact: false });
    expect(more.mostFrequent[0]).toEqual({ id: 'cust_7', lines: 2 });
    expect(customersAsText(more)[0]).toBe(
      'more than 10,000 customers, the most frequent of the first 10,000:',
    );
  });

  it('look invented where nearly every line has one of its own', () => {
    const warning = expect.stringContaining('nearly every line has a customer of its own');
    expect(summaryOf(manyIds(10)).warnings).toEqual([warning]);
    expect(summaryOf([...manyIds(9), 'cust_0']).warnings).toEqual([warning]);
    expect(summaryOf([...manyIds(8), 'cust_0', 'cust_0']).warnings).toEqual([]);
    expect(summaryOf(manyIds(9)).warnings).toEqual([]);
    const full = [...manyIds(MAX_CHECKED_CUSTOMERS), ...manyIds(3), ...Array(30_000).fill('new')];
    expect(summaryOf(full).warnings).toEqual([warning]);
  });

  it('look invented where nearly all have spaces, and may be users where some have', () => {
    expect(summaryOf(['bob https', 'ann https']).isInvented).toBe(true);
    expect(summaryOf(['bob smith', 'ann', 'zoe']).isInvented).toBe(false);
  });

  it('do not look invented where a person named a field with spaces, but give a warning', () => {
    const found = new CustomersFound(true);
    for (const id of ['Acme Ltd', 'Initech Inc']) found.add(id);
    expect(found.summary()).toMatchObject({
      isInvented: false,
      warnings: [expect.stringContaining('2 customers have spaces in the id')],
    });
  });

  it.each([
    ['6 12:14:00 web1 nginx: 203.0.113.1 - -', 'a time', true],
    ['2024-10-02T05:10:46.123Z', 'a time', true],
    ['F 172.18.0.1 - -', 'a lone `-`', true],
    ['- bob', 'a lone `-`', true],
    ['-', 'a lone `-`', true],
    ['stdout F bob', 'a container', true],
    ['web-1  | bob', 'a container', true],
    ['| bob', 'a container', true],
    ['203.0.113.7, 10.0.0.1', 'an address beside other text', true],
    ['"bob"', 'quotes', true],
    ['192.0.2.9:41542', 'a port', false],
    ['[2001:db8::17]:41542', 'a port', false],
    ['Ann Smith', 'spaces', false],
  ])('look invented where one is %j', (id, because, isInvented) => {
    const summary = summaryOf(['bob', id]);
    expect(summary.warnings).toEqual([expect.stringContaining(because)]);
    expect(summary.warnings[0]).toContain(JSON.stringify(id));
    expect(summary.isInvented).toBe(isInvented);
    expect(customersAsText(summary).join('\n')).toContain('WARNING: the customers may be wrong');
  });

  it.each(['2001:db8::17', '::1', '12:34', 'a-b', 'x|y', 'urn:x:80', 'CORP\\bob'])(
    'do not look invented where one is %j',
    (id) => expect(summaryOf(['bob', id]).warnings).toEqual([]),
  );
});
