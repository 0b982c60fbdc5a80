import type { Escapes } from '../format.ts';
import { bytesOf } from '../reference/byte-text.ts';
import { type Condition, type Glob, type LineRules, type Rule, TEXT_PARTS } from '../rules/line-rules.ts';

/* The numbers of `kernel/assembly/scan/rules.ts`, which documents the layout. */
const HEAD_BYTES = 24;
const CONDITION_BYTES = 16;
const KINDS = { text: 0, status: 1, client: 2, never: 3 } as const;
const IS_LAST = 0x1000000;
const STATUS_SET_BYTES = 80;
const IPV4_BYTES = 4;

/** What begins an escape; 0: nothing. */
export const ESCAPE_BYTES: Readonly<Record<Escapes, number>> = {
  ...{ none: 0, backslash: 0x5c, json: 0x5c, hash: 0x23 },
};

/** Keeps bytes in the program. @returns their address. */
export type Keep = (bytes: Uint8Array) => number;

/** What {@link compileRules} compiles. */
export interface Judged {
  readonly rules: LineRules;
  /** The address of the specification of endpoints; 0: none are kept. */
  readonly endpoints: number;
  /** The fields that a line may lack. */
  readonly slots: number;
  /** The byte that begins an escape; a field with it is not plain. 0: nothing. */
  readonly escapeByte: number;
}

/** Compiles rules, and how to find endpoints. @returns the address of the rules. */
export function compileRules({ rules, endpoints, slots, escapeByte }: Judged, keep: Keep): number {
  const exclude = conditionsOf(rules.exclude);
  const include = conditionsOf(rules.include);
  const view = new DataView(
    new ArrayBuffer(HEAD_BYTES + CONDITION_BYTES * (exclude.length + include.length)),
  );
  view.setUint32(0, exclude.length, true);
  view.setUint32(4, include.length, true);
  view.setUint32(8, slots, true);
  view.setUint32(12, escapeByte, true);
  view.setUint32(16, endpoints, true);
  for (const [i, { condition, isLast }] of [...exclude, ...include].entries()) {
    const [kind, first, second] = wordsOf(condition, keep);
    const slot = condition.kind === 'status' ? 0 : condition.slot;
    const part = condition.kind === 'text' ? TEXT_PARTS.indexOf(condition.part) : 0;
    const at = HEAD_BYTES + CONDITION_BYTES * i;
    view.setUint32(at, kind | (slot << 8) | (part << 16) | (isLast ? IS_LAST : 0), true);
    view.setUint32(at + 4, first, true);
    view.setUint32(at + 8, second, true);
  }
  return keep(new Uint8Array(view.buffer));
}

interface PlacedCondition {
  readonly condition: Condition;
  /** True for the last one of a rule. */
  readonly isLast: boolean;
}

function conditionsOf(rules: readonly Rule[]): PlacedCondition[] {
  return rules.flatMap(({ conditions }) =>
    conditions.map((condition, i) => ({ condition, isLast: i === conditions.length - 1 })),
  );
}

function wordsOf(condition: Condition, keep: Keep): [kind: number, first: number, second: number] {
  switch (condition.kind) {
    case 'text':
      return [KINDS.text, keepGlob(condition.glob, keep), 0];
    case 'status': {
      const set = new Uint8Array(STATUS_SET_BYTES);
      for (const status of condition.statuses) set[status >> 3] |= 1 << (status & 7);
      return [KINDS.status, keep(set), 0];
    }
    case 'client': {
      const { address, bits } = condition.network;
      // The kernel reads only addresses of IPv4.
      if (address.length !== IPV4_BYTES) return [KINDS.never, 0, 0];
      const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
      return [KINDS.client, (Buffer.from(address).readUInt32BE() & mask) >>> 0, mask];
    }
  }
}

function keepGlob({ pieces, ignoresCase }: Glob, keep: Keep): number {
  const view = new DataView(new ArrayBuffer(8 + 8 * pieces.length));
  view.setUint32(0, pieces.length, true);
  view.setUint32(4, ignoresCase ? 1 : 0, true);
  for (const [i, piece] of pieces.entries()) {
    view.setUint32(8 + 8 * i, piece.length, true);
    view.setUint32(12 + 8 * i, keep(bytesOf(piece)), true);
  }
  return keep(new Uint8Array(view.buffer));
}
