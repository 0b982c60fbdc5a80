import { DaymarkError } from '../errors.ts';

/** @param where the description of the store. */
export function schemaMissing(where: string, options?: { cause: unknown }): DaymarkError {
  return new DaymarkError('SCHEMA_MISSING', `${where} has no tables of daymark.`, options);
}
