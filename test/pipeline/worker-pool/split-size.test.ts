import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WORKERS, SHORT_LINE_BYTES, SPLIT_BYTES } from '../../../src/limits.ts';
import { closingLinesFor, splitBytesFor } from '../../../src/pipeline/worker-pool/split-size.ts';
import { check } from '../../support/property.ts';

describe('splits for a workerPool', () => {
  it('never make a batch of more lines than it may cover, however much each pass of the workerPool has to read', () => {
    const workers = fc.integer({ min: 2, max: MAX_WORKERS });
    const bytes = fc.oneof(fc.nat(), fc.constantFrom(2 ** 25, 2 ** 40));
    check(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        workers,
        bytes,
        (batchLines, size, available) => {
          const begun = (size * splitBytesFor(batchLines, size, available)) / SHORT_LINE_BYTES;
          expect(closingLinesFor(batchLines, size) + begun).toBeLessThanOrEqual(batchLines);
        },
      ),
    );
  });

  it('are some for each worker also of few bytes, and not too large', () => {
    expect(splitBytesFor(500_000_000, 3, 36 * 2 ** 20)).toBe(3 * 2 ** 20);
    expect(splitBytesFor(500_000_000, 2, 2 ** 40)).toBe(SPLIT_BYTES);
    expect(splitBytesFor(100_000, 2, 2 ** 40)).toBe(400_000);
  });
});
