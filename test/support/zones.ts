import { Temporal } from 'temporal-polyfill';
import type { ZoneTable } from '../../src/window/types.ts';
import { zoneTable } from '../../src/window/zone.ts';

/**
 * Zones of all kinds: clocks that change by an hour, by half an hour, at midnight, that skipped a whole day, that
 * stand at a quarter of an hour, and that never changed.
 */
export const ZONE_NAMES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Etc/GMT-2',
  '-03:30',
  'UTC',
];

const tables = new Map<string, ZoneTable>();

/** The table of a zone; one of many entries takes a tenth of a second to make, so each is made once. */
export function tableOf(name: string): ZoneTable {
  const table = tables.get(name) ?? zoneTable(name, Temporal);
  tables.set(name, table);
  return table;
}
