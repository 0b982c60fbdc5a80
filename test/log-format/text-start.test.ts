import { describe, expect, it } from 'vitest';
import { scanSettings } from '../support/scan-settings.ts';
import { scan } from '../support/scanning.ts';

const MARK = '\ufeff';
const SETTINGS = {
  default: scanSettings('default'),
  json: scanSettings('json timestamp=t customer_id=c status=s'),
  logfmt: scanSettings('logfmt timestamp=t customer_id=c status=s'),
  csv: scanSettings('csv timestamp=t customer_id=c status=s'),
  combined: scanSettings('combined'),
  cri: { ...scanSettings('default'), wrapper: 'cri' as const },
  docker: { ...scanSettings('default'), wrapper: 'docker' as const },
};

const GOOD = '2024-10-02 05:10:46 cust_40 /api 400 0.316';
const LINES: Record<keyof typeof SETTINGS, string> = {
  default: GOOD,
  json: '{"t":"2024-10-02T05:10:46Z","c":"cust_40","s":400}',
  logfmt: 't=2024-10-02T05:10:46Z c=cust_40 s=400',
  csv: '2024-10-02T05:10:46Z,cust_40,400',
  combined: '192.0.2.1 - cust_40 [02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 400 9 "-" "-"',
  cri: `2022-01-28T16:04:05.413656027Z stdout F ${GOOD}`,
  docker: `{"log":"${GOOD}\\n","stream":"stdout","time":"2021-08-24T09:52:13.2Z"}`,
};
const LAYOUTS = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];

const head = (layout: string): string => (layout === 'csv' ? 't,c,s\n' : '');

describe('before the first line of a log', () => {
  it.each(LAYOUTS)('a byte order mark and NULs are passed over: %s', (layout) => {
    for (const dirt of [MARK, '\0', '\0'.repeat(200), `\0\0${MARK}`]) {
      const log = Buffer.from(`${dirt}${head(layout)}${LINES[layout]}\n${LINES[layout]}\n`);
      for (const blockBytes of [1, 7, 1 << 20]) {
        const { records, rejections } = scan(log, { settings: SETTINGS[layout], blockBytes });
        expect(records.map(({ customerId }) => customerId)).toEqual(['cust_40', 'cust_40']);
        expect(rejections).toHaveLength(layout === 'csv' ? 1 : 0);
      }
    }
  });

  it('they are a part of the line, whose position is their own', () => {
    const { rejections } = scan(Buffer.from(`\0\0${MARK}what\n${GOOD}\n`));
    expect(rejections).toMatchObject([{ reason: 'invalid_timestamp', offset: 0 }]);
  });

  it('a byte order mark is rejected where it stands before another line', () => {
    const { records, rejections } = scan(Buffer.from(`${GOOD}\n${MARK}${GOOD}\n`));
    expect(records).toHaveLength(1);
    expect(rejections).toMatchObject([{ reason: 'invalid_timestamp', offset: GOOD.length + 1 }]);
  });

  it('too many NULs make the line too long', () => {
    const { records, rejections } = scan(Buffer.from(`${'\0'.repeat(100_000)}${GOOD}\n${GOOD}\n`));
    expect(records).toHaveLength(1);
    expect(rejections).toMatchObject([{ reason: 'line_too_long', offset: 0 }]);
  });
});
