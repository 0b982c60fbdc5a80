/** The lag that `up` and `serve` give, while a log grows. */

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { envOf, type RunningCli, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { siteOfEachTest } from '../support/site.ts';

const LINE = '2024-10-02 05:10:46 cust_1 /api 200 0.316\n';
const site = siteOfEachTest('status');

/** Starts a command that serves. @returns what asks it for the status. */
async function serving(command: string, env: Record<string, string>) {
  const running: RunningCli = start([command, '--port', '0'], { env });
  onTestFinished(() => void running.process.kill('SIGKILL'));
  const url = (await running.says('serving')).match(/http:\/\/\S+/)?.[0];
  return async () => (await (await fetch(`${url}/v1/status`)).json()) as Record<string, unknown>;
}

it('follows what is written, and is known only where the logs are read', async () => {
  const env = { ...envOf((await site.newPlace()).location), LOGS_SOURCE_DIR: site.logs };
  const log = join(site.logs, 'api.log');
  writeFileSync(log, LINE.repeat(10));
  const up = await serving('up', { ...env, WAIT_FOR_SYSTEM_DURATION: 'PT1H' });
  const serve = await serving('serve', env);
  for (let lines = 10; lines <= 40; lines += 15) {
    await eventually(async () => {
      const { bytes_behind, seconds_behind, ...status } = await up();
      return [status.lines, bytes_behind, typeof seconds_behind];
    }).toEqual([lines, 0, 'number']);
    appendFileSync(log, LINE.repeat(15));
  }
  expect(await up()).toMatchObject({
    ...{ is_reading: true, waits_for: null, last_event: '2024-10-02T05:10:46.000Z', time_zone: 'UTC' },
    watermark: '2024-10-02T04:10:46.000Z',
    sources: { live: 1, finished: 0, retired: 0 },
  });
  // It never goes back to what is not known, and it does not grow while all that is there is read.
  await eventually(async () => Number((await up()).seconds_behind)).toBeLessThan(60);
  expect(await serve()).toMatchObject({
    ...{
      is_reading: false,
      bytes_behind: null,
      messages_behind: null,
      seconds_behind: null,
      waits_for: null,
      watermark: null,
    },
    last_event: '2024-10-02T05:10:46.000Z',
  });
});
