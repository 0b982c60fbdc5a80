import { pathPlacesOf } from '../customer-places.ts';
import type { FieldElement, LogFormat } from '../format.ts';

/** True for `datetime customer path status duration` with single spaces. `kernel/assembly/scan/plain.ts` reads it. */
export function isPlainFormat(format: LogFormat): boolean {
  if (format.layout !== 'pattern' || format.isOpenEnded || pathPlacesOf(format).length > 0) return false;
  const text = format.elements.map((element) => (typeof element === 'string' ? element : plainName(element)));
  return text.join('') === 'datetime customer_id request_path status duration:s' && format.escapes === 'none';
}

function plainName({ field, isOptional }: FieldElement): string {
  if (isOptional) return '';
  if (field.role === 'timestamp') return field.kind;
  if (field.role === 'customer_id' && field.places) return '';
  return field.role === 'duration' && !field.isList && !field.unitSuffix
    ? `duration:${field.unit}`
    : field.role;
}
