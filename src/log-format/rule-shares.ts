import type { LineRules } from './rules/line-rules.ts';
import { linesOfSample, withoutNeedOfCustomer } from './sample.ts';
import { EXCLUDED, type ScanSettings } from './types.ts';

/** How many lines of a sample a rule leaves out by itself. */
export interface RuleShare {
  /** `EXCLUDE path=/health*`; `INCLUDE` stands for all rules of that setting. */
  readonly rule: string;
  readonly excluded: number;
  /** Lines of the sample, not counting headers and comments. */
  readonly lines: number;
}

/** Counts what each rule leaves out. @param isWhole true where the last line counts without its newline. */
export function excludedByRule(sample: Uint8Array, isWhole: boolean, settings: ScanSettings): RuleShare[] {
  const { exclude, include } = settings.rules ?? { exclude: [], include: [] };
  const shareOf = (rule: string, rules: LineRules): RuleShare => {
    const lines = linesOfSample(sample, isWhole, { ...withoutNeedOfCustomer(settings), rules });
    const reasons = Array.from(lines, ({ reason }) => reason);
    return { rule, excluded: reasons.filter((one) => one === EXCLUDED).length, lines: reasons.length };
  };
  const shares = exclude.map((rule) => shareOf(`EXCLUDE ${rule.written}`, { exclude: [rule], include: [] }));
  return include.length === 0 ? shares : [...shares, shareOf('INCLUDE', { exclude: [], include })];
}
