/** Compiles how to find endpoints. `kernel/assembly/scan/endpoints.ts` documents the layout. */

import type { EndpointFields, EndpointSettings } from '../endpoints/types.ts';
import { TEXT_PARTS } from '../rules/line-rules.ts';
import type { Keep } from './rules.ts';
import { Uncompilable } from './uncompilable.ts';

const SPECIFICATION_BYTES = 24;
const MODES = { auto: 0, templates: 1 } as const;

/** The endpoints that are kept, and the fields that hold them. */
export interface KeptEndpoints {
  readonly settings: EndpointSettings;
  readonly fields: EndpointFields;
  /** Where the tree of the templates is in memory; undefined where it is too large for the kernel. */
  readonly tree: number | undefined;
}

/** @returns the address of the specification. @throws {Uncompilable} where the kernel does not have the templates. */
export function compileEndpoints({ settings, fields, tree }: KeptEndpoints, keep: Keep): number {
  const { method, path } = fields;
  if (tree === undefined) throw new Uncompilable();
  const view = new DataView(new ArrayBuffer(SPECIFICATION_BYTES));
  view.setUint32(0, MODES[settings.kind], true);
  view.setUint32(4, method ? method.slot + 1 : 0, true);
  view.setUint32(8, method ? TEXT_PARTS.indexOf(method.part) : 0, true);
  view.setUint32(12, path.slot, true);
  view.setUint32(16, TEXT_PARTS.indexOf(path.part), true);
  view.setUint32(20, tree, true);
  return keep(new Uint8Array(view.buffer));
}
