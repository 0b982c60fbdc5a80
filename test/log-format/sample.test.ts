import { describe, expect, it } from 'vitest';
import { judgeSample } from '../../src/log-format/sample.ts';

const GOOD = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316';

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
});
