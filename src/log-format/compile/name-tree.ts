import type { FieldElement } from '../format.ts';
import { Uncompilable } from './uncompilable.ts';

/* The sizes of a node in a program. `kernel/assembly/scan/names.ts` documents it. */
export const NODE_HEAD_BYTES = 16;
export const ENTRY_BYTES = 32;
/** In place of the node below a field: rules look at the field. */
export const NOTED_NODE = 1;

/** The needed names in one level of an object. */
export class NameTree {
  readonly names = new Map<string, NameTree | FieldElement>();

  get bytes(): number {
    return NODE_HEAD_BYTES + this.names.size * ENTRY_BYTES;
  }

  add([name, ...rest]: readonly string[], element: FieldElement): void {
    // A number may be the index of an array or a name. Only the reference parser tells them apart.
    if (name === undefined || /^\d+$/.test(name)) throw new Uncompilable();
    const child = this.names.get(name);
    if (rest.length === 0) {
      if (child !== undefined) throw new Uncompilable();
      this.names.set(name, element);
      return;
    }
    if (child !== undefined && !(child instanceof NameTree)) throw new Uncompilable();
    const node = child ?? new NameTree();
    this.names.set(name, node);
    node.add(rest, element);
  }
}
