/** Makes `generate` write a log of few windows, for tests that compare all rows, or write each of them at every commit. */
export const FEW_WINDOWS = ['--customers', '4', '--days', '2'] as const;
