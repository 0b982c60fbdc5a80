import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

const NGINX = `http {
  include /etc/nginx/mime.types;
  log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                  '$status $body_bytes_sent "$http_x_api_key" $request_time';
}
`;
const LOG =
  `192.0.2.1 - - [02/Oct/2024:05:10:46 +0000] "GET /customers/c1/x HTTP/1.1" 200 5 "it's $k" 0.25\n`.repeat(
    3,
  );
const FIELDS = ['$remote_addr', '$remote_user', '$body_bytes_sent', '$http_x_api_key'];

let directory: string;
let log: string;
let conf: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "daymark it's $a "));
  log = join(directory, 'access "1".log');
  conf = join(directory, 'nginx.conf');
  writeFileSync(log, LOG);
  writeFileSync(conf, NGINX);
});

afterEach(() => rmSync(directory, { recursive: true }));

const env = (more: Record<string, string> = {}) => ({ DATA_DIR: join(directory, 'data'), ...more });

async function customersBy(format: string, more: Record<string, string> = {}): Promise<string> {
  const settings = env({ LOG_FORMAT: format, CUSTOMER_ID: '/customers/{customer_id}', ...more });
  const { code, stderr } = await run(['ingest', log], { env: settings, cwd: directory });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return (await run(['stats', 'c1', '--from', '2024-10-02', '--json'], { env: env() })).stdout;
}

describe('LOG_FORMAT=@FILE', () => {
  it.each(['@nginx.conf', '@nginx.conf:main', '@./nginx.conf'])(
    'reads by the format in the file: %s',
    async (format) => {
      expect(JSON.parse(await customersBy(format))).toMatchObject([
        { success_requests: 3, duration_mean: 0.25 },
      ]);
    },
  );

  it('takes a file whose name has a colon', async () => {
    writeFileSync(join(directory, 'my:format'), NGINX);
    expect(JSON.parse(await customersBy('@my:format'))).toHaveLength(1);
  });

  it.each([
    [
      'a value alone',
      `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$k" $request_time\n`,
    ],
    [
      'a value of several strings',
      `'$remote_addr - $remote_user [$time_local] "$request" '\n'$status $body_bytes_sent "$k" $request_time'`,
    ],
    ['a directive alone', NGINX.split('\n').slice(2, 4).join('\n')],
    ['a pattern', `{-addr} - {-user} [{timestamp:clf}] "{request}" {status} {-} "{-}" {duration:s}`],
  ])('takes a file with %s', async (_, text) => {
    writeFileSync(join(directory, 'format'), text);
    expect(JSON.parse(await customersBy('@format'))).toMatchObject([{ duration_mean: 0.25 }]);
  });

  it('is the same for what is kept with the log as the format itself', async () => {
    await customersBy('@nginx.conf');
    await customersBy(NGINX.split('\n').slice(2, 4).join('\n'));
  });

  it.each([
    ['@', 'there is no such file'],
    ['@none.conf', 'none.conf, but there is no such file'],
    ['@none.conf:main', 'there is no such file'],
    ['@sub', 'no regular file'],
    ['@long.conf', 'longer than'],
    ['@nginx.conf:mian', 'Did you mean main? '],
    [
      '@inc.conf',
      'The file has no log_format, and daymark does not follow includes: `nginx -T > all.conf` writes everything to one file. It includes conf.d/*.conf.',
    ],
    [
      '@inc.conf:main',
      'daymark does not follow includes (conf.d/*.conf): `nginx -T > all.conf` writes everything to one file.',
    ],
    ['@empty.conf', 'has no log format'],
    ['@broken.conf', 'has no log format'],
  ])('is refused as %s', async (format, message) => {
    mkdirSync(join(directory, 'sub'));
    for (const name of ['long.conf', 'empty.conf']) writeFileSync(join(directory, name), '');
    truncateSync(join(directory, 'long.conf'), 1e8);
    writeFileSync(join(directory, 'inc.conf'), 'include conf.d/*.conf;\n');
    writeFileSync(join(directory, 'broken.conf'), `http {\n log_format main 'open\n`);
    const result = await run(['check', log], { env: env({ LOG_FORMAT: format }), cwd: directory });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
  });

  it('disturbs no command that reads no logs', async () => {
    await customersBy('@nginx.conf');
    const settings = env({ LOG_FORMAT: '@gone.conf' });
    expect((await run(['stats', 'c1', '--from', '2024-10-02'], { env: settings })).code).toBe(0);
  });
});

const GOOD_LINE = '2024-10-02 05:10:46 cust_1 /api/v1/resource1 200 0.5\n';

/** Runs a command that `check` printed, as a shell does. */
function inShell(command: string, shell = 'sh'): { readonly code: number | null; readonly stdout: string } {
  const main = join(import.meta.dirname, '../../dist/main.js');
  const bin = join(directory, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'daymark'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(bin, 'daymark'), 0o755);
  const path = `${bin}:${process.env.PATH}`;
  const { status, stdout } = spawnSync(shell, ['-c', command], {
    encoding: 'utf8',
    cwd: directory,
    env: { PATH: path, DATA_DIR: join(directory, 'data') },
  });
  return { code: status, stdout };
}

/** The commands in what `check` prints: each stands in a line of its own. */
const commandsIn = (text: string) => text.split('\n').filter((line) => / daymark (check|ingest) /.test(line));

