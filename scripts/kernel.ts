/**
 * Compiles the kernel, `src/kernel/assembly/kernel.ts`, into `src/kernel/wasm.generated.ts`. With `--check`, it only says
 * whether that file is up to date.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = 'src/kernel/assembly/kernel.ts';
const TARGET = 'src/kernel/wasm.generated.ts';
/** The compiler puts constants at the start of the memory. The kernel's own layout begins at 4096. */
const OPTIONS = [
  '--runtime',
  'stub',
  '--importMemory',
  '-O3',
  '--noAssert',
  '--enable',
  'simd',
  '--use',
  'abort=',
];

function compile(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'daymark-kernel-'));
  const outFile = join(folder, 'kernel.wasm');
  try {
    execFileSync('node_modules/.bin/asc', [SOURCE, '--outFile', outFile, ...OPTIONS], { stdio: 'inherit' });
    return readFileSync(outFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const base64 = compile().toString('base64');
const text = `// Made by scripts/kernel.ts from ${SOURCE}. Do not edit.\nexport const KERNEL_WASM_BASE64 =\n  '${base64}';\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, text);
} else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${TARGET} is out of date. Run: npm run generate`);
  process.exitCode = 1;
}
