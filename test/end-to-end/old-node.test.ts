/** What somebody reads who starts a checkout, or the built program, on a Node.js that is too old. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN } from '../support/cli.ts';

const SETUP = join(import.meta.dirname, '../../scripts/setup.cjs');

/** Runs a script on this Node, which says that it is another one. */
function runAs(version: string, script: string) {
  const lie = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  const preload = `data:text/javascript,${encodeURIComponent(lie)}`;
  return spawnSync(process.execPath, ['--import', preload, script, '--version'], { encoding: 'utf8' });
}

describe.each([
  { what: 'the program', script: MAIN, versions: ['12.22.12', '16.20.2', '18.20.8', '20.0.0', '22.21.9'] },
  {
    what: 'the setup of a checkout',
    script: SETUP,
    versions: ['10.24.1', '18.20.8', '20.18.3', '21.7.3', '22.11.0'],
  },
])('$what', ({ script, versions }) => {
  it.each(versions)('ends with one sentence on Node.js %s', (version) => {
    const { status, stdout, stderr } = runAs(version, script);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^daymark: .*\n$/);
    expect(stderr).toContain(`this is ${version} (${process.execPath})`);
    expect(stderr).toContain('https://nodejs.org/');
  });
});

/** An old Node reads a script before it runs it: what it does not know in it ends it with a stack. */
it('guards itself with nothing that an old Node does not know', () => {
  for (const script of [MAIN, SETUP]) {
    const code = readFileSync(script, 'utf8').replaceAll(
      /\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`|'[^']*'|"[^"]*"/g,
      '',
    );
    expect(code).not.toMatch(/^\s*(import|export)\s+[^{]|^(const .*)?\bawait\b|\?\?|\?\.|\bcatch\s*\{|#\w/m);
  }
});
