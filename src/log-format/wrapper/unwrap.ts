import type { LogFormat } from '../format.ts';
import { unwrapCompose, unwrapTimedCompose } from './compose.ts';
import { unwrapCri } from './cri.ts';
import { unwrapDocker } from './docker.ts';
import { unwrapSyslog } from './syslog.ts';
import type { LogWrapper, Unwrap } from './types.ts';

const UNWRAPS: Record<LogWrapper, Unwrap> = {
  cri: unwrapCri,
  docker: unwrapDocker,
  syslog: unwrapSyslog,
  compose: unwrapCompose,
  'compose-timestamps': unwrapTimedCompose,
};

export function unwrapOf(wrapper: LogWrapper): Unwrap {
  return UNWRAPS[wrapper];
}

/** True where lines are cut into parts. */
export function hasParts(wrapper: LogWrapper | undefined): boolean {
  return wrapper === 'cri' || wrapper === 'docker';
}

/** False for formats whose header cannot be found in wrapped lines, when reading goes on in the middle of a log. */
export function canBeWrapped({ layout }: LogFormat): boolean {
  return layout !== 'w3c';
}
