import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MAX_PUSH_BYTES } from '../../../src/limits.ts';
import { decodedBody, PUSH_ENCODINGS } from '../../../src/source/push/push-body.ts';
import { linesPush } from '../../support/push-client.ts';

const TEXT = Buffer.from('2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n'.repeat(100));

const codeOf = (body: Uint8Array, encoding: (typeof PUSH_ENCODINGS)[number]) => {
  try {
    decodedBody(body, encoding);
    return 'read';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe.each(PUSH_ENCODINGS)('a body in %s', (encoding) => {
  const { body } = linesPush(TEXT, 'key', encoding);

  test('is decompressed', () => {
    expect(Buffer.compare(decodedBody(body, encoding), TEXT)).toBe(0);
  });

  test('is refused where it is cut off, damaged, empty, or has something behind it', () => {
    expect(codeOf(body.subarray(0, -3), encoding)).toBe('PUSH_UNREADABLE');
    expect(codeOf(TEXT, encoding)).toBe('PUSH_UNREADABLE');
    expect(codeOf(new Uint8Array(), encoding)).toBe('PUSH_UNREADABLE');
    expect(codeOf(Buffer.concat([body, Buffer.from('line\n')]), encoding)).toBe('PUSH_UNREADABLE');
  });

  test('is refused where it is too large without compression', () => {
    const { body: bomb } = linesPush(Buffer.alloc(MAX_PUSH_BYTES + 1), 'key', encoding);
    expect(bomb.length).toBeLessThan(100_000);
    expect(codeOf(bomb, encoding)).toBe('PUSH_TOO_LARGE');
    expect(codeOf(linesPush(Buffer.alloc(MAX_PUSH_BYTES), 'key', encoding).body, encoding)).toBe('read');
  });
});

test('all members of gzip are read, and a second frame of zstd is refused', () => {
  const twice = Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]);
  expect(decodedBody(twice, 'gzip')).toHaveLength(2 * TEXT.length);
  expect(codeOf(Buffer.concat([zstdCompressSync(TEXT), zstdCompressSync(TEXT)]), 'zstd')).toBe(
    'PUSH_UNREADABLE',
  );
});
