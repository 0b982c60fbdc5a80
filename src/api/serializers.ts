import { type SerializerCompiler, SerializerSelector } from '@fastify/fast-json-stringify-compiler';

type Serializer = ReturnType<SerializerCompiler>;

const newCompiler = SerializerSelector();

/** By the text of the shared schemas, and then of the answer's. All of them stand in the code: no request adds one. */
const compiled = new Map<string, Map<string, Serializer>>();

/**
 * Makes what writes answers by their schemas, as Fastify does, but each schema once a process. Most answers have the schema of
 * errors, or that of the same route's GET. Compiled for each answer anew, they took 1.5 s of processor time at every start
 * (2026-11-29).
 */
export function buildSerializers(shared: unknown): SerializerCompiler {
  // Fastify asks for each route. Most routes add no shared schema.
  const schemas = Object.values(shared as object);
  if (last && isSame(schemas, last.schemas)) return last.compiler;
  last = { schemas, compiler: compilerOf(shared) };
  return last.compiler;
}

let last: { readonly schemas: readonly unknown[]; readonly compiler: SerializerCompiler } | undefined;

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((schema, i) => schema === others[i]);
}

function compilerOf(shared: unknown): SerializerCompiler {
  const compile = newCompiler(shared);
  const text = JSON.stringify(shared);
  const known = compiled.get(text) ?? new Map<string, Serializer>();
  compiled.set(text, known);
  return (route) => {
    const key = JSON.stringify(route.schema);
    const serializer = known.get(key) ?? compile(route);
    known.set(key, serializer);
    return serializer;
  };
}
