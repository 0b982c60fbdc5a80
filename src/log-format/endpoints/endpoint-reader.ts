/** Defines which endpoint a line has. The kernel does the same for plain lines. */

import { customerSegmentOf, type PathTemplate } from '../reference/path-template.ts';
import { methodOf, pathOfTarget, targetOf } from '../rules/request-parts.ts';
import { foldedPath } from './fold-path.ts';
import { isMethod } from './methods.ts';
import { TemplateTree } from './template-tree.ts';
import {
  type EndpointFields,
  type EndpointSettings,
  MAX_ENDPOINT_BYTES,
  NOT_FOUND,
  OTHER,
  type PartOfField,
} from './types.ts';

const NOT_FOUND_STATUS = 404;
const URL_START = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

export class EndpointReader {
  readonly #fields: EndpointFields;
  readonly #customerPaths: readonly PathTemplate[];
  /** Undefined: templates are made of paths. */
  readonly #tree: TemplateTree | undefined;
  /** By slot. */
  #texts: string[] = [];

  /** @param customerPaths the templates by which CUSTOMER_ID takes the customer out of the path. */
  constructor(settings: EndpointSettings, fields: EndpointFields, customerPaths: readonly PathTemplate[]) {
    this.#fields = fields;
    this.#customerPaths = customerPaths;
    this.#tree = settings.kind === 'auto' ? undefined : new TemplateTree(settings.templates);
  }

  /** Begins a line. Fields that it does not have are empty. */
  begin(): void {
    this.#texts = [];
  }

  /** Takes a field. @param text byte text. */
  take(slot: number, text: string): void {
    this.#texts[slot] = text;
  }

  /** The endpoint of the line. @param status of the line. */
  of(status: number): string {
    if (!this.#tree && status === NOT_FOUND_STATUS) return NOT_FOUND;
    const method = this.#methodOf(this.#fields.method);
    const path = pathOf(this.#targetOf(this.#fields.path));
    if (path === undefined || (method !== '' && !isMethod(method))) return OTHER;
    if (this.#tree) return this.#tree.find(method, path) ?? OTHER;
    const template = foldedPath(path, this.#customerSegments(path));
    const text = method === '' ? template : `${method} ${template}`;
    return text.length > MAX_ENDPOINT_BYTES ? OTHER : text;
  }

  /** Empty where there is none. */
  #methodOf(field: PartOfField | undefined): string {
    if (!field) return '';
    const text = this.#texts[field.slot] ?? '';
    return field.part === 'method of request' ? methodOf(text) : text;
  }

  #targetOf({ slot, part }: PartOfField): string {
    const text = this.#texts[slot] ?? '';
    return part === 'path of request' ? targetOf(text) : text;
  }

  #customerSegments(path: string): number[] {
    const found = this.#customerPaths.map((template) => customerSegmentOf(template, path));
    return found.filter((at) => at !== undefined);
  }
}

/** The path of a path or a URL; undefined for anything else, such as `*`. */
function pathOf(target: string): string | undefined {
  const path = pathOfTarget(target);
  if (path === '' && URL_START.test(target)) return '/';
  return path.startsWith('/') ? path : undefined;
}
