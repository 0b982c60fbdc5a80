/** The kernel repeats constants of `src/`, because AssemblyScript cannot import them. */

import { describe, expect, it } from 'vitest';
import { type Kernel, newKernel } from '../../src/kernel/kernel.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../src/statistics/window-accumulator.ts';
import { windowSpans } from '../../src/window/window-spans.ts';
import { UTC } from '../../src/window/zone.ts';

type Constant = 'MAX_CHUNK_BYTES' | 'CELL_BYTES';

/** A kernel that was compiled with another value of a constant. */
function kernelWith(constant: Constant, change: number): Kernel {
  const kernel = newKernel(MIN_STATE_BYTES);
  return { ...kernel, [constant]: { value: kernel[constant].value + change } };
}

const accumulatorOf = (kernel: Kernel) => new WindowAccumulator(windowSpans(UTC, false), kernel);

describe('the kernel', () => {
  it.each(['MAX_CHUNK_BYTES', 'CELL_BYTES'] as const)('is refused where it has another %s', (constant) => {
    expect(() => accumulatorOf(kernelWith(constant, 8))).toThrow(/BUG.*window-accumulator/);
  });
});
