import type { TimestampKind } from '../format.ts';

/** The `strftime` forms that daymark can read. `%3f` is a fraction of three digits and so on; `%f` has nine. */
const FORMS: readonly (readonly [RegExp, TimestampKind])[] = [
  [/^%Y-%m-%d[Tt \t]%H:%M:%S(?:[.,]%\d?f)?(?:%z|%Ez|%:z|Z)?$/, 'iso8601'],
  [/^%d\/%b\/%Y:%H:%M:%S(?:\.%\d?f)?(?: %z)?$/, 'clf'],
  [/^%s(?:\.%\d?f)?$/, 'epoch_s'],
  [/^%s%3f$/, 'epoch_ms'],
  [/^%s%6f$/, 'epoch_us'],
  [/^%s%9?f$/, 'epoch_ns'],
];

/** The known forms, for messages. */
export const KNOWN_TIME_FORMS =
  '%Y-%m-%dT%H:%M:%S (or with a space), %d/%b/%Y:%H:%M:%S, each with a fraction and an offset (%z) if wanted, and %s';

/** The kind of timestamp that a `strftime` form writes. Undefined where daymark cannot read it. */
export function kindOfTimeForm(form: string): TimestampKind | undefined {
  const spelled = form
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%h', '%b')
    .replaceAll('%R', '%H:%M');
  return FORMS.find(([pattern]) => pattern.test(spelled))?.[1];
}
