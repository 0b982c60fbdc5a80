/** The API over TLS, as an operator sets it up and renews its certificate. */

import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Authority, newAuthority, type PemPair } from '../support/certificates.ts';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { askHttp } from '../support/https.ts';
import { siteOfEachTest } from '../support/site.ts';

const site = siteOfEachTest('tls');
const running: RunningCli[] = [];
let authority: Authority;

beforeEach(() => {
  authority = newAuthority(site.directory);
});
afterEach(async () => {
  for (const { process } of running) process.kill();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

const at = (name: string) => join(site.directory, name);

function write({ cert, key }: Partial<PemPair>): void {
  if (cert !== undefined) writeFileSync(at('cert.pem'), cert);
  if (key !== undefined) writeFileSync(at('key.pem'), key);
}

const env = () => ({
  ...{ DATA_DIR: at('data'), PORT: '0', TLS_CERT: at('cert.pem'), TLS_KEY: at('key.pem') },
});

async function serving(command: 'serve' | 'up', more: Record<string, string> = {}) {
  const cli = start([command], { env: { ...env(), ...more } });
  running.push(cli);
  const url = /https:\/\/\S+/.exec(await cli.says('serving '))?.[0] ?? '';
  return { cli, url };
}

/** The certificate that a new connection gets, as PEM. */
function certificateOf(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), ca: authority.ca }, () => {
      resolve(String(socket.getPeerX509Certificate()));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('up', () => {
  test('reads logs and serves them over HTTPS, with every certificate that takes the place of the first', async () => {
    writeFileSync(join(site.logs, 'api.log'), '2024-10-02 05:10:46 cust_1 /a 200 0.316\n');
    // As certbot leaves them: links to the files of the newest version.
    const issue = (version: string) => {
      const pair = authority.issue();
      mkdirSync(at(version));
      writeFileSync(at(`${version}/cert.pem`), pair.cert);
      writeFileSync(at(`${version}/key.pem`), pair.key);
      return pair;
    };
    const link = (version: string, name: string) => {
      symlinkSync(join(version, name), at('link'));
      renameSync(at('link'), at(name));
    };
    const first = issue('v1');
    for (const name of ['cert.pem', 'key.pem']) link('v1', name);
    const { cli, url } = await serving('up', { LOGS_SOURCE_DIR: site.logs });
    const days = `${url}/customers/cust_1/stats?from=2024-10-01`;
    const keepAlive = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.ca });
    onTestFinished(() => keepAlive.destroy());
    const ask = async () => (await askHttp(days, { agent: keepAlive })).json();
    await eventually(ask).toMatchObject([{ customer_id: 'cust_1', success_requests: 1 }]);
    expect(await cli.says(`look at ${url}/`)).toContain(`on ${url}`);
    expect(await certificateOf(url)).toBe(first.cert);

    const second = issue('v2');
    for (const name of ['cert.pem', 'key.pem']) link('v2', name);
    await eventually(() => certificateOf(url), 200).toBe(second.cert);
    expect(await ask()).toMatchObject([{ customer_id: 'cust_1' }]);
    expect(await cli.says('')).not.toContain('FILE_REFUSED');
    const page = await askHttp(`${url}/docs`, { agent: keepAlive });
    expect([page.status, page.headers['strict-transport-security']]).toEqual([200, undefined]);
  });
});

describe('serve', () => {
  test('keeps its certificate where the new one cannot be used, says so once, and takes the next good one', async () => {
    const first = authority.issue();
    write(first);
    expect((await run(['migrate'], { env: env() })).code).toBe(0);
    const { cli, url } = await serving('serve', { METRICS_PORT: '0' });
    const metrics = /http:\/\/\S+\/metrics/.exec(await cli.says('metrics are on'))?.[0] ?? '';
    // METRICS_PORT has no TLS.
    expect(await (await fetch(metrics)).text()).toContain('daymark_tls_certificate_not_after_seconds{');
    const warnings = async () => (await cli.says('')).split('FILE_REFUSED').length - 1;
    const second = authority.issue();
    write({ cert: second.cert });
    await cli.says('its key does not fit the first certificate of');
    expect(await certificateOf(url)).toBe(first.cert);
    write({ cert: second.cert.slice(0, 300) });
    await cli.says('its certificate cannot be read');
    rmSync(at('key.pem'));
    await eventually(warnings).toBe(3);
    expect(await certificateOf(url)).toBe(first.cert);
    write(second);
    await eventually(() => certificateOf(url), 200).toBe(second.cert);
    expect(await warnings()).toBe(3);
    expect(await cli.says('')).not.toContain('PRIVATE');
  });

  test('does not start with a certificate alone, nor with AUTH=off on a network', async () => {
    write(authority.issue());
    for (const [change, words] of [
      [{ TLS_KEY: '' }, 'INVALID_SETTING: TLS_CERT is set, but TLS_KEY is not'],
      [{ HOST: '0.0.0.0' }, 'AUTH_OFF'],
    ] as const) {
      const { code, stderr } = await run(['serve'], { env: { ...env(), ...change } });
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  test('does not start with a key that its user may not read', async () => {
    write(authority.issue());
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) return;
    const { code, stderr } = await run(['serve'], { env: env(), uid: 65_534 });
    expect([code, stderr]).toEqual([2, expect.stringContaining('this user may not read it')]);
  });
});
