import type { FastifyRequest } from 'fastify';
import { DaymarkError } from '../../errors.ts';

/**
 * What a customer's key gets for any customer that is not its own, known or not, and for its own one without requests: the same
 * words, and no hint at similar ids, which would be those of others.
 */
export function unknownCustomer({ params, query }: Pick<FastifyRequest, 'params' | 'query'>): DaymarkError {
  const places = [params, query] as { customer_id?: unknown }[];
  const asked = places.find(({ customer_id: id }) => id !== undefined)?.customer_id;
  return new DaymarkError('CUSTOMER_UNKNOWN', `No customer ${JSON.stringify(asked)} is known.`);
}
