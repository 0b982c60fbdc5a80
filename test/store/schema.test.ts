import { expect, test } from 'vitest';
import { assertCurrent } from '../../src/store/schema.ts';

const KNOWN = ['0001-initial', '0002-hours', '0003-paths'];

test('A schema with all migrations that we know, and no others, is current', () => {
  expect(() => assertCurrent(KNOWN, KNOWN, 'database x')).not.toThrow();
});

test.each([
  ['SCHEMA_MISSING', [], 'database x has no tables of daymark.'],
  ['SCHEMA_OLDER', ['0001-initial'], 'database x lacks: 0002-hours, 0003-paths.'],
  ['SCHEMA_NEWER', [...KNOWN, '0004-all'], 'The database x was upgraded by a newer daymark (0004-all).'],
  [
    'SCHEMA_NEWER',
    ['0001-initial', '0004-all'],
    'The database x was upgraded by a newer daymark (0004-all).',
  ],
])('It is %s where %j were applied', (code, applied, message) => {
  expect(() => assertCurrent(applied, KNOWN, 'database x')).toThrow(
    expect.objectContaining({ code, message }),
  );
});
