import { countPlaces, pathPlacesOf, placesIn } from '../customer-places.ts';
import type { CustomerPlace, Field, LogFormat } from '../format.ts';
import { ADDRESS, ADDRESS_WITH_PORT, PLACE_SHIFT } from './opcodes.ts';
import { Uncompilable } from './uncompilable.ts';

/** The kernel has so many bits for the number of a place. */
const MAX_PLACES = 63;

/**
 * The highest byte of the instruction of a field in which the customer id may be: how to read an address, and the number of
 * the place from 1; 0 where it is the only one. 0 for other fields.
 */
export function placeByteOf(field: Field, format: LogFormat): number {
  const isPath = field.role === 'request_path' || field.role === 'request';
  const places = isPath ? pathPlacesOf(format) : placesIn(field);
  const [place] = places;
  if (!place) return 0;
  const all = countPlaces(format);
  if (places.length > 1 || all > MAX_PLACES || (isPath && place.steps.length > 0)) throw new Uncompilable();
  return (all === 1 ? 0 : (place.rank + 1) << PLACE_SHIFT) | addressBitsOf(place);
}

function addressBitsOf({ steps: [step, ...others] }: CustomerPlace): number {
  if (!step) return 0;
  if (step.kind !== 'address' || others.length > 0) throw new Uncompilable();
  return step.hasPort ? ADDRESS_WITH_PORT : ADDRESS;
}
