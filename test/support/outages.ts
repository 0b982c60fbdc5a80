import { Outages } from '../../src/pipeline/loop/outages.ts';

/** Outages are waited out without waiting, for as long as they last. */
export function patientOutages(signal = new AbortController().signal): Outages {
  return new Outages({
    events: { waiting: () => undefined, recovered: () => undefined },
    retryForMs: Number.POSITIVE_INFINITY,
    signal,
    now: () => 0,
    random: () => 0,
    delay: async () => undefined,
  });
}
