import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_INTERNED_CUSTOMERS, MAX_LINE_BYTES } from '../../src/limits.ts';
import { writtenLine } from '../support/log-lines.ts';
import { check } from '../support/property.ts';
import { scanSettings } from '../support/scan-settings.ts';
import { scan, scanByReference } from '../support/scanning.ts';

const GOOD = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316';

/** A good line with some bytes changed, dropped or doubled. */
const mutatedLine = fc
  .tuple(
    writtenLine,
    fc.array(
      fc.tuple(
        fc.nat(200),
        fc.constantFrom('change', 'drop', 'double', 'cut'),
        fc.integer({ min: 0, max: 255 }),
      ),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([{ text }, mutations]) => {
    let bytes = [...Buffer.from(text)];
    for (const [at, kind, byte] of mutations) {
      const i = at % Math.max(1, bytes.length);
      if (kind === 'change') bytes[i] = byte;
      else if (kind === 'drop') bytes.splice(i, 1);
      else if (kind === 'double') bytes.splice(i, 0, bytes[i] ?? byte);
      else bytes = bytes.slice(0, i);
    }
    return Buffer.from(bytes);
  });

const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n');

/** Bytes of good lines, broken lines and garbage, with and without a last newline. */
const logBytes = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 3, arbitrary: mutatedLine },
          { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
        ),
        lineEnd,
      ),
      {
        maxLength: 20,
      },
    ),
    fc.boolean(),
  )
  .map(([lines, endsWithNewline]) => {
    const all = Buffer.concat(lines.flatMap(([line, end]) => [line, Buffer.from(end)]));
    return endsWithNewline ? all : all.subarray(0, -1);
  });

