/** The products that the tests start, each with the formats in which it writes its log. */

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import { endProgram, freePorts, type Product, startProgram } from './product.ts';
import { ODD_REQUESTS } from './wire.ts';

const IS_ROOT = process.getuid?.() === 0;

const NGINX_JSON = `log_format json escape=json
  '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","remote_user":"$remote_user",'
  '"request":"$request","status":"$status","request_time":"$request_time","http_user_agent":"$http_user_agent"}';`;

const nginx: Product = {
  name: 'nginx',
  program: 'nginx',
  package: 'nginx-light',
  abortedStatuses: [499],
  async start(directory, upstreamPort) {
    const [port = 0] = await freePorts(1);
    const at = (name: string) => join(directory, name);
    const combined =
      '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
    writeFileSync(
      at('nginx.conf'),
      `daemon off;
pid ${at('pid')};
worker_processes 1;
${IS_ROOT ? 'user root;' : ''}
events { worker_connections 64; }
http {
  client_body_temp_path ${at('body')};
  proxy_temp_path ${at('proxy')};
  fastcgi_temp_path ${at('fastcgi')};
  uwsgi_temp_path ${at('uwsgi')};
  scgi_temp_path ${at('scgi')};
  log_format ingress '${combined} $request_length $request_time [$proxy_host] [] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $request_id';
  log_format timed '${combined} rt=$request_time urt="$upstream_response_time"';
  ${NGINX_JSON}
  access_log ${at('combined.log')};
  access_log ${at('ingress.log')} ingress;
  access_log ${at('timed.log')} timed;
  access_log ${at('json.log')} json;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://127.0.0.1:${upstreamPort}; }
  }
}
`,
    );
    const args = ['-c', at('nginx.conf'), '-p', directory, '-e', at('error.log')];
    const child = await startProgram('nginx', args, { ports: [port], output: at('output') });
    return {
      endpoints: [
        {
          port,
          logs: [
            {
              about: 'combined, as installed',
              file: at('combined.log'),
              customer: 'user',
              hasDuration: false,
              preset: 'combined',
            },
            {
              about: 'that of ingress-nginx',
              file: at('ingress.log'),
              customer: 'path',
              hasDuration: true,
              preset: 'nginx-ingress',
            },
            {
              about: 'combined and times with labels',
              file: at('timed.log'),
              customer: 'user',
              hasDuration: true,
            },
            {
              about: 'JSON',
              file: at('json.log'),
              customer: 'user',
              hasDuration: true,
              preset: 'nginx-json',
            },
          ],
        },
      ],
      stop: () => endProgram(child, 'SIGQUIT'),
    };
  },
};

/** A file of users whose password is `secret`. */
function passwords(): string {
  const hash = createHash('sha1').update('secret').digest('base64');
  const users = new Set(ODD_REQUESTS.flatMap(({ user }) => user ?? []));
  return [...users].map((user) => `${user}:{SHA}${hash}\n`).join('');
}

const apache: Product = {
  name: 'Apache',
  program: 'apache2',
  package: 'apache2',
  // It notices only when it writes the answer.
  abortedStatuses: [200],
  async start(directory, upstreamPort) {
    const [port = 0] = await freePorts(1);
    const at = (name: string) => join(directory, name);
    const modules = [
      'mpm_event',
      'proxy',
      'proxy_http',
      'authn_core',
      'authn_file',
      'authz_core',
      'authz_user',
      'auth_basic',
    ];
    chmodSync(directory, 0o755);
    writeFileSync(at('users'), passwords());
    writeFileSync(
      at('apache.conf'),
      `ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${at('pid')}
Mutex file:${directory}
DefaultRuntimeDir ${directory}
ErrorLog ${at('error.log')}
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${IS_ROOT ? 'User www-data\nGroup www-data' : ''}
AllowEncodedSlashes NoDecode
LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" vhost_combined
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog ${at('combined.log')} combined
CustomLog ${at('vhosts.log')} vhost_combined
<Location />
  AuthType Basic
  AuthName "any"
  AuthUserFile ${at('users')}
  <RequireAny>
    Require valid-user
    Require expr "-z %{HTTP:Authorization}"
  </RequireAny>
</Location>
ProxyPass / http://127.0.0.1:${upstreamPort}/ nocanon
`,
    );
    const args = ['-f', at('apache.conf'), '-DFOREGROUND'];
    const child = await startProgram('apache2', args, { ports: [port], output: at('output') });
    return {
      endpoints: [
        {
          port,
          logs: [
            {
              about: 'combined',
              file: at('combined.log'),
              customer: 'path',
              hasDuration: false,
              preset: 'combined',
            },
            {
              about: 'vhost_combined',
              file: at('vhosts.log'),
              customer: 'user',
              hasDuration: false,
              preset: 'vhost_combined',
            },
          ],
        },
      ],
      stop: () => endProgram(child),
    };
  },
};

