import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answered } from '../support/questions.ts';

it('docs/questions.md has the answers that the program gives', async () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/questions.md'), 'utf8');
  expect(await answered(document)).toBe(document);
});
