import { defineConfig } from 'vitest/config';
import { tiers } from './test/support/tiers.ts';

const { fast, slow } = tiers();

/** A test that hangs fails after this. No test is slow enough to come near it, also where other programs keep the machine busy. */
const limits = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'fast', include: [...fast], ...limits } },
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
