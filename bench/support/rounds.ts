/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}

/**
 * Runs the contenders in turn, A B C A B C …, so that other work of the machine affects all of them.
 * @param once contenders that run in the first round only.
 * @returns the results of each contender, by round.
 */
export async function inTurn<Name extends string, Result>(
  contenders: Readonly<Record<Name, () => Promise<Result>>>,
  rounds: number,
  once: readonly NoInfer<Name>[] = [],
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      if (round > 1 && once.includes(name)) continue;
      process.stderr.write(`round ${round} of ${rounds}: ${name}\n`);
      results[name].push(await contenders[name]());
    }
  }
  return results;
}

/** The ratio of the medians, then the ratio of each round that has both: `3.21 (3.10 3.25 3.18)`. */
export function formatRatios(values: readonly number[], references: readonly number[]): string {
  const each = values.map((value, round) => (value / references[round]!).toFixed(2));
  return `${(median(values) / median(references)).toFixed(2)} (${each.join(' ')})`;
}
