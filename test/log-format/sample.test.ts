import { describe, expect, it } from 'vitest';
import { judgeSample as judge } from '../../src/log-format/sample.ts';
import { scanSettings } from '../support/scan-settings.ts';

const GOOD = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316';

const judgeSample = (bytes: Uint8Array, isWhole: boolean) => judge(bytes, isWhole, scanSettings('default'));

describe('the first bytes of a file', () => {
  it.each([
    ['a good line', `${GOOD}\n`, true],
    ['one good line among broken ones', `what\n\n${GOOD}\nis this\n`, true],
    ['a good last line without a newline', `what\n${GOOD}`, true],
    ['half a line, of a file that goes on', GOOD.slice(0, 30), false],
  ])('with %s are of a log', (_, text, isWhole) => {
    expect(judgeSample(Buffer.from(text), isWhole)).toEqual({ kind: 'log' });
  });

  it('of broken lines only are not of a log', () => {
    const verdict = judgeSample(Buffer.from('what\nis\nthis'), true);
    expect(verdict).toEqual({ kind: 'no line understood', lines: 3, firstReason: 'invalid_timestamp' });
  });

  it('with a NUL byte are not of a text file', () => {
    const verdict = judgeSample(Buffer.from(`${GOOD}\n\u0000\n`), true);
    expect(verdict).toEqual({ kind: 'binary', because: `byte ${GOOD.length + 1} is NUL` });
  });

  it('with many NULs between lines are of a log, but not with NULs up to their end: that is still to be written', () => {
    const nuls = '\0'.repeat(5_000);
    expect(judgeSample(Buffer.from(`${GOOD}\n${nuls}${GOOD}\n`), false)).toEqual({ kind: 'log' });
    const verdict = judgeSample(Buffer.from(`${GOOD}\n${nuls}`), false);
    expect(verdict).toEqual({ kind: 'binary', because: `byte ${GOOD.length + 1} is NUL` });
  });

  it('are judged by the format that is set', () => {
    const line = '192.0.2.9 - cust_1 [02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 200 5\n';
    expect(judge(Buffer.from(line), true, scanSettings('common'))).toEqual({ kind: 'log' });
    expect(judge(Buffer.from(line), true, scanSettings('default'))).toMatchObject({
      kind: 'no line understood',
      firstReason: 'invalid_timestamp',
    });
  });

  it('are of a log where no line has a customer id: it is in the format', () => {
    const line = '192.0.2.9 - - [02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 200 5\n';
    expect(judge(Buffer.from(line), true, scanSettings('common'))).toEqual({ kind: 'log' });
  });

  it('are of a log where there are only names of columns, or comments', () => {
    const csv = scanSettings('csv timestamp=at status=status customer_id=customer');
    expect(judge(Buffer.from('at,status,customer\n'), true, csv)).toEqual({ kind: 'log' });
    const comments = scanSettings('cloudfront', 'cs(Host)');
    expect(judge(Buffer.from('#Version: 1.0\n#Fields: date time\n'), true, comments)).toEqual({
      kind: 'log',
    });
  });
});
