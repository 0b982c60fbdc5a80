import { basename } from 'node:path';
import { DaymarkError } from '../../errors.ts';
import type { Checkpoint, CheckpointLookup } from '../../store/contract.ts';

/** The head fingerprint of `logs/api_requests.log`. Earlier versions of `npm start` read it into `./data`. */
const SAMPLE_HEAD_FINGERPRINT =
  'sha256:1024:1fd61d1fda61228e287fe2a9917bda8121b41b023959bd14c878bc3ef48d9f08';

/** The key of its first line. */
const SAMPLE_HEAD_KEY = 'sha256:55:6407b8ba1600099e3b1d1e3f754fd97963d9ce9ead361679915b05f899191a2a';

/** Somebody put a copy under another name there on purpose. */
function isSample({ name, headFingerprint }: Checkpoint): boolean {
  return headFingerprint === SAMPLE_HEAD_FINGERPRINT && basename(name) === 'api_requests.log';
}

/** Warns once that a store holds the sample log beside others: their customers are counted together. */
export class SampleNotice {
  readonly #lookup: Pick<CheckpointLookup, 'byHeadKeys'>;
  #hasAsked = false;
  #isTold = false;

  constructor(lookup: Pick<CheckpointLookup, 'byHeadKeys'>) {
    this.#lookup = lookup;
  }

  /**
   * @param checkpoints those of the logs that are there.
   * @returns undefined if there is nothing to report, or it was reported.
   * @throws {DaymarkError} STORE_*.
   */
  async look(checkpoints: readonly Checkpoint[]): Promise<DaymarkError | undefined> {
    const own = checkpoints.find((one) => !isSample(one) && one.state !== 'retired');
    if (this.#isTold || !own) return undefined;
    const sample = checkpoints.find(isSample) ?? (await this.#sampleInStore());
    if (!sample || sample.state === 'retired') return undefined;
    this.#isTold = true;
    const detail = `The store holds the sample log (${sample.name}) beside ${own.name}: customers of the same id, such as cust_1, are counted together.`;
    return new DaymarkError('SAMPLE_IN_STORE', detail);
  }

  /** Asked once: a log that is read later is among the logs that are there. */
  async #sampleInStore(): Promise<Checkpoint | undefined> {
    if (this.#hasAsked) return undefined;
    const sample = (await this.#lookup.byHeadKeys([SAMPLE_HEAD_KEY, ''])).find(isSample);
    this.#hasAsked = true;
    return sample;
  }
}
