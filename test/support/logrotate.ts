/** Debian's own logrotate, for a log in a directory of a test. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

/** Where it is, whether the path names it or not. */
const PATH = `${process.env.PATH}:/usr/sbin`;

/** A tick has 1 to 10 ms. */
const COARSE_CLOCK_LAG_MS = 50;

/**
 * @param parent where its configuration and its state are kept: out of the logs' directory.
 * @param log which log it rotates; a pattern, too.
 * @returns what rotates the log now.
 */
export function logrotateOf(parent: string, log: string, directives: readonly string[]): () => Promise<void> {
  const configuration = join(parent, 'logrotate.conf');
  writeFileSync(configuration, `"${log}" {\n${['rotate 20', ...directives].join('\n')}\n}\n`, {
    mode: 0o600,
  });
  const args = ['--force', '--state', join(parent, 'logrotate.state'), configuration];
  let lastSecond = 0;
  return async () => {
    // A rotated log may be named by the second, so the next rotation must begin in a later one. The clock that logrotate reads
    // is behind by up to a tick of the kernel.
    await until(() => Math.floor((Date.now() - COARSE_CLOCK_LAG_MS) / 1000) > lastSecond);
    await promisify(execFile)('logrotate', args, { env: { PATH } });
    lastSecond = Math.floor(Date.now() / 1000);
  };
}
