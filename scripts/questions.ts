/** Writes the answers in `docs/questions.md`: runs its commands and requests. It needs the built program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { answered } from '../test/support/questions.ts';

const PATH = 'docs/questions.md';
writeFileSync(PATH, await answered(readFileSync(PATH, 'utf8')));
