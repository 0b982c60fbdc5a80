import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-config-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function load(text: string) {
  const configFile = join(directory, 'daymark.conf');
  writeFileSync(configFile, text);
  return loadSettings({ flags: {}, environment: {}, configFile });
}

const DIRECTIVE = `log_format main '$remote_addr [$time_local] "$request" '
    # nothing of this is a comment
    '$status';`;

describe('a value of several lines', () => {
  it.each([
    ['backticks', '`', DIRECTIVE],
    ['single quotes', "'", DIRECTIVE.replaceAll("'", '')],
    ['double quotes', '"', DIRECTIVE.replaceAll('"', '')],
  ])('stands in %s', (_, quote, value) => {
    const settings = load(`# ours\nLOG_FORMAT=${quote}${value}${quote} # the end\n\nexport PORT=1234\n`);
    expect(settings).toMatchObject({ LOG_FORMAT: value, PORT: 1234 });
  });

  it('may have the line ends of Windows', () => {
    const text = `LOG_FORMAT=\`${DIRECTIVE}\`\nPORT=1234\n`.replaceAll('\n', '\r\n');
    expect(load(text)).toMatchObject({ LOG_FORMAT: DIRECTIVE, PORT: 1234 });
  });

  it('is refused where no quote ends it', () => {
    expect(() => load("PORT=1\nLOG_FORMAT='$a\nHOST=x\n")).toThrow(/Line 2 .* no other ' ends it/);
  });

  it.each([
    ["'$remote_addr [$time_local]' '$status'", "'"],
    ['"%h %t" %>s', '"'],
    [String.raw`"%h \"%r\" %>s"`, '"'],
  ])('is refused where it would be cut: %s', (value, quote) => {
    const fault = new RegExp(`Line 2 .* goes on after the ${quote} .*backticks`);
    expect(() => load(`PORT=1\nLOG_FORMAT=${value}\n`)).toThrow(fault);
  });
});

describe('a configuration file', () => {
  it('is still read line by line where nothing is in quotes', () => {
    expect(load("# it's ours\n  PORT = 1234 \nHOST=it's\nLOG_FORMAT=a 'b' # c\n\n")).toMatchObject({
      PORT: 1234,
      HOST: "it's",
      LOG_FORMAT: "a 'b'",
    });
  });

  it.each(['PORT', 'PORT 1', 'LOG_FORMAT=a\n  b', '= 1'])('with %j is refused', (text) => {
    expect(() => load(text)).toThrow('is not NAME=value');
  });
});
