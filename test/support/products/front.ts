/** nginx and Caddy before the API, with the configurations of `operating/`. Only ports, addresses and paths are other ones. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newAuthority, SERVER_NAME } from '../certificates.ts';
import { askHttp } from '../https.ts';
import { until } from '../until.ts';
import { endProgram, freePorts, startProgram } from './product.ts';

const OPERATING = join(import.meta.dirname, '../../../operating');
const IS_ROOT = process.getuid?.() === 0;

export interface RunningFront {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Whom clients have to trust. */
  readonly ca: string;
  stop(): Promise<void>;
}

export interface Front {
  readonly name: string;
  readonly program: string;
  readonly package: string;
  /** @param directory an empty one. @param apiPort where daymark is, on 127.0.0.1. */
  start(directory: string, apiPort: number): Promise<RunningFront>;
}

/** The upstream of `operating/nginx.conf`, as one block. */
const UPSTREAM = /^upstream daymark \{[^}]*\}\n/m;

/** Replaces each text, which must be there. */
function replaced(text: string, replacements: readonly (readonly [from: string, to: string])[]): string {
  return replacements.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the configuration has no ${from}`);
    return all.replaceAll(from, to);
  }, text);
}

/** `operating/nginx.conf` before one daymark. */
const nginx: Front = {
  name: 'nginx',
  program: 'nginx',
  package: 'nginx-light',
  start(directory, apiPort) {
    const site = readFileSync(join(OPERATING, 'nginx.conf'), 'utf8');
    return startNginx(directory, replaced(site, [['127.0.0.1:8888', `127.0.0.1:${apiPort}`]]));
  },
};

/** `operating/nginx.conf` with `operating/nginx-upstream.conf`: nginx before two machines. */
export const nginxOfMachines = {
  start(directory: string, [first, second]: readonly [number, number]): Promise<RunningFront> {
    const site = readFileSync(join(OPERATING, 'nginx.conf'), 'utf8');
    const upstream = replaced(readFileSync(join(OPERATING, 'nginx-upstream.conf'), 'utf8'), [
      ['192.0.2.11:8888', `127.0.0.1:${first}`],
      ['192.0.2.12:8888', `127.0.0.1:${second}`],
    ]);
    return startNginx(
      directory,
      site.replace(UPSTREAM, () => upstream),
    );
  },
};

async function startNginx(directory: string, configuration: string): Promise<RunningFront> {
  const at = (name: string) => join(directory, name);
  const [httpPort = 0, httpsPort = 0] = await freePorts(2);
  const authority = newAuthority(directory);
  const { cert, key } = authority.issue();
  writeFileSync(at('cert.pem'), cert);
  writeFileSync(at('key.pem'), key);
  const certificates = `/etc/letsencrypt/live/${SERVER_NAME}`;
  const site = replaced(configuration, [
    [`${certificates}/fullchain.pem`, at('cert.pem')],
    [`${certificates}/privkey.pem`, at('key.pem')],
    // Not every machine has IPv6.
    ['listen [::]:80', `listen 127.0.0.9:${httpPort}`],
    ['listen [::]:443', `listen 127.0.0.9:${httpsPort}`],
    ['listen 80', `listen 127.0.0.1:${httpPort}`],
    ['listen 443 ssl http2', `listen 127.0.0.1:${httpsPort} ssl http2`],
  ]);
  writeFileSync(at('daymark.conf'), site);
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    at('nginx.conf'),
    `daemon off;
pid ${at('pid')};
worker_processes 2;
${IS_ROOT ? 'user root;' : ''}
events { worker_connections 256; }
http {
  ${folders.map((name) => `${name}_temp_path ${at(name)};`).join('\n  ')}
  access_log off;
  include ${at('daymark.conf')};
}
`,
  );
  const args = ['-c', at('nginx.conf'), '-p', directory, '-e', at('error.log')];
  const child = await startProgram('nginx', args, { ports: [httpPort, httpsPort], output: at('output') });
  return { httpPort, httpsPort, ca: authority.ca, stop: () => endProgram(child, 'SIGTERM') };
}

const caddy: Front = {
  name: 'Caddy',
  program: 'caddy',
  package: 'caddy',
  async start(directory, apiPort) {
    const at = (name: string) => join(directory, name);
    const [httpPort = 0, httpsPort = 0] = await freePorts(2);
    const site = replaced(readFileSync(join(OPERATING, 'Caddyfile'), 'utf8'), [
      ['127.0.0.1:8888', `127.0.0.1:${apiPort}`],
    ]);
    // Its own authority in the place of one that asks over the network.
    const options = [
      ...['admin off', 'local_certs', 'skip_install_trust', 'default_bind 127.0.0.1'],
      ...[`http_port ${httpPort}`, `https_port ${httpsPort}`, `storage file_system ${at('storage')}`],
    ];
    writeFileSync(at('Caddyfile'), site.replace(/^\{\n/m, `{\n\t${options.join('\n\t')}\n`));
    mkdirSync(at('home'));
    const args = ['run', '--config', at('Caddyfile'), '--adapter', 'caddyfile'];
    const env = { HOME: at('home'), XDG_DATA_HOME: at('home'), XDG_CONFIG_HOME: at('home') };
    const ports = [httpPort, httpsPort];
    const child = await startProgram('caddy', args, { ports, output: at('output'), env });
    const [root, certificate] = [
      at('storage/pki/authorities/local/root.crt'),
      at(`storage/certificates/local/${SERVER_NAME}/${SERVER_NAME}.crt`),
    ];
    const describe = () => readFileSync(at('output'), 'utf8');
    await until(() => existsSync(root) && existsSync(certificate), { describe });
    // It writes a certificate before it uses it. Until then it refuses each handshake.
    const ca = readFileSync(root, 'utf8');
    const shakesHands = () =>
      askHttp(`https://127.0.0.1:${httpsPort}/`, { ca, servername: SERVER_NAME, agent: false }).then(
        () => true,
        () => false,
      );
    await until(shakesHands, { describe });
    return { httpPort, httpsPort, ca, stop: () => endProgram(child) };
  },
};

export const FRONTS: readonly Front[] = [nginx, caddy];
