/** The places of a format where the customer id may be. */

import type { CustomerPathPlace, CustomerPlace, Field, FieldElement, LogFormat } from './format.ts';

/** A field whose whole value is the id. */
const WHOLE_VALUE: readonly CustomerPlace[] = [{ rank: 0, steps: [] }];

/** The places in the value of a field. Empty where it is no customer id. */
export function placesIn(field: Field): readonly CustomerPlace[] {
  return field.role === 'customer_id' ? (field.places ?? WHOLE_VALUE) : [];
}

/** The places in the request path. */
export function pathPlacesOf({ customerPath, customerPaths = [] }: LogFormat): readonly CustomerPathPlace[] {
  return customerPath === undefined ? customerPaths : [{ rank: 0, steps: [], template: customerPath }];
}

/** How many places a format has. */
export function countPlaces(format: LogFormat): number {
  const ofFields = elementsOf(format).flatMap(({ field }) => placesIn(field));
  return ofFields.length + pathPlacesOf(format).length;
}

/** The fields of a format, without the text between them. */
export function elementsOf(format: LogFormat): readonly FieldElement[] {
  return format.layout === 'pattern'
    ? format.elements.filter((element) => typeof element !== 'string')
    : format.fields;
}