const haproxy: Product = {
  name: 'HAProxy',
  program: 'haproxy',
  package: 'haproxy',
  // 2.6 writes 400, later versions 499 or -1.
  abortedStatuses: [400, 499, 0],
  // It cuts lines at 1,024 bytes.
  loses: ({ target }) => target.length > 900,
  async start(directory, upstreamPort) {
    const [plain = 0, captures = 0] = await freePorts(2);
    const at = (name: string) => join(directory, name);
    const configuration = (port: number, options: string) => `global
  log stdout format raw local0
defaults
  mode http
  log global
  option abortonclose
  timeout client 10s
  timeout server 10s
  timeout connect 10s
frontend www
  bind 127.0.0.1:${port}
  ${options}
  default_backend app
backend app
  server one 127.0.0.1:${upstreamPort}
`;
    writeFileSync(at('plain.cfg'), configuration(plain, 'option httplog'));
    writeFileSync(
      at('captures.cfg'),
      configuration(
        captures,
        'option httpslog\n  capture request header User-Agent len 64\n  capture response header Date len 64',
      ),
    );
    const children = [
      await startProgram('haproxy', ['-f', at('plain.cfg')], { ports: [plain], output: at('plain.log') }),
      await startProgram('haproxy', ['-f', at('captures.cfg')], {
        ports: [captures],
        output: at('captures.log'),
      }),
    ];
    const log = { customer: 'path', hasDuration: true, preset: 'haproxy' } as const;
    return {
      endpoints: [
        { port: plain, logs: [{ about: '`option httplog`', file: at('plain.log'), ...log }] },
        {
          port: captures,
          logs: [{ about: '`option httpslog` with captures', file: at('captures.log'), ...log }],
        },
      ],
      stop: async () => {
        for (const child of children) await endProgram(child);
      },
    };
  },
};

const caddy: Product = {
  name: 'Caddy',
  program: 'caddy',
  package: 'caddy',
  abortedStatuses: [0, 499],
  async start(directory, upstreamPort) {
    const at = (name: string) => join(directory, name);
    const formats = [
      ['json', { about: 'JSON', hasDuration: true, preset: 'caddy' }],
      [
        'json {\n time_format wall_milli\n duration_format string\n }',
        { about: 'JSON with other times', hasDuration: true },
      ],
      ['console', { about: 'console', hasDuration: true, preset: 'caddy-console' }],
    ] as const;
    const ports = await freePorts(formats.length);
    const sites = formats.map(
      ([format], i) => `http://127.0.0.1:${ports[i]} {
 bind 127.0.0.1
 log {
  output file ${at(`${i}.log`)}
  format ${format}
 }
 reverse_proxy 127.0.0.1:${upstreamPort}
}
`,
    );
    mkdirSync(at('home'));
    writeFileSync(
      at('Caddyfile'),
      `{\n admin off\n auto_https off\n}\n${sites.join('').replaceAll('http://127.0.0.1:', 'http://:')}`,
    );
    const args = ['run', '--config', at('Caddyfile'), '--adapter', 'caddyfile'];
    const env = { HOME: at('home'), XDG_DATA_HOME: at('home'), XDG_CONFIG_HOME: at('home') };
    const child = await startProgram('caddy', args, { ports, output: at('output'), env });
    return {
      endpoints: formats.map(([, log], i) => ({
        port: ports[i] ?? 0,
        logs: [{ ...log, file: at(`${i}.log`), customer: 'path' }],
      })),
      stop: () => endProgram(child),
    };
  },
};

const APP = `def application(environ, start_response):
    path = environ['REQUEST_URI']
    status = path.partition('/status/')[2][:3] or '200'
    start_response(status + ' x', [])
    return [b'']
`;

const uwsgi: Product = {
  name: 'uWSGI',
  program: 'uwsgi_python3',
  package: 'uwsgi-plugin-python3',
  abortedStatuses: [],
  // It cuts a request at its spaces, and writes `- -` for one that is longer than 4 KiB.
  loses: ({ target }) => target.includes(' ') || target.length > 4_000,
  async start(directory) {
    const [port = 0] = await freePorts(1);
    const at = (name: string) => join(directory, name);
    writeFileSync(at('app.py'), APP);
    const args = [
      '--plugins',
      'python3,logfile',
      '--req-logger',
      `file:${at('uwsgi.log')}`,
      '--http-socket',
      `127.0.0.1:${port}`,
      '--wsgi-file',
      at('app.py'),
      '--die-on-term',
      '--buffer-size',
      '16384',
    ];
    const child = await startProgram('uwsgi_python3', args, { ports: [port], output: at('output') });
    return {
      endpoints: [
        {
          port,
          logs: [
            {
              about: 'as installed',
              file: at('uwsgi.log'),
              customer: 'path',
              hasDuration: true,
              preset: 'uwsgi',
            },
          ],
        },
      ],
      stop: async () => {
        // What it has not written when it ends is lost.
        const requests = ODD_REQUESTS.filter(({ isAborted = false }) => !isAborted).length;
        const linesOf = (file: string) =>
          existsSync(file) ? readFileSync(file, 'latin1').split('\n').length : 0;
        await until(() => linesOf(at('uwsgi.log')) > requests, {
          describe: () => `${linesOf(at('uwsgi.log'))} lines, ${readFileSync(at('output'), 'latin1')}`,
        });
        await endProgram(child);
      },
    };
  },
};

export const PRODUCTS: readonly Product[] = [nginx, apache, haproxy, caddy, uwsgi];
