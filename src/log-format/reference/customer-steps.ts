/** Takes the customer id out of a value, step by step. */

import { bug } from '../../errors.ts';
import type { CustomerStep } from '../format.ts';
import { addressIn } from './address.ts';
import { claimOf } from './jwt.ts';
import { parseValueTemplate, valueByTemplate } from './value-template.ts';

/** @returns the id as byte text; empty where the value has none; undefined where it cannot be read. */
export type TakeId = (value: string) => string | undefined;

/** Joins steps. No later step sees a value that is empty or cannot be read. */
export function takeIdBy(steps: readonly CustomerStep[]): TakeId {
  const takers = steps.map(takerOf);
  return (value) => {
    let text: string | undefined = value;
    for (const take of takers) {
      if (!text) return text;
      text = take(text);
    }
    return text;
  };
}

function takerOf(step: CustomerStep): TakeId {
  switch (step.kind) {
    case 'address':
      return (value) => addressIn(value, step.hasPort);
    case 'item':
      return (value) => itemOf(value, step.index);
    case 'claim':
      return (value) => claimOf(value, step.path);
    case 'template': {
      const template = parseValueTemplate(step.text);
      if ('message' in template) throw bug(`the template ${step.text} was not checked`);
      return (value) => valueByTemplate(template, value);
    }
  }
}

/** An item of a list. Empty items do not count (RFC 9110, section 5.6.1). */
function itemOf(list: string, index: number): string {
  const items = list.split(',').map(withoutSpaces);
  return items.filter((item) => item !== '').at(index) ?? '';
}

/** Not by a regular expression: a line of spaces would take it minutes. */
function withoutSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
