import { describe, expect, it } from 'vitest';
import { MAX_INTERNED_CUSTOMERS, MAX_LINE_BYTES, MAX_PART_GROUP_BYTES } from '../../../src/limits.ts';
import { scanSettings } from '../../support/scan-settings.ts';
import { type ScanOptions, scan, scanByReference } from '../../support/scanning.ts';

const SETTINGS = { ...scanSettings('combined'), wrapper: 'cri' as const };
const line = (customer: string, agent = '-') =>
  `192.0.2.1 - ${customer} [10/Jan/2015:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "${agent}"`;
const wrapped = (stream: 'stdout' | 'stderr', tag: 'P' | 'F', text: string) =>
  `2016-02-17T00:04:05.931087621Z ${stream} ${tag} ${text}\n`;

/** Reads a log in several ways, which must all say the same: the customers, and the rejected lines by their place. */
function read(log: string, options: ScanOptions = {}) {
  const bytes = Buffer.from(log);
  const whole = scan(bytes, { settings: SETTINGS, ...options });
  for (const blockBytes of [100, 4_000, 70_000])
    expect(scan(bytes, { settings: SETTINGS, ...options, blockBytes, maxLines: 3 })).toEqual(whole);
  if (options.isWhole !== false) expect(scanByReference(bytes, SETTINGS)).toEqual(whole);
  return {
    customers: whole.records.map(({ customerId }) => customerId),
    rejected: whole.rejections.map(({ offset, reason }) => [offset, reason]),
    offset: whole.offset,
    lines: whole.lines,
  };
}

describe('a line in parts', () => {
  it('is joined across the lines of another stream', () => {
    const log =
      wrapped('stdout', 'P', '192.0.2.1 - bo') +
      wrapped('stderr', 'F', line('eve')) +
      wrapped('stderr', 'P', '192.0.2.1 - m') +
      wrapped('stdout', 'P', 'b [10/Jan/2015:00:00:00 +0000] "GET /') +
      wrapped('stderr', 'F', 'allory [10/Jan/2015:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "-"') +
      wrapped('stdout', 'F', ' HTTP/1.1" 200 9 "-" "-"');
    expect(read(log)).toMatchObject({ customers: ['bob', 'eve', 'mallory'], rejected: [], lines: 3 });
  });

  it('is waited for where the log may go on, and what began meanwhile, too', () => {
    const first = wrapped('stdout', 'F', line('bob'));
    const rest = wrapped('stdout', 'P', '192.0.2.1 - bo') + wrapped('stderr', 'F', line('eve'));
    expect(read(first + rest, { isWhole: false })).toEqual({
      customers: ['bob'],
      rejected: [],
      offset: first.length,
      lines: 1,
    });
  });

  it('is rejected where the log ends before its last part', () => {
    const first = wrapped('stdout', 'F', line('bob'));
    const log = first + wrapped('stdout', 'P', line('eve')) + wrapped('stderr', 'F', line('mallory'));
    expect(read(log)).toEqual({
      customers: ['bob', 'mallory'],
      rejected: [[first.length, 'unfinished_line']],
      offset: log.length,
      lines: 3,
    });
  });

  it('is rejected where a line that could be one of its parts is broken', () => {
    const first = wrapped('stdout', 'P', '192.0.2.1 - bob ');
    const log =
      first +
      'what\n' +
      wrapped('stdout', 'F', '- eve [10/Jan/2015:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "-"') +
      wrapped('stdout', 'F', line('mallory'));
    expect(read(log)).toMatchObject({
      customers: ['mallory'],
      rejected: [
        [0, 'unfinished_line'],
        [first.length, 'malformed_line'],
      ],
    });
  });

  it('can be as long as a line, and no longer', () => {
    const overhead = line('bob', '').length;
    for (const more of [0, 1]) {
      const text = line('bob', 'x'.repeat(MAX_LINE_BYTES - overhead + more));
      const parts = text.match(/.{1,16000}/g) ?? [];
      const log = parts.map((part, i) => wrapped('stdout', i < parts.length - 1 ? 'P' : 'F', part)).join('');
      expect(read(log + wrapped('stdout', 'F', line('eve')))).toMatchObject({
        customers: more === 0 ? ['bob', 'eve'] : ['eve'],
        rejected: more === 0 ? [] : [[0, 'line_too_long']],
      });
    }
  });

  it('that is far too long is waited for, so that its last part is not taken for a line', () => {
    const part = wrapped('stdout', 'P', 'x'.repeat(16_000));
    const log =
      part.repeat(40) +
      wrapped('stderr', 'F', line('eve')) +
      part.repeat(20) +
      wrapped('stdout', 'F', line('mallory')) +
      wrapped('stdout', 'F', line('bob'));
    expect(read(log)).toMatchObject({
      customers: ['bob'],
      rejected: [
        [0, 'line_too_long'],
        [40 * part.length, 'unfinished_line'],
      ],
      lines: 3,
    });
  });

  it('is given up where its stream is silent for too long, and the other stream counts', () => {
    const other = wrapped('stdout', 'F', line('bob', 'x'.repeat(1_000)));
    const times = Math.ceil(MAX_PART_GROUP_BYTES / other.length) + 100;
    const log =
      wrapped('stderr', 'P', 'Listening on ') + other.repeat(times) + wrapped('stderr', 'F', 'port 80');
    const { customers, rejected } = read(log);
    expect(customers).toHaveLength(times);
    expect(rejected).toMatchObject([
      [0, 'unfinished_line'],
      [expect.any(Number), 'invalid_customer_id'],
    ]);
  });

  it('and lines of another stream fit into more than one batch of records', () => {
    const other = '2016-02-17T00:04:05Z stderr F what\n';
    const log = wrapped('stdout', 'P', 'x') + other.repeat(6_000) + wrapped('stdout', 'F', line('bob'));
    expect(read(log).lines).toBe(6_002);
  });

  it('with a part beyond the bound of a line is rejected, and so is that part', () => {
    const part = wrapped('stdout', 'P', '192.0.2.1 - bob ');
    const log =
      part +
      wrapped('stdout', 'P', 'x'.repeat(2 * MAX_LINE_BYTES)) +
      wrapped('stdout', 'F', line('eve')) +
      wrapped('stdout', 'F', line('mallory'));
    expect(read(log)).toMatchObject({
      customers: ['mallory'],
      rejected: [
        [0, 'unfinished_line'],
        [part.length, 'line_too_long'],
      ],
    });
  });

  it('waits with the others for room for their customers', () => {
    const customers = Array.from({ length: MAX_INTERNED_CUSTOMERS - 1 }, (_, i) => `c${i}`);
    const log =
      customers.map((customer) => wrapped('stdout', 'F', line(customer))).join('') +
      wrapped('stdout', 'P', '192.0.2.1 - bo') +
      wrapped('stderr', 'F', line('eve')) +
      wrapped('stderr', 'F', line('mallory')) +
      wrapped('stdout', 'F', 'b [10/Jan/2015:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "-"');
    const { records, rejections } = scan(Buffer.from(log), { settings: SETTINGS });
    expect(rejections).toEqual([]);
    expect(records.map(({ customerId }) => customerId)).toEqual([...customers, 'bob', 'eve', 'mallory']);
  });
});
