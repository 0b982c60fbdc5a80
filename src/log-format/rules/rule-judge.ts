import { isMatching } from './glob.ts';
import type { Condition, LineRules, Rule, TextPart } from './line-rules.ts';
import { isWithin } from './network.ts';
import { methodOf, pathOfTarget, targetOf } from './request-parts.ts';

/** Says of one line after the other whether rules exclude it. */
export class RuleJudge {
  readonly #rules: LineRules;
  /** The texts of the fields that rules look at, by slot. */
  #texts: string[] = [];

  constructor(rules: LineRules) {
    this.#rules = rules;
  }

  /** Begins a line. Fields that it does not have are empty. */
  begin(): void {
    this.#texts = [];
  }

  /** Takes a field. @param text byte text. */
  take(slot: number, text: string): void {
    this.#texts[slot] = text;
  }

  /** @param status of the line. */
  isExcluded(status: number): boolean {
    const isAny = (rules: readonly Rule[]) =>
      rules.some(({ conditions }) => conditions.every((condition) => this.#holds(condition, status)));
    const { exclude, include } = this.#rules;
    return isAny(exclude) || (include.length > 0 && !isAny(include));
  }

  #holds(condition: Condition, status: number): boolean {
    if (condition.kind === 'status') return condition.statuses.includes(status);
    const text = this.#texts[condition.slot] ?? '';
    if (condition.kind === 'client') return isWithin(condition.network, text, condition.hasPort);
    return isMatching(condition.glob, partOf(text, condition.part));
  }
}

function partOf(text: string, part: TextPart): string {
  switch (part) {
    case 'value':
      return text;
    case 'path':
      return pathOfTarget(text);
    case 'method of request':
      return methodOf(text);
    case 'path of request':
      return pathOfTarget(targetOf(text));
  }
}
