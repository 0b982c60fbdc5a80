import { isTimeForm, type TimestampKind } from '../format.ts';
import { parseStrftime } from '../reference/strftime.ts';

/**
 * The `strftime` forms of the kinds that the kernel reads. `%3f` is a fraction of three digits and so on; `%f` has
 * any number.
 */
const FORMS: readonly (readonly [RegExp, TimestampKind])[] = [
  [/^%Y-%m-%d[Tt \t]%H:%M:%S(?:[.,]%\d?f)?(?:%z|%Ez|%:z|Z)?$/, 'iso8601'],
  [/^%d\/%b\/%Y:%H:%M:%S(?:\.%\d?f)?(?: %z)?$/, 'clf'],
  [/^%s(?:\.%\d?f)?$/, 'epoch_s'],
  [/^%s%3f$/, 'epoch_ms'],
  [/^%s%6f$/, 'epoch_us'],
  [/^%s%9?f$/, 'epoch_ns'],
];

/** The kind of the kernel that reads what a form writes. Undefined where there is none. */
export function plainKindOfTimeForm(form: string): TimestampKind | undefined {
  const spelled = form
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%h', '%b')
    .replaceAll('%R', '%H:%M');
  return FORMS.find(([pattern]) => pattern.test(spelled))?.[1];
}

/** The kind of timestamp that a `strftime` form writes. Undefined where daymark cannot read it. */
export function kindOfTimeForm(form: string): TimestampKind | undefined {
  const plain = plainKindOfTimeForm(form);
  return plain ?? (isTimeForm(form) && faultOfTimeForm(form) === undefined ? form : undefined);
}

/** Why daymark cannot read what a form writes, as a sentence. Undefined where it can. */
export function faultOfTimeForm(form: string): string | undefined {
  const parsed = parseStrftime(form);
  return typeof parsed === 'string' ? parsed : undefined;
}
