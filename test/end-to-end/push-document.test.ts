/** The commands of docs/push.md, as a reader pastes them into a shell. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MAIN, run, servedUrl, start } from '../support/cli.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/push.md'), 'utf8');
const [SETUP = '', SENDING = ''] = [...DOCUMENT.matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, commands]) => commands,
);
const ANSWER = /```json\n([\s\S]*?)```/.exec(DOCUMENT)?.[1] ?? '';
const SERVING = 'npx --no-install daymark serve &\n';

/** `npx` that runs what was built, and not what is installed. */
function shellIn(directory: string) {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  const env = { PATH: `${bin}:${process.env.PATH}`, DATA_DIR: join(directory, 'data') };
  const bash = (script: string): string =>
    execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: directory, env, encoding: 'utf8' });
  return { bash, env };
}

test('docs/push.md: what its commands print is what it says, and the lines are in the answers of the API', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-push-document-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const { bash, env } = shellIn(directory);
  expect(SETUP).toContain(SERVING);
  // The shell has the port of the document; the test starts the server at a free one.
  const key = bash(`${SETUP.replace(SERVING, '')}echo "$KEY"`).trim();
  const server = start(['serve'], { env: { ...env, AUTH: 'keys', PUSH: 'on', PORT: '0' } });
  onTestFinished(() => void server.process.kill('SIGKILL'));
  const url = await servedUrl(server);
  const told = bash(`KEY='${key}'\n${SENDING.replaceAll('http://localhost:8888', url)}`);
  const withId = (text: string) =>
    JSON.parse(text.replace(/push-\w+-1/, 'push-5f0c1d2e3a4b5c6d-1')) as unknown;
  expect(withId(told)).toEqual(withId(ANSWER));
  const days = await run(['stats', 'cust_1', '--from', '2024-10-01', '--json'], { env });
  expect(JSON.parse(days.stdout)).toHaveLength(2);
  const sources = await run(['sources', '--json'], { env });
  expect(JSON.parse(sources.stdout)).toMatchObject({
    sources: [{ name: `(push by key ${key.split('_')[1]})` }],
  });
});
