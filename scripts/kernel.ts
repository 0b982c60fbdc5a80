/**
 * Compiles the kernels, `src/ROOM/kernel/assembly/kernel.ts`, into `src/ROOM/kernel/wasm.generated.ts`. With
 * `--check`, only says whether these files are what the sources give.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The rooms, and where in the memory that they share their kernels' constants lie: at the start of what is theirs. */
const KERNELS = [
  { room: 'log-format', baseBytes: 1024 },
  { room: 'statistics', baseBytes: 16 * 1024 * 1024 },
];

function compile(source: string, baseBytes: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'daymark-kernel-'));
  const outFile = join(folder, 'kernel.wasm');
  const options = ['--importMemory', '--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', '--use', 'abort='];
  try {
    execFileSync(
      'node_modules/.bin/asc',
      [source, '--outFile', outFile, '--memoryBase', String(baseBytes), ...options],
      { stdio: 'inherit' },
    );
    return readFileSync(outFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const { room, baseBytes } of KERNELS) {
  const source = `src/${room}/kernel/assembly/kernel.ts`;
  const target = `src/${room}/kernel/wasm.generated.ts`;
  const base64 = compile(source, baseBytes).toString('base64');
  const text = `// Made by scripts/kernel.ts from ${source}. Do not edit.\nexport const KERNEL_WASM_BASE64 =\n  '${base64}';\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${target} is not what ${source} gives. Run: npm run generate`);
    process.exitCode = 1;
  }
}
