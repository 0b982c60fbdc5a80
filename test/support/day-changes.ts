/** Holds the history of final days against the days. */

import { dayNumbersOf } from '../../src/statistics/day-numbers.ts';
import type { Rows } from './rows.ts';
import type { StorePlace } from './stores.ts';

/**
 * @param days every row of `daily_stats`, its state in hex.
 * @param isHeld whether a date's history is compared: a test that changes rows by hand leaves no trace in it.
 * @throws where a change does not begin with the numbers that the one before left, or the last one does not end with those of
 * now.
 */
export async function assertDayChanges(
  { query }: Pick<StorePlace, 'query'>,
  days: Rows,
  isHeld: (date: string) => boolean,
): Promise<void> {
  const changes = (await query('select * from day_changes order by customer_id, date, number')).filter(
    ({ date }) => isHeld(String(date)),
  );
  const present = new Map(
    days.map(({ customer_id, date, state }) => [
      JSON.stringify([customer_id, date]),
      JSON.stringify(dayNumbersOf(Buffer.from(String(state), 'hex'))),
    ]),
  );
  const byDay = Map.groupBy(changes, ({ customer_id, date }) => JSON.stringify([customer_id, date]));
  for (const [day, own] of byDay)
    for (const [i, { number, numbers_before, numbers_after }] of own.entries()) {
      const following = own[i + 1];
      const expected = following ? following.numbers_before : (present.get(day) ?? null);
      if (numbers_after !== expected || (following && Number(following.number) !== Number(number) + 1))
        throw new Error(`${day}: change ${number} ends with ${numbers_after}, and then there is ${expected}`);
      if (numbers_after === numbers_before) throw new Error(`${day}: change ${number} changes nothing`);
    }
}
