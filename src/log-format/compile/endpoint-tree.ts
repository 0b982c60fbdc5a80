/** Compiles templates for the kernel. `kernel/assembly/scan/endpoint-tree.ts` documents the layout. */

import { METHODS } from '../endpoints/methods.ts';
import { endOf, type TemplateNode, TemplateTree } from '../endpoints/template-tree.ts';
import type { EndpointTemplate } from '../endpoints/types.ts';

const NODE_BYTES = 20;
const ENTRY_BYTES = 24;
const END_BYTES = 8;
const FIRST_BYTES = 8;

/** @param address where the tree will be in memory. @returns the bytes to write there; the root is first. */
export function compileEndpointTree(templates: readonly EndpointTemplate[], address: number): Uint8Array {
  const tree = new TreeWriter(address);
  tree.writeNode(new TemplateTree(templates).root);
  return tree.bytes();
}

class TreeWriter {
  readonly #address: number;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(address: number) {
    this.#address = address;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  /** Reserves room. Texts are compared and copied 16 bytes at a time, so what follows them does not matter. */
  #take(bytes: number): { readonly part: Buffer; readonly address: number } {
    const part = Buffer.alloc((bytes + 7) & ~7);
    const address = this.#address + this.#length;
    this.#parts.push(part);
    this.#length += part.length;
    return { part, address };
  }

  #keep(text: string): number {
    const { part, address } = this.#take(text.length);
    part.write(text, 'latin1');
    return address;
  }

  /** @returns its address. */
  writeNode({ literals, patterns, any, ends }: TemplateNode): number {
    const { part, address } = this.#take(NODE_BYTES);
    const entries = this.#take(ENTRY_BYTES * literals.size);
    for (const [i, [text, child]] of [...literals].entries()) {
      const at = ENTRY_BYTES * i;
      entries.part.write(text.slice(0, FIRST_BYTES), at, 'latin1');
      entries.part.writeUInt32LE(text.length, at + 8);
      entries.part.writeUInt32LE(this.#keep(text), at + 12);
      entries.part.writeUInt32LE(this.writeNode(child), at + 16);
    }
    part.writeUInt32LE(literals.size, 0);
    part.writeUInt32LE(entries.address, 4);
    part.writeUInt32LE(any ? this.writeNode(any) : 0, 8);
    part.writeUInt32LE(patterns.size > 0 ? 1 : 0, 12);
    part.writeUInt32LE(ends.size > 0 ? this.#writeEnds({ literals, patterns, any, ends }) : 0, 16);
    return address;
  }

  #writeEnds(node: TemplateNode): number {
    const { part, address } = this.#take(END_BYTES * (METHODS.length + 1));
    for (const [i, method] of [...METHODS, ''].entries()) {
      const path = endOf(node, method);
      if (path === undefined) continue;
      const text = method === '' ? path : `${method} ${path}`;
      part.writeUInt32LE(this.#keep(text), END_BYTES * i);
      part.writeUInt32LE(text.length, END_BYTES * i + 4);
    }
    return address;
  }
}