describe('the scanner', () => {
  it('says of any bytes what the reference parser says of their lines', () => {
    check(
      fc.property(logBytes, (bytes) => {
        expect(scan(bytes)).toEqual(scanByReference(bytes));
      }),
      3000,
    );
  });

  it('gives the same records and rejections wherever the blocks are cut and however many lines a step takes', () => {
    check(
      fc.property(
        logBytes,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 5 }),
        (bytes, blockBytes, maxLines) => {
          expect(scan(bytes, { blockBytes, maxLines })).toEqual(scan(bytes));
        },
      ),
      600,
    );
  });

  it('goes on at any line as if it had never stopped', () => {
    check(
      fc.property(fc.array(writtenLine, { minLength: 2, maxLength: 10 }), fc.nat(), (lines, at) => {
        const texts = lines.map(({ text }) => `${text}\n`);
        const cut = at % texts.length;
        const [before, after] = [texts.slice(0, cut).join(''), texts.slice(cut).join('')];
        const offset = Buffer.byteLength(before);
        const first = scan(Buffer.from(before));
        const second = scan(Buffer.from(after), { offset });
        expect([...first.records, ...second.records]).toEqual(scan(Buffer.from(before + after)).records);
        expect(second.offset).toBe(offset + Buffer.byteLength(after));
      }),
      300,
    );
  });

  it.each([
    ['json', '{"at":"2024-10-02T05:10:46Z","path":"/customers/cust_40","status":200}'],
    ['logfmt', 'at=2024-10-02T05:10:46Z path=/customers/cust_40 status=200'],
  ])('rejects a line of %s without a duration also where the path says the customer id', (layout, line) => {
    const mapping = `${layout} timestamp=at request_path=path status=status duration=took:s`;
    const settings = scanSettings(mapping, '/customers/{customer_id}');
    const scanned = scan(Buffer.from(`${line}\n`), { settings });
    expect(scanned.records).toEqual([]);
    expect(scanned.rejections.map(({ reason }) => reason)).toEqual(['invalid_duration']);
  });

  it.each([
    'GET /customers/cust_40  HTTP/1.1',
    'GET  /customers/cust_40 HTTP/1.1',
    'GET /customers/cust_40 HTTP/1.1 ',
    'GET /customers/cust_40  ',
  ])('finds no customer id in %j, which has a space too many for a request', (request) => {
    const settings = scanSettings('{timestamp} "{request}" {status}', '/customers/{customer_id}');
    const scanned = scan(Buffer.from(`2024-10-02 05:10:46 "${request}" 200\n`), { settings });
    expect(scanned.records).toEqual([]);
    expect(scanned.rejections.map(({ reason }) => reason)).toEqual(['missing_customer_id']);
  });

  it.each(['G\\ET', 'GET\\x20', '\\'])('resolves the escapes of a whole request: %s', (method) => {
    const settings = scanSettings('csv timestamp=at:epoch_s request=r status=s', '/customers/{customer_id}');
    const format = { ...settings.format, escapes: 'backslash' } as const;
    const log = Buffer.from(`at,r,s\n1727845846,${method} /customers/a HTTP/1.1,200\n`);
    const options = { ...settings, format };
    expect(scan(log, { settings: options })).toEqual(scanByReference(log, options));
  });

  it.each(['-ms', '-1ms'])('takes %j, a unit without its number, for no missing duration', (duration) => {
    const settings = scanSettings('{timestamp} {customer_id} {status} {duration:ms+unit?}');
    const scanned = scan(Buffer.from(`2024-10-02 05:10:46 cust_40 200 ${duration}\n`), { settings });
    expect(scanned.records).toEqual([]);
    expect(scanned.rejections.map(({ reason }) => reason)).toEqual(['invalid_duration']);
  });

  it('leaves a last line without a newline alone until it is told that there is no more', () => {
    const bytes = Buffer.from(`${GOOD}\n${GOOD}`);
    expect(scan(bytes, { isWhole: false })).toMatchObject({ lines: 1, offset: GOOD.length + 1 });
    expect(scan(bytes)).toMatchObject({ lines: 2, offset: bytes.length });
  });

  it('passes over the newline of a line that was taken without it', () => {
    for (const end of ['\n', '\r\n']) {
      const after = scan(Buffer.from(`${end}${GOOD}\n`), { offset: 100, isInsideLine: true });
      expect(after).toMatchObject({ lines: 1, rejections: [], offset: 100 + end.length + GOOD.length + 1 });
    }
  });

  it('rejects what a line goes on with that was taken without its newline', () => {
    const after = scan(Buffer.from(`16\n${GOOD}\n`), { offset: 100, isInsideLine: true });
    expect(after.rejections).toEqual([{ reason: 'continued_line', offset: 100, excerpt: '16' }]);
    expect(after.records).toHaveLength(1);
  });

  it.each([1_000, 65_536, 300_000])(
    'rejects a line beyond the bound whole, in blocks of %d bytes, and reads on behind it',
    (blockBytes) => {
      const long = 'x'.repeat(5 * MAX_LINE_BYTES);
      const scanned = scan(Buffer.from(`${GOOD}\n${long}\n${GOOD}\n`), { blockBytes });
      expect(scanned.records).toHaveLength(2);
      expect(scanned.rejections).toEqual([
        { reason: 'line_too_long', offset: GOOD.length + 1, excerpt: `${'x'.repeat(200)}…` },
      ]);
    },
  );

  it('rejects a line beyond the bound that never ends', () => {
    const scanned = scan(Buffer.from('x'.repeat(3 * MAX_LINE_BYTES)), { blockBytes: 10_000 });
    expect(scanned).toMatchObject({ lines: 1, offset: 3 * MAX_LINE_BYTES });
    expect(scanned.rejections[0]?.reason).toBe('line_too_long');
  });

  it('shows rejected lines so that a terminal or a database can hold them', () => {
    const scanned = scan(Buffer.from('\u0000\u001b[31mred\u0085\u2028\ud83d\n'));
    expect(scanned.rejections[0]?.excerpt).toBe('\\x00\\x1b[31mred\\x85\\u{2028}\ufffd');
  });

  it('says when its table of customers is full, and goes on when it is emptied', () => {
    const customers = MAX_INTERNED_CUSTOMERS + 1000;
    const lines = Array.from({ length: customers }, (_, i) => GOOD.replace('cust_40', `c${i}`));
    const { records } = scan(Buffer.from(`${lines.join('\n')}\n`));
    expect(records.map(({ customerId }) => customerId)).toEqual(lines.map((_, i) => `c${i}`));
  });
});
