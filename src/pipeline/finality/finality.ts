import type { Finality } from '../../store/contract.ts';
import { dateOfDay, FIRST_DAY, lastDayOver } from '../../window/day.ts';
import type { ZoneTable } from '../../window/types.ts';

/** How days become final with a commit that is made at a time. @param waitMs Infinity: they never do. */
export function finalityAt(nowMs: number, waitMs: number, zone: ZoneTable): Finality {
  if (waitMs === Number.POSITIVE_INFINITY) return { nowMs };
  return {
    nowMs,
    lastFinalDay: (clockMs) => {
      const day = lastDayOver(zone, clockMs - waitMs);
      return day < FIRST_DAY ? undefined : dateOfDay(day);
    },
  };
}
