/** What documents and messages tell people to run. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Outside of a checkout plain `npx daymark` would fetch whatever package has that name on the registry, and run it. */
it('never advise to run daymark in a way that can fetch a package of somebody else', () => {
  const files = globSync(['*.md', 'docs/*', 'src/**/*.ts', 'scripts/*', 'compose.yaml', 'man/*'], {
    cwd: ROOT,
  });
  expect(files).toContain('README.md');
  const advising = files.filter((file) =>
    /(npx|npm (x|exec))( -y| --yes| --)? daymark/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(advising).toEqual([]);
});
