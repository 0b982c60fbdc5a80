/**
 * Sorts the test files into two tiers by what they import.
 *
 * A test is slow if it, or a file of `test/` that it imports, starts other processes (`node:child_process`) or asks
 * for the PostgreSQL server or the broker of Kafka (`inject`). Every other test is fast. So a new test needs no entry in a list.
 */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

const PROCESSES = /^import [^;]*? from 'node:child_process'/m;
const POSTGRES = /^import [^;]*?\binject\b[^;]*? from 'vitest'/m;

export interface Tiers {
  /** Paths below the root of the checkout, sorted. */
  readonly fast: readonly string[];
  readonly slow: readonly string[];
}

/** Reads the imports of all test files. */
export function tiers(): Tiers {
  const files = globSync('test/**/*.test.ts', { cwd: ROOT }).sort();
  const { fast = [], slow = [] } = Object.groupBy(files, (file) => (isSlow(file) ? 'slow' : 'fast'));
  return { fast, slow };
}

/** @param file a path below the root of the checkout. */
function isSlow(file: string): boolean {
  return withImports(file).some((name) => reasonsToBeSlow(readFileSync(join(ROOT, name), 'utf8')));
}

function reasonsToBeSlow(text: string): boolean {
  return PROCESSES.test(text) || POSTGRES.test(text);
}

/** A file, and all files of `test/` that it imports, directly or not. Imports of types do not count. */
function withImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(join(ROOT, file), 'utf8');
  const imports = text.matchAll(/^(?:import|export)(?! type\b)[^'";]*?from '(\.[^']+)'/gm);
  for (const [, path = ''] of imports) {
    const target = join(dirname(file), path);
    if (target.startsWith('test/')) withImports(target, seen);
  }
  return [...seen];
}
