/** Finds the template of the user's own that a path fits. */

import { canonicalSegment } from './fold-path.ts';
import type { EndpointTemplate } from './types.ts';

/** Templates that share their first segments. */
export interface TemplateNode {
  /** By the segment that must be there. */
  readonly literals: Map<string, TemplateNode>;
  /** Segments with text around parameters, such as `{id}.json`, in the order of their texts. */
  readonly patterns: Map<string, { readonly pattern: RegExp; readonly node: TemplateNode }>;
  /** Below a segment that may be any. */
  any: TemplateNode | undefined;
  /** The texts of the templates that end here, by their method; `` stands for any. */
  readonly ends: Map<string, string>;
}

/**
 * A path fits a template if they have as many segments, and each fits. Of several templates, that with a text counts before
 * that with a parameter, segment by segment from the left. A template without a method fits any method, but one with the
 * method counts before it.
 */
export class TemplateTree {
  readonly root = newNode();

  constructor(templates: readonly EndpointTemplate[]) {
    for (const template of templates) this.#add(template);
  }

  #add({ method = '', path }: EndpointTemplate): void {
    let node = this.root;
    for (const segment of segmentsOf(path)) node = childOf(node, segment);
    if (!node.ends.has(method)) node.ends.set(method, path);
  }

  /**
   * The endpoint of a request; undefined where no template fits.
   * @param method empty where it is not known. @param path byte text.
   */
  find(method: string, path: string): string | undefined {
    const template = find(this.root, segmentsOf(path).map(canonicalSegment), 0, method);
    return template === undefined || method === '' ? template : `${method} ${template}`;
  }
}

/** The segments of a path or a template. Empty ones do not count. */
function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function newNode(): TemplateNode {
  return { literals: new Map(), patterns: new Map(), any: undefined, ends: new Map() };
}

function childOf(node: TemplateNode, segment: string): TemplateNode {
  if (/^\{[^{}]*\}$/.test(segment)) {
    node.any ??= newNode();
    return node.any;
  }
  if (!segment.includes('{')) {
    const child = node.literals.get(segment) ?? newNode();
    node.literals.set(segment, child);
    return child;
  }
  const key = segment.replace(/\{[^{}]*\}/g, '{}');
  const known = node.patterns.get(key) ?? { pattern: patternOf(key), node: newNode() };
  node.patterns.set(key, known);
  return known.node;
}

function patternOf(key: string): RegExp {
  const texts = key.split('{}').map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`^${texts.join('.+?')}$`, 's');
}

function find(
  node: TemplateNode,
  segments: readonly string[],
  at: number,
  method: string,
): string | undefined {
  const segment = segments[at];
  if (segment === undefined) return endOf(node, method);
  const literal = node.literals.get(segment);
  const found = literal && find(literal, segments, at + 1, method);
  if (found !== undefined) return found;
  for (const { pattern, node: child } of node.patterns.values()) {
    const fits = pattern.test(segment) ? find(child, segments, at + 1, method) : undefined;
    if (fits !== undefined) return fits;
  }
  return node.any && find(node.any, segments, at + 1, method);
}

/** The path of a node's template for a method. Where the method is not known, any template fits. */
export function endOf({ ends }: TemplateNode, method: string): string | undefined {
  return method === '' ? ends.values().next().value : (ends.get(method) ?? ends.get(''));
}
