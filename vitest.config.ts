import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { tiers } from './test/support/tiers.ts';

const { fast, slow } = tiers();

/**
 * A test that hangs fails after this. No other test comes near it, also where other programs keep the machine busy. So
 * no test sets a limit of its own.
 */
const limitMs = process.env.TEST_LONG ? 3_600_000 : 600_000;
const limits = { testTimeout: limitMs, hookTimeout: limitMs };

/**
 * The longest files come first and the shortest ones last. So no core is idle at the end while another has a long one. Those of
 * outages and of kills are the longest. An outage is waited through: the kills beside it compute meanwhile. A few lines of
 * `exactness` run as long: where nothing is known of earlier runs, files are sorted by size, and it came last.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      if (/\/test\/(?:crash\/|outage\/|end-to-end\/exactness)/.test(moduleId)) return 0;
      return project.name === 'slow' ? 1 : 2;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // Many tests wait most of the time: for a poll, for a database that is away. The tests of outages of PostgreSQL took 56 s of a
    // processor in 210 s (2026-11-29). So there are more files at once than cores.
    maxWorkers: 6,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Their files share the process of a worker: most of them load the same modules.
      { test: { name: 'fast', include: [...fast], isolate: false, ...limits } },
      {
        test: {
          name: 'slow',
          include: [...slow],
          globalSetup: ['test/support/global-setup.ts'],
          ...limits,
        },
      },
    ],
  },
});
