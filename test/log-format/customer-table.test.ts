import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CUSTOMERS_FILE_IDS } from '../../src/limits.ts';
import { parseCustomerTable } from '../../src/log-format/customer-table.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { wrong } from '../support/format-text.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { check } from '../support/property.ts';
import { scanSettings } from '../support/scan-settings.ts';
import { linesReadByKernel, scan, scanByReference } from '../support/scanning.ts';

const parse = (text: string | Uint8Array) => parseCustomerTable(Buffer.from(text), 'customers');
const parsed = (text: string) => {
  const { aliases, names } = parse(text);
  return { aliases: Object.fromEntries(aliases), names: Object.fromEntries(names) };
};

describe('a table of customers', () => {
  const TABLE = {
    aliases: { 'key-1': 'acme', '192.0.2.1': 'acme', 'old, id': 'zoë' },
    names: { acme: 'Acme "Corp", Ltd.', zoë: 'Zoë' },
  };

  it('is CSV, with the columns in any order, with quotes and a byte order mark', () => {
    const csv =
      '\ufeffname,id,aliases\r\n"Acme ""Corp"", Ltd.",acme,key-1; 192.0.2.1;\r\n\r\nZoë,zoë,"old, id"\n,alone,\n';
    expect(parsed(csv)).toEqual(TABLE);
    expect(parsed('id\na\nb')).toEqual({ aliases: {}, names: {} });
    expect(parsed('id,aliases\na,b;c')).toEqual({ aliases: { b: 'a', c: 'a' }, names: {} });
    expect(parsed('')).toEqual({ aliases: {}, names: {} });
  });

  it('is JSON, with aliases that may hold anything', () => {
    const [acme, zoe] = [
      { id: 'acme', name: 'Acme "Corp", Ltd.', aliases: ['key-1', '192.0.2.1'] },
      { id: 'zoë', name: 'Zoë', aliases: ['old, id'] },
    ];
    expect(parsed(JSON.stringify([acme, zoe, { id: 'alone' }], null, 2))).toEqual(TABLE);
    expect(parsed('[{"id":"a","aliases":["b;c"]}]').aliases).toEqual({ 'b;c': 'a' });
    expect(parsed('[]').aliases).toEqual({});
  });

  it('opts customers in to be shown to others only where it says so, in CSV and JSON', () => {
    expect([...parse('id,public\na,true\nb,false\nc,\n').publicIds]).toEqual(['a']);
    expect([...parse('id,name\na,A\n').publicIds]).toEqual([]);
    const json = [{ id: 'a', public: true }, { id: 'b', public: false }, { id: 'c' }];
    expect([...parse(JSON.stringify(json)).publicIds]).toEqual(['a']);
  });

  it.each([
    ['id,public\na,yes', 'line 2: public is "yes", but must be true or false.'],
    ['id,public\na,True', 'line 2: public is "True", but must be true or false.'],
    ['[{"id":"a","public":"true"}]', 'line 1: public must be true or false.'],
    ['id,name\na,A\nb,B\na,C', 'line 4: "a" stands there twice; the first time in line 2.'],
    ['id,aliases\na,k\nb,k', 'line 3: "k" stands there twice; the first time in line 2.'],
    ['id,aliases\na,b\nb,', 'line 3: "b" stands there twice; the first time in line 2.'],
    ['id,aliases\na,a', 'line 2: "a" stands there twice'],
    ['id,aliases\na,k;k', 'line 2: "k" stands there twice'],
    [
      'id,alias\na,b',
      'line 1: "alias" is unknown or stands there twice; there are id, name, aliases, public.',
    ],
    ['id,name,id\n', 'line 1: "id" is unknown or stands there twice'],
    ['name\nA', 'line 1: it has no id.'],
    ['id,name\n"a,A', 'line 2: a quote is not closed on the line'],
    ['id,name\na', 'line 2: it has 1 columns, and the first line names 2.'],
    ['id,name\n,A', 'line 2: "" can be no customer id'],
    ['id\n-', 'line 2: "-" can be no customer id'],
    [`id\n${'x'.repeat(256)}`, 'can be no customer id (1 to 255 bytes'],
    ['id\na\u0001', 'can be no customer id'],
    ['id,name\na,\u007f', 'line 2: the name "\u007f" is longer than 255 bytes or holds a control character.'],
    [
      '[{"id":"a"},\n {"id":"b", "aliases":["c",\n"d"]},\n\n{"id":"d"}]',
      'line 5: "d" stands there twice; the first time in line 2.',
    ],
    ['[{"id":"a","nam":"A"}]', 'line 1: "nam" is unknown'],
    ['[\n"a"]', 'line 2: a customer must be an object.'],
    ['[{"id":7}]', 'line 1: id and name must be texts, and aliases an array of texts.'],
    ['[{"id":"a","aliases":"b"}]', 'aliases an array of texts'],
    ['[{"name":"a"}]', 'line 1: it has no id.'],
    ['{"id":"a"}', 'its JSON must be an array of customers.'],
    ['[{"id":"a"}', 'it is no JSON ('],
    ['[{"id":"\\ud800"}]', 'can be no customer id'],
  ])('is refused: %j', (text, message) => {
    expect(() => parse(text)).toThrow(wrong(message, 'INVALID_SETTING'));
  });

  it('is refused where it is not UTF-8, and where it has too many ids', () => {
    expect(() => parse(Buffer.from('id\n\xff', 'latin1'))).toThrow(
      wrong('it is not UTF-8', 'INVALID_SETTING'),
    );
    const many = Array.from({ length: MAX_CUSTOMERS_FILE_IDS }, (_, i) => `c${i}`);
    expect(parse(['id', ...many].join('\n')).aliases.size).toBe(0);
    expect(() => parse(['id', ...many, 'x'].join('\n'))).toThrow(
      wrong('line 50002: it has more than 50000 ids and aliases', 'INVALID_SETTING'),
    );
  });
});

