/** The rows of a part of a roll-up. */

import { hash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { IDS_SLOT, type PackedSlot, type TakenPart } from '../../statistics/roll-up-part.ts';
import type { Tables } from '../tables.ts';
import { IDS_DIGEST_SLOT } from './roll-ups.ts';

/** Which part it is. */
interface Part {
  /** Of the roll-up. */
  readonly id: string;
  readonly part: number;
  /** The greatest customer id in it. */
  readonly lastId: string;
}

export interface PackedRows extends Part {
  readonly slots: readonly PackedSlot[];
}

/** @param taken of a writer. */
export function packed(part: Part, taken: TakenPart): PackedRows {
  const slots = [...taken.slots];
  const ids = slots.find(({ slot }) => slot === IDS_SLOT)?.data ?? new Uint8Array();
  slots.push({ slot: IDS_DIGEST_SLOT, data: hash('sha256', ids, 'buffer') });
  return { ...part, slots };
}

export async function insertPart(
  transaction: Transaction<Tables>,
  { id, part, lastId, slots }: PackedRows,
): Promise<void> {
  for (const slot of slots)
    await transaction
      .insertInto('roll_up_parts')
      .values({ roll_up_id: id, part, last_customer_id: lastId, ...slot })
      .execute();
}
