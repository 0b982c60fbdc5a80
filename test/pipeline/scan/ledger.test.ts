import { describe, expect, it } from 'vitest';
import { Ledger, type ScannedPart } from '../../../src/pipeline/scan/ledger.ts';
import { bytePosition } from '../../../src/source/byte-positions.ts';
import type { Partition } from '../../../src/source/contract.ts';

const START = bytePosition(0);
const PART: ScannedPart = {
  ...{ from: START, to: bytePosition(64), bytes: 64, tailChecksum: '' },
  ...{ lines: 1, accepted: 1, rejected: 0, dropped: 0, excluded: 0, late: 0 },
  ...{ clockMs: null, firstEventMs: null, lastEventMs: null },
  ...{
    days: [{ date: '2024-10-02', lines: 1, fromOffset: 0, toOffset: 64 }],
    rejectedByReason: new Map(),
    rejectedLines: [],
  },
};

/** What a batch stores as the checksums of a partition; null where the stored ones stay. */
function storedAfter(stored: readonly number[], read: readonly number[]): Uint8Array | null {
  const ledger = new Ledger();
  ledger.add(partitionWith(stored), PART, Uint8Array.from(read));
  return ledger.advances()[0].prefixChecksums;
}

function partitionWith(checksums: readonly number[]): Partition {
  return {
    ...{ id: 'p', name: 'app.log', headFingerprint: '', headKey: '', inode: '', tailChecksum: '' },
    ...{ checksums: Uint8Array.from(checksums), startOffset: START, offset: START },
    ...{ isLive: true, addedMs: null },
  };
}

describe('the checksums that a batch stores', () => {
  it('are none where those of what was read are stored, so that those behind it stay', () => {
    expect(storedAfter([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4])).toBeNull();
  });

  it('are those of what was read where they go further', () => {
    expect(storedAfter([1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8])).toEqual(
      Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    );
  });

  it('are those of what was read where the bytes changed since the log was added', () => {
    expect(storedAfter([1, 2, 3, 4, 5, 6, 7, 8], [9, 9, 9, 9])).toEqual(Uint8Array.of(9, 9, 9, 9));
  });

  it('are those of the furthest part where they do not grow, as those of a topic, also of several batches', () => {
    const parts = [0, 1, 2].map((i) => ({
      ...PART,
      from: bytePosition(64 * i),
      to: bytePosition(64 * (i + 1)),
    }));
    const both = new Ledger();
    for (const [i, part] of parts.entries()) {
      const ledger = new Ledger();
      ledger.add(partitionWith([]), part, Uint8Array.of(i));
      both.absorb(ledger);
    }
    expect(both.advances()[0]?.prefixChecksums).toEqual(Uint8Array.of(2));
  });
});
