import { byteText } from '../reference/byte-text.ts';
import type { Unwrapped } from './types.ts';

/**
 * Kubernetes keeps the output of containers so: time, stream, tags, and what the container wrote
 * (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md). The first tag is `P` for a
 * part that is not the last one of its line, and `F` for a whole line or its last part. Others may follow behind colons.
 */
const PREFIX =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?::[^ ]*)?(?: |$)/;

export function unwrapCri(bytes: Uint8Array, start: number, end: number): Unwrapped | undefined {
  const match = PREFIX.exec(byteText(bytes, start, end));
  if (!match) return undefined;
  const [prefix, stream, tag] = match;
  return { bytes, start: start + prefix.length, end, isPart: tag === 'P', stream };
}
