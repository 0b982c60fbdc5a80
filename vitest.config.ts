import { defineConfig } from 'vitest/config';
import { tiers } from './test/support/tiers.ts';

const { fast, slow } = tiers();

/**
 * A test that hangs fails after this. No other test comes near it, also where other programs keep the machine busy. So
 * no test sets a limit of its own.
 */
const limitMs = process.env.TEST_LONG ? 3_600_000 : 600_000;
const limits = { testTimeout: limitMs, hookTimeout: limitMs };

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
