/** Reads a template of the user's own. */

import { utf8Text } from '../reference/byte-text.ts';
import { canonicalSegment, encoded } from './fold-path.ts';
import { isMethod } from './methods.ts';
import { type EndpointTemplate, MAX_ENDPOINT_BYTES } from './types.ts';

/** Throws. @param why what is wrong, as the rest of a sentence. */
export type Refuse = (why: string) => never;

/** @param method in upper case; undefined: any. @param path with parameters in braces: `/orders/{id}`. */
export function parseTemplate(method: string | undefined, path: string, refuse: Refuse): EndpointTemplate {
  if (method !== undefined && !isMethod(method)) refuse(`${JSON.stringify(method)} is no method`);
  if (!path.startsWith('/')) refuse(`${JSON.stringify(path)} does not begin with "/"`);
  if (/[?#\s]/.test(path)) refuse(`${JSON.stringify(path)} has a query, a fragment or a space`);
  const segments = path.split('/').filter((segment) => segment !== '');
  const template = { method, path: `/${segments.map((segment) => segmentOf(segment, refuse)).join('/')}` };
  const bytes = template.path.length + (method === undefined ? 0 : method.length + 1);
  if (bytes > MAX_ENDPOINT_BYTES) refuse(`it has ${bytes} bytes, and may have ${MAX_ENDPOINT_BYTES}`);
  return template;
}

/** Texts are encoded as `canonicalSegment` does it; names of parameters stay, in ASCII. */
function segmentOf(segment: string, refuse: Refuse): string {
  if (segment.startsWith(':')) refuse(`${JSON.stringify(segment)} is written as {${segment.slice(1)}}`);
  const parts = segment.split(/(\{[^{}]*\})/);
  const texts = parts.filter((_, i) => i % 2 === 0);
  if (texts.some((text) => /[{}]/.test(text)))
    refuse(`the braces of ${JSON.stringify(segment)} do not match`);
  if (parts.length > 3 && texts.slice(1, -1).some((text) => text === ''))
    refuse(`two parameters of ${JSON.stringify(segment)} have nothing between them`);
  return parts
    .map((part, i) =>
      i % 2 === 0 ? canonicalSegment(utf8Text(part)) : `{${encoded(utf8Text(part.slice(1, -1)))}}`,
    )
    .join('');
}