describe('check', () => {
  it('names the fields that could be the customer as the format does, and prints commands that a shell takes', async () => {
    const { stdout } = await run(['check', log], { env: { LOG_FORMAT: `@${conf}` } });
    for (const field of FIELDS.filter((name) => name !== '$remote_user')) expect(stdout).toContain(field);
    const commands = commandsIn(stdout);
    expect(commands).toHaveLength(3);
    for (const command of commands) expect(inShell(command), command).toMatchObject({ code: 0 });
  });

  it('names those of a recognised format in the words of nginx, too, and CUSTOMER_ID takes them', async () => {
    writeFileSync(log, '192.0.2.1 - - [02/Oct/2024:05:10:46 +0000] "GET /x HTTP/1.1" 200 5 "-" "k"\n');
    const { stdout } = await run(['check', log]);
    expect(stdout).toMatch(/fields that could be the customer: .*\$remote_addr.*\$http_user_agent/);
    const [command = ''] = commandsIn(stdout);
    expect(command).toContain("CUSTOMER_ID='$remote_addr'");
    const tried = inShell(command);
    expect(tried.stdout).toContain('customer 192.0.2.1');
    const [ingest = ''] = commandsIn(tried.stdout);
    expect(inShell(ingest).code).toBe(0);
    const { code } = await run(['stats', '192.0.2.1', '--from', '2024-10-02'], { env: env() });
    expect(code).toBe(0);
  });

  it.each([
    ['json timestamp=t status=s', '{"t":"2024-10-02T05:10:46Z","s":200,"the key":"a\'b"}\n', 'the key'],
    [
      'csv timestamp=t status=s customer_id=none?',
      't,s,none,"it\'s $x"\n2024-10-02T05:10:46Z,200,,k\n',
      "it's $x",
    ],
  ])('names keys and columns: %s', async (format, text, field) => {
    writeFileSync(log, text);
    const settings = { LOG_FORMAT: format, CUSTOMER_ID: 'nobody' };
    const { stdout } = await run(['check', '--json', log], {
      env: format.startsWith('csv') ? { LOG_FORMAT: format } : settings,
    });
    const [file] = JSON.parse(stdout).files;
    expect(file.customer_fields).toContain(field);
    expect(file.commands.map((command: string) => inShell(command).code)).toContain(0);
  });

  it('prints a command of one line for a file of any name', async () => {
    const path = join(directory, "it's\n\x1b[31m\u202e$HOME.log");
    writeFileSync(path, GOOD_LINE);
    const { stdout } = await run(['check', path]);
    const [command = ''] = commandsIn(stdout);
    expect(inShell(command, 'bash').code).toBe(0);
    const { stdout: sources } = await run(['sources', '--json'], { env: env() });
    expect(JSON.parse(sources).sources).toMatchObject([{ name: path, accepted: 1 }]);
  });

  it('advises to read no file of which no line would be accepted', async () => {
    writeFileSync(log, `${GOOD_LINE.replace(' 200 ', ' 999 ')}`);
    const { stdout, code } = await run(['check', log], { env: { LOG_FORMAT: 'default' } });
    expect(code).toBe(1);
    expect(stdout).toContain('0 would be accepted');
    expect(commandsIn(stdout)).toEqual([]);
  });

  it.each([
    `'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $request_time'`,
    ' combined ',
  ])('gives no command where nothing bounds users that all have spaces: %s', async (format) => {
    const tail = format === ' combined ' ? '"-" "k"' : '0.25';
    writeFileSync(
      log,
      `192.0.2.1 - acme https [02/Oct/2024:05:10:46 +0000] "GET /x HTTP/1.1" 200 5 ${tail}\n`.repeat(3),
    );
    const settings = { LOG_FORMAT: format, CUSTOMER_ID: '$remote_user' };
    const { stdout } = await run(['check', '--json', log], { env: settings });
    expect(JSON.parse(stdout).files).toMatchObject([{ accepted: 3, commands: [] }]);
  });

  it('quotes every value: an apostrophe, a dollar, a newline', async () => {
    const settings = {
      LOG_FORMAT: `log_format main '$remote_addr - $remote_user [$time_local] "$request" '\n'$status $body_bytes_sent "$http_x_api_key" $request_time';`,
      CUSTOMER_ID: '$http_x_api_key',
      MISSING_CUSTOMER_ID: `it's "$HOME" \`id\` \\`,
      LOG_TIME_ZONE: 'Europe/Berlin',
    };
    const { stdout } = await run(['check', '--json', log], { env: settings });
    const [{ commands }] = JSON.parse(stdout).files;
    expect(inShell(commands[0]).code).toBe(0);
    const stats = await run(['stats', "it's $k", '--from', '2024-10-02', '--json'], { env: env() });
    expect(JSON.parse(stats.stdout)).toMatchObject([{ success_requests: 3 }]);
  });
});

describe('a configuration file', () => {
  it('holds a directive of several lines as it is pasted', async () => {
    const config = join(directory, 'daymark.conf');
    writeFileSync(
      config,
      `LOG_FORMAT=\`\n${NGINX.split('\n').slice(2, 4).join('\n')}\n\`\nCUSTOMER_ID=/customers/{customer_id}\n`,
    );
    const { code, stdout } = await run(['check', '--json', '--config-file', config, log]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).files).toMatchObject([{ accepted: 3 }]);
  });
});
