import type { TimestampKind } from '../format.ts';

/** What a `strftime` form writes, with `%3f` for a fraction of three digits and so on (`%f`: nine). */
const FORMS: readonly (readonly [RegExp, TimestampKind])[] = [
  [/^%Y-%m-%d[Tt \t]%H:%M:%S(?:[.,]%\d?f)?(?:%z|%Ez|%:z|Z)?$/, 'iso8601'],
  [/^%d\/%b\/%Y:%H:%M:%S(?:\.%\d?f)?(?: %z)?$/, 'clf'],
  [/^%s(?:\.%\d?f)?$/, 'epoch_s'],
  [/^%s%3f$/, 'epoch_ms'],
  [/^%s%6f$/, 'epoch_us'],
  [/^%s%9?f$/, 'epoch_ns'],
];

/** What is known, for people. */
export const KNOWN_TIME_FORMS =
  '%Y-%m-%dT%H:%M:%S (or with a space), %d/%b/%Y:%H:%M:%S, each with a fraction and an offset (%z) if wanted, and %s';

/** The kind of timestamp that a `strftime` form writes; undefined where it is none of ours. */
export function kindOfTimeForm(form: string): TimestampKind | undefined {
  const spelled = form
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%h', '%b')
    .replaceAll('%R', '%H:%M');
  return FORMS.find(([pattern]) => pattern.test(spelled))?.[1];
}
