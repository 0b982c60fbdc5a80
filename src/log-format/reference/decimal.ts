/** Decimal numbers as logs print them. They are read and added exactly, never as floating point. */

import { MAX_NUMBER_EXPONENT } from '../../limits.ts';
import { matchAt } from './byte-text.ts';

/** `coefficient` · 10^−`scale`. Never negative. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** A value that was read, and the position behind it. */
export interface Read<T> {
  readonly value: T;
  readonly end: number;
}

export const ZERO: Decimal = { coefficient: 0n, scale: 0 };

const PLAIN = /(\d+)(?:\.(\d+))?/y;
const WITH_EXPONENT = /(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/y;

/**
 * Reads a number at `from`: digits, and an optional fraction behind `.`.
 * @param mayHaveExponent true for numbers of JSON, where Go and JavaScript write `9.3e-05`.
 * @returns undefined where there is no number, or its exponent is beyond {@link MAX_NUMBER_EXPONENT}.
 */
export function readDecimal(text: string, from: number, mayHaveExponent: boolean): Read<Decimal> | undefined {
  const match = matchAt(mayHaveExponent ? WITH_EXPONENT : PLAIN, text, from);
  if (!match) return undefined;
  const [all, whole, fraction = '', exponent = '0'] = match;
  if (Math.abs(Number(exponent)) > MAX_NUMBER_EXPONENT) return undefined;
  const value = { coefficient: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
  return { value, end: from + all.length };
}

export function sum(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { coefficient: atScale(a, scale) + atScale(b, scale), scale };
}

function atScale({ coefficient, scale }: Decimal, wanted: number): bigint {
  return coefficient * 10n ** BigInt(wanted - scale);
}

export function times({ coefficient, scale }: Decimal, factor: bigint): Decimal {
  return { coefficient: coefficient * factor, scale };
}

/** `value` · 10^`places`. */
export function shifted({ coefficient, scale }: Decimal, places: number): Decimal {
  return { coefficient, scale: scale - places };
}

/** The whole number at or below the value. */
export function floorOf(value: Decimal): bigint {
  return atScale(value, Math.max(value.scale, 0)) / unitOf(value);
}

/** The digits behind the point. */
export function fractionOf({ coefficient, scale }: Decimal): string {
  return scale > 0 ? (coefficient % 10n ** BigInt(scale)).toString().padStart(scale, '0') : '';
}

/** The nearest whole number; halves go up. */
export function roundHalfUp(value: Decimal): bigint {
  const unit = unitOf(value);
  return (2n * atScale(value, Math.max(value.scale, 0)) + unit) / (2n * unit);
}

export function isOver(value: Decimal, bound: number): boolean {
  return atScale(value, Math.max(value.scale, 0)) > BigInt(bound) * unitOf(value);
}

/** The value of 1 at the scale of a number. */
function unitOf({ scale }: Decimal): bigint {
  return 10n ** BigInt(Math.max(scale, 0));
}
