import type { ZoneTable } from '../../window/types.ts';
import { canonicalZone, UTC, zoneTable } from '../../window/zone.ts';

const tables = new Map<string, Promise<ZoneTable>>();

/** The offset table of a zone, made once. It can be sent to another thread. @param name one that the settings accepted. */
export function zoneTableOf(name: string): Promise<ZoneTable> {
  const table = tables.get(name) ?? makeTable(name);
  tables.set(name, table);
  return table;
}

/** Loads the calendar only if a zone needs it: loading takes 12 ms, and the table of Berlin 90 ms (2026-11-24). */
async function makeTable(name: string): Promise<ZoneTable> {
  if (canonicalZone(name) === UTC.name) return UTC;
  const { Temporal } = await import('temporal-polyfill');
  return zoneTable(name, Temporal);
}
