import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { INGEST_PRIORITY_STEPS } from '../../../src/limits.ts';

const MODULE = new URL('../../../src/commands/ingesting/lower-priority.ts', import.meta.url).href;

test.runIf(process.platform === 'linux')(
  'a thread that lowers its priority lowers that of the threads it starts, and of no others',
  async () => {
    const before = getPriority();
    const ask = `require('node:worker_threads').parentPort.postMessage(require('node:os').getPriority())`;
    const worker = new Worker(
      `const { Worker, parentPort } = require('node:worker_threads');
      import(${JSON.stringify(MODULE)}).then(({ lowerThreadPriority }) => {
        lowerThreadPriority();
        parentPort.postMessage(require('node:os').getPriority());
        new Worker(${JSON.stringify(ask)}, { eval: true }).on('message', (it) => parentPort.postMessage(it));
      });`,
      { eval: true },
    );
    const [own] = await once(worker, 'message');
    const [started] = await once(worker, 'message');
    const expected = Math.min(19, before + INGEST_PRIORITY_STEPS);
    expect({ own, started, here: getPriority() }).toEqual({ own: expected, started: expected, here: before });
    await worker.terminate();
  },
);

test.runIf(process.platform === 'linux')(
  'a process that lowers its priority lowers that of all its threads, also those of the runtime',
  () => {
    const script = `
      const { lowerProcessPriority } = await import(${JSON.stringify(MODULE)});
      const { getPriority } = await import('node:os');
      const { readdirSync } = await import('node:fs');
      lowerProcessPriority();
      console.log(JSON.stringify(readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)))));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    const priorities = JSON.parse(stdout) as number[];
    expect(priorities.length).toBeGreaterThan(1);
    expect(new Set(priorities)).toEqual(new Set([Math.min(19, getPriority() + INGEST_PRIORITY_STEPS)]));
  },
);

test.runIf(process.platform === 'linux')(
  'a process that may not see its threads lowers its own, and goes on',
  () => {
    const script = `
      const { lowerProcessPriority } = await import(${JSON.stringify(MODULE)});
      lowerProcessPriority();
      console.log((await import('node:os')).getPriority());`;
    const source = fileURLToPath(new URL('../../../src', import.meta.url));
    const allowed = ['--permission', `--allow-fs-read=${source}`];
    const args = [...allowed, '--input-type=module', '--eval', script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({
      stdout: `${Math.min(19, getPriority() + INGEST_PRIORITY_STEPS)}\n`,
      stderr: '',
    });
  },
);
