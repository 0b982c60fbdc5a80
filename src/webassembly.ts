/** The part of the runtime's WebAssembly that is used: TypeScript knows it only together with a browser's page. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
};

export interface WasmGlobal {
  readonly value: number;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

const PAGE_BYTES = 65_536;

/** Memory for kernels. */
export function kernelMemory(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
}

/** A fresh instance of a module over a memory. @returns what it exports. */
export function instantiate<Exports>(base64: string, memory: WasmMemory): Exports {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}
