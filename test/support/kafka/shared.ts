/**
 * One broker for all test files of a run, which the first one that asks for it starts. Each test has topics of its own. The broker
 * belongs to the process that runs the tests; those that ask are its workers.
 */

import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { KafkaAddresses } from './cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where {@link sharedKafka} asks for the broker. */
    kafkaSocket: string;
  }
}

/** The ways into the broker. Starts it where nobody did yet. */
export async function sharedKafka(): Promise<KafkaAddresses> {
  const answer = JSON.parse(await text(connect(inject('kafkaSocket')))) as
    | KafkaAddresses
    | { readonly error: string };
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}
