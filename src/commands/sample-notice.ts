import { basename } from 'node:path';
import { DaymarkError } from '../errors.ts';
import type { Checkpoint } from '../store/contract.ts';

/** The identity of `logs/api_requests.log`, which `npm start` reads, and read into `./data` in earlier versions. */
const SAMPLE_IDENTITY = 'sha256:1024:1fd61d1fda61228e287fe2a9917bda8121b41b023959bd14c878bc3ef48d9f08';

/** A copy under another name was put there on purpose. */
function isSample({ name, identity }: Checkpoint): boolean {
  return identity === SAMPLE_IDENTITY && basename(name) === 'api_requests.log';
}

/** Says once that a store holds the sample log beside others: their customers are counted together. */
export class SampleNotice {
  #partitions = 0;
  #isTold = false;

  /** @returns undefined where there is nothing to say, or it was said. */
  look(checkpoints: readonly Checkpoint[]): DaymarkError | undefined {
    if (this.#isTold || checkpoints.length === this.#partitions) return undefined;
    this.#partitions = checkpoints.length;
    const present = checkpoints.filter(({ state }) => state !== 'retired');
    const sample = present.find(isSample);
    const own = present.find((checkpoint) => !isSample(checkpoint));
    this.#isTold = sample !== undefined && own !== undefined;
    if (!sample || !own) return undefined;
    const detail = `The store holds the sample log (${sample.name}) beside ${own.name}: customers of the same id, such as cust_1, are counted together.`;
    return new DaymarkError('SAMPLE_IN_STORE', detail);
  }
}
