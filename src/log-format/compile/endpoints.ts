/** Compiles how to find endpoints. `kernel/assembly/scan/endpoints.ts` documents the layout. */

import type { EndpointFields, EndpointSettings } from '../endpoints/types.ts';
import { TEXT_PARTS } from '../rules/line-rules.ts';
import type { Keep } from './rules.ts';

const SPECIFICATION_BYTES = 24;
const MODES = { auto: 0, templates: 1 } as const;

/** The endpoints that are kept, and the fields that hold them. */
export interface KeptEndpoints {
  readonly settings: EndpointSettings;
  readonly fields: EndpointFields;
}

/** @returns the address of the specification. */
export function compileEndpoints({ settings, fields: { method, path } }: KeptEndpoints, keep: Keep): number {
  const view = new DataView(new ArrayBuffer(SPECIFICATION_BYTES));
  view.setUint32(0, MODES[settings.kind], true);
  view.setUint32(4, method ? method.slot + 1 : 0, true);
  view.setUint32(8, method ? TEXT_PARTS.indexOf(method.part) : 0, true);
  view.setUint32(12, path.slot, true);
  view.setUint32(16, TEXT_PARTS.indexOf(path.part), true);
  return keep(new Uint8Array(view.buffer));
}
