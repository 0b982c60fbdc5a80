import { describe, expect, onTestFinished, test } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import { Committer } from '../../../src/pipeline/loop/committer.ts';
import { RejectedShare } from '../../../src/pipeline/loop/rejected-share.ts';
import { Tally } from '../../../src/pipeline/loop/tally.ts';
import type { StoredCommit } from '../../../src/pipeline/types.ts';
import type { Commit, Store } from '../../../src/store/contract.ts';
import { customerDays } from '../../../src/window/key.ts';
import { UTC } from '../../../src/window/zone.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../../support/batches.ts';
import { patientOutages } from '../../support/outages.ts';
import { STORE_KINDS } from '../../support/stores.ts';

const DELTAS = () => deltasOf([requestOf('c', '2024-10-02'), requestOf('d', '2024-10-02')]);
const LOST = new DaymarkError('STORE_UNREACHABLE', 'the answer was lost');

describe.each(STORE_KINDS)('a commit into $name whose answer is lost', (kind) => {
  /** @param commit what the store does at each try. */
  async function committing(...commit: ((store: Store, batch: Commit) => Promise<void>)[]) {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const store = await place.open();
    await store.migrate();
    await store.addPartitions(() => adding('p', 'q'));
    const flaky = Object.create(store, {
      checkpoints: { value: store.checkpoints },
      commit: { value: (batch: Commit) => (commit.shift() ?? ((s, b) => s.commit(b)))(store, batch) },
    }) as Store;
    const tally = new Tally();
    const commits: StoredCommit[] = [];
    let nowMs = 0;
    const committer = new Committer(
      flaky,
      'UTC',
      tally,
      new RejectedShare(100, String),
      () => ({ nowMs: 0, waitMs: Number.POSITIVE_INFINITY, zone: UTC }),
      patientOutages(),
      '{}',
      () => nowMs++,
      (stored) => commits.push(stored),
    );
    const commitBatch = () => committer.commit([advanceOf('p', 0, 10), advanceOf('q', 0, 5)], DELTAS);
    const requests = async () =>
      (await store.windows({ ...customerDays('c'), from: '2024-01-01', limit: 9 })).map(
        (day) => day.success_requests,
      );
    return { commitBatch, tally, requests, commits };
  }

  test('counts once where it was stored', async () => {
    const { commitBatch, tally, requests } = await committing(async (store, batch) => {
      await store.commit(batch);
      throw LOST;
    });
    await commitBatch();
    expect(await requests()).toEqual([1]);
    expect(tally.summary).toMatchObject({ lines: 15, commits: 1, windowsTouched: 2 });
  });

  test('is stored then where it was not, however often it failed', async () => {
    const lose = () => Promise.reject(LOST);
    const { commitBatch, tally, requests, commits } = await committing(lose, lose, lose);
    await commitBatch();
    const failed = { code: 'STORE_UNREACHABLE', afterMs: expect.any(Number) };
    expect(commits).toMatchObject([
      { lines: 15, partitions: 2, windows: 2, rows: 2, tries: 4, failures: [failed, failed, failed] },
    ]);
    const [{ failures, totalMs, durationMs } = expect.fail('nothing was stored')] = commits;
    expect(failures.map(({ afterMs }) => afterMs)).toEqual(
      failures.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b),
    );
    expect(totalMs).toBeGreaterThan(durationMs);
    expect(await requests()).toEqual([1]);
    expect(tally.summary).toMatchObject({ lines: 15, commits: 1, windowsTouched: 2 });
  });

  test('is left where another process has moved a part of it meanwhile', async () => {
    const { commitBatch, tally, requests } = await committing(async (store) => {
      await store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 10)], deltas: [] });
      throw LOST;
    });
    await expect(commitBatch()).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    expect(await requests()).toEqual([]);
    expect(tally.summary).toMatchObject({ lines: 0, commits: 0 });
  });

  test('is refused without a look where no answer was lost', async () => {
    const { commitBatch, tally } = await committing(async (store, batch) => {
      await store.commit(batch);
      await store.commit(batch);
    });
    await expect(commitBatch()).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    expect(tally.summary).toMatchObject({ lines: 0 });
  });
});
