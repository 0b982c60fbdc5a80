/**
 * Compiles the scanner's kernel into `src/log-format/kernel/wasm.generated.ts`. With `--check`, only says
 * whether that file is what the source gives.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = 'src/log-format/kernel/assembly/kernel.ts';
const TARGET = 'src/log-format/kernel/wasm.generated.ts';

/** Of 64 KiB: what the memory layout of the source comes to, and some for loads past the input's end. */
const PAGES = '180';

function compile(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'daymark-kernel-'));
  const outFile = join(folder, 'kernel.wasm');
  const memory = ['--initialMemory', PAGES, '--maximumMemory', PAGES];
  const options = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', '--use', 'abort='];
  try {
    execFileSync('node_modules/.bin/asc', [SOURCE, '--outFile', outFile, ...memory, ...options], {
      stdio: 'inherit',
    });
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
  console.error(`${TARGET} is not what ${SOURCE} gives. Run: npm run generate`);
  process.exitCode = 1;
}