describe('lines with aliases', () => {
  const base = scanSettings('default');
  const logOf = (ids: readonly string[]) =>
    Buffer.from(ids.map((id) => `2024-10-02 05:10:46 ${id} /a 200 0.316\n`).join(''));
  const customersOf = (ids: readonly string[], settings: ScanSettings) =>
    scan(logOf(ids), { settings }).records.map(({ customerId }) => customerId);

  it('count for the customer, and lines of an id that is in no entry count for itself', () => {
    // Ids of up to eight bytes are kept in another way than longer ones, and others than ASCII are read elsewhere.
    const id = fc.stringMatching(/^[ab]{1,3}$|^a{7,10}b?$|^é[ab]$/);
    const tables = fc
      .tuple(
        fc.uniqueArray(id, { minLength: 2, maxLength: 9 }),
        fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
      )
      .map(([ids, numbers]) => {
        const [customers, others] = [ids.slice(0, 1 + (ids.length >> 2)), ids.slice(1 + (ids.length >> 2))];
        return new Map(
          others.map((other, i) => [other, customers[(numbers[i] ?? 0) % customers.length] ?? '']),
        );
      });
    check(
      fc.property(tables, fc.array(id, { minLength: 1, maxLength: 40 }), (aliases, ids) => {
        const settings = { ...base, aliases };
        expect(customersOf(ids, settings)).toEqual(ids.map((each) => aliases.get(each) ?? each));
        expect(scan(logOf(ids), { settings })).toEqual(scanByReference(logOf(ids), settings));
      }),
      200,
    );
  });

  it('are read by the kernel', () => {
    const before = linesReadByKernel();
    const aliases = new Map([
      ['key-1', 'acme'],
      ['a-much-longer-key', 'acme'],
    ]);
    expect(customersOf(['key-1', 'a-much-longer-key', 'acme', 'x'], { ...base, aliases })).toEqual([
      'acme',
      'acme',
      'acme',
      'x',
    ]);
    expect(linesReadByKernel() - before).toBe(4);
  });

  it('keep their customers while the table of customers grows, is full and starts anew', () => {
    const aliases = new Map(
      Array.from({ length: 2_000 }, (_, i) => [`key-${i}`, `customer-number-${i % 7}`]),
    );
    const ids = Array.from({ length: 6_000 }, (_, i) =>
      i % 2 === 0 ? `key-${i % 4_000}` : `other-${i}-${'x'.repeat(200)}`,
    );
    const many = Array.from({ length: 8 }, (_, round) =>
      ids.map((id) => (id.startsWith('key') ? id : `${round}${id}`)),
    ).flat();
    expect(customersOf(many, { ...base, aliases })).toEqual(many.map((id) => aliases.get(id) ?? id));
  });

  it('may be hostile', () => {
    const json = scanSettings('json timestamp=t status=s', 'c');
    const ids = HOSTILE_IDS.slice(0, -1).filter((id) => Buffer.byteLength(id) <= 255);
    const aliases = new Map(ids.map((id, i) => [id, `c${i}`]));
    const log = ids.map((id) => `${JSON.stringify({ t: '2024-10-02T05:10:46Z', s: 200, c: id })}\n`).join('');
    const { records } = scan(Buffer.from(log), { settings: { ...json, aliases } });
    expect(records.map(({ customerId }) => customerId)).toEqual([...aliases.values()]);
  });

  it('count for a customer where lines without an id do', () => {
    const settings = {
      ...scanSettings('combined', undefined, 'nobody'),
      aliases: new Map([['nobody', 'acme']]),
    };
    const line = '192.0.2.1 - - [02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 200 5 "-" "é"\n';
    const both = Buffer.from(line + line.replace('"é"', '"a"'));
    expect(scan(both, { settings }).records.map(({ customerId }) => customerId)).toEqual(['acme', 'acme']);
    expect(scan(both, { settings })).toEqual(scanByReference(both, settings));
  });
});
