/** Reads a list of templates. */

import { parseTemplate, type Refuse } from './parse-template.ts';
import type { EndpointTemplate } from './types.ts';

/**
 * One template a line: `GET /orders/{id}`, or `/orders/{id}` for any method. Empty lines and lines that begin with `#` do not
 * count.
 * @param refuse throws.
 */
export function parseList(text: string, refuse: Refuse): EndpointTemplate[] {
  return text.split('\n').flatMap((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const [first, second, ...rest] = line.split(/\s+/);
    const refuseLine: Refuse = (why) => refuse(`line ${i + 1}: ${why}`);
    if (rest.length > 0) refuseLine('it is not a method and a path, such as GET /orders/{id}');
    return second === undefined
      ? [parseTemplate(undefined, first, refuseLine)]
      : [parseTemplate(first.toUpperCase(), second, refuseLine)];
  });
}
