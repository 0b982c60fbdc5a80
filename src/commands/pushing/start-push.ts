import { durationMsOf } from '../../config/duration.ts';
import { PUSH_SETTINGS } from '../../config/push-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_PUSH_KEY_MS, MIN_PUSH_KEY_MS } from '../../limits.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Tracing } from '../../tracing/tracing.ts';
import { reportProblem } from '../cli/report.ts';
import { type AccessWays, isLoopback } from '../serving/access.ts';
import { countCommit, showFromTheBeginning } from '../serving/reading-metrics.ts';
import { PushRun } from './push-run.ts';

/**
 * Starts what takes lines over HTTP. @param access who may read the API; undefined: everybody everything.
 * @returns undefined where PUSH is off. @throws {DaymarkError} INVALID_SETTING.
 */
export function startPush(
  settings: Settings,
  access: AccessWays | undefined,
  { metrics, tracing }: { readonly metrics: Metrics; readonly tracing: Tracing | undefined },
): PushRun | undefined {
  assertPossible(settings, access);
  if (settings.PUSH === 'off') return undefined;
  showFromTheBeginning(metrics, 'push');
  return new PushRun(settings, {
    committed: (commit) => {
      countCommit(metrics, commit, 'push');
      tracing?.commit(commit);
    },
    problem: reportProblem,
  });
}

/** Whoever could write would need no key. */
function assertPossible(settings: Settings, access: AccessWays | undefined): void {
  const { AUTH, HOST, PUSH, PUSH_KEY_DURATION: keptMs } = settings;
  const refuse = (detail: string): never => {
    throw new DaymarkError('INVALID_SETTING', detail);
  };
  if (PUSH === 'off') {
    const unused = UNUSED.find((name) => settings[name] !== defaultOf(name));
    if (unused !== undefined)
      refuse(`${unused} is set, but PUSH is off. Set PUSH to on, or unset ${unused}.`);
    return;
  }
  if (!access && !isLoopback(HOST))
    refuse(
      `PUSH is on and AUTH is off, but other machines may reach HOST, which is ${HOST}. Everybody there could hand in lines: set AUTH to keys.`,
    );
  if (access && !access.hasKeys)
    refuse(`PUSH is on, but AUTH is ${AUTH}. Lines are handed in with a key: set AUTH to keys or keys,jwt.`);
  if (keptMs < MIN_PUSH_KEY_MS || keptMs > MAX_PUSH_KEY_MS)
    refuse(`PUSH_KEY_DURATION is ${keptMs / 1000} s, but must be from an hour (PT1H) to 31 days (P31D).`);
}

const UNUSED = [
  ...(['PUSH_KEY_DURATION', 'OTLP_RECORDS', 'OTLP_CUSTOMER_ATTRIBUTE'] as const),
  ...(['OTLP_DURATION_ATTRIBUTE', 'OTLP_DURATION_UNIT'] as const),
];

function defaultOf(name: (typeof UNUSED)[number]): unknown {
  const { default: value } = PUSH_SETTINGS[name];
  return name === 'PUSH_KEY_DURATION' ? durationMsOf(value) : value;
}
