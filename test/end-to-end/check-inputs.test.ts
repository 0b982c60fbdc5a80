import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

const CSV_FORMAT = 'csv timestamp=at customer_id="Customer, id"? status=Status duration=Took:ms?';
const CSV =
  'Status,at,"Customer, id",Took\n' +
  '200,2024-10-02T05:10:46Z,cust_1,12\n' +
  '503,2024-10-02T05:10:47Z,"cust ""2""",\n' +
  'what,2024-10-02T05:10:48Z,cust_1,1\n' +
  '200,2024-10-02T05:10:49Z,,3\n';
const TSV = CSV.replace('"Customer, id"', 'Customer, id').replaceAll(/,(?! id)/g, '\t');
const COUNTS = { lines: 5, accepted: 2, rejected: 3 };

const NOTHING = new Uint8Array();

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-check-inputs-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

interface Counts {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly reasons: unknown;
}

async function checked(
  path: string,
  env: Record<string, string>,
  input: Uint8Array = NOTHING,
): Promise<Counts> {
  const { stdout, stderr } = await run(['check', '--json', path], { env, input });
  expect(stderr).toBe('');
  const [file] = JSON.parse(stdout).files;
  const { lines, accepted, rejected, rejected_by_reason: reasons } = file;
  return { lines, accepted, rejected, reasons };
}

async function ingested(
  path: string,
  env: Record<string, string>,
  input: Uint8Array = NOTHING,
): Promise<Counts> {
  const dataDir = mkdtempSync(join(directory, 'data-'));
  const { stdout } = await run(['ingest', '--json', path], { env: { ...env, DATA_DIR: dataDir }, input });
  const { lines_read: lines, accepted, rejected, rejected_by_reason: reasons } = JSON.parse(stdout);
  return { lines, accepted, rejected, reasons };
}

describe('check reads a file as ingest does', () => {
  it.each([
    ['CSV', 'a.csv', CSV_FORMAT, Buffer.from(CSV)],
    ['CSV with a byte order mark', 'a.csv', CSV_FORMAT, Buffer.from(`\ufeff${CSV}`)],
    ['CSV with CR LF', 'a.csv', CSV_FORMAT, Buffer.from(CSV.replaceAll('\n', '\r\n'))],
    ['CSV without a last newline', 'a.csv', CSV_FORMAT, Buffer.from(CSV.trimEnd())],
    ['CSV in gzip', 'a.csv.gz', CSV_FORMAT, gzipSync(CSV)],
    [
      'CSV with semicolons',
      'a.csv',
      CSV_FORMAT.replace('csv', 'csv;'),
      Buffer.from(CSV.replaceAll(/,(?! id)/g, ';')),
    ],
    ['TSV', 'a.tsv', CSV_FORMAT.replace('csv', 'tsv'), Buffer.from(TSV.replaceAll('"cust ""2"""', 'cust_2'))],
  ])('%s', async (_, name, format, content) => {
    const path = write(name, content);
    const env = { LOG_FORMAT: format };
    const counts = await checked(path, env);
    expect(counts).toMatchObject(COUNTS);
    expect(counts).toEqual(await ingested(path, env));
    expect(await checked('-', env, content)).toEqual(counts);
  });

  it('with more lines behind its header than the first bytes hold', async () => {
    const path = write('long.csv', CSV + '200,2024-10-02T05:10:46Z,cust_1,12\n'.repeat(20_000));
    const counts = await checked(path, { LOG_FORMAT: CSV_FORMAT });
    expect(counts).toMatchObject({ lines: 20_005, accepted: 20_002, rejected: 3 });
    expect(counts).toEqual(await ingested(path, { LOG_FORMAT: CSV_FORMAT }));
  });
});

describe('check of a directory of mixed files', () => {
  it('says of each what it holds, and names those that are not in the format', async () => {
    const logs = join(directory, 'logs');
    mkdirSync(logs);
    const put = (name: string, content: string | Uint8Array) => writeFileSync(join(logs, name), content);
    put('a.log', CSV);
    put('b.log.gz', gzipSync(CSV.replace('cust_1', 'cust_9')));
    put('c.log', 'no header at all\n');
    put('d.log', 'a\0b\n');
    const result = await run(['check', '--json', logs], { env: { LOG_FORMAT: CSV_FORMAT } });
    expect(result.code).toBe(1);
    const files = JSON.parse(result.stdout).files as Record<string, unknown>[];
    expect(files.map(({ file, lines, accepted }) => [file, lines, accepted])).toEqual([
      [join(logs, 'a.log'), 5, 2],
      [join(logs, 'b.log.gz'), 5, 2],
    ]);
    expect(result.stderr).toMatch(/HEADER_MISSING: .*c\.log/);
    expect(result.stderr).toMatch(/BINARY_FILE: .*d\.log/);
  });

  it('goes on behind a named file without the header', async () => {
    const [bad, good] = [write('bad.csv', 'nothing\n'), write('good.csv', CSV)];
    const result = await run(['check', '--json', bad, good], { env: { LOG_FORMAT: CSV_FORMAT } });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('HEADER_MISSING');
    expect(JSON.parse(result.stdout).files).toMatchObject([{ file: good, ...COUNTS }]);
  });

  it('says what a cut-off archive holds up to the cut, as ingest counts it', async () => {
    const whole = gzipSync(readFileSync(join(import.meta.dirname, '../../logs/api_requests.log')));
    const path = write('cut.log.gz', whole.subarray(0, whole.length >> 1));
    const result = await run(['check', '--json', path]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('TRUNCATED_ARCHIVE');
    const { accepted } = await ingested(path, {});
    expect(accepted).toBeGreaterThan(1000);
    expect(JSON.parse(result.stdout).files).toMatchObject([{ accepted, rejected: 0 }]);
  });
});
