/**
 * Formats for lines that begin like nginx's and Apache's combined or common format and go on, often with nginx's
 * `$request_time`. That is a number of seconds with three digits behind the point, and never `-`. Only such a field is
 * taken for the duration, and only if no other field could be one.
 */

import { canHaveVirtualHosts } from '../virtual-hosts.ts';
import { doubt, type KnownFormat, NO_PROPOSAL, type Proposal } from './proposal.ts';

/** Host, ident, user, time, request, status and bytes; then perhaps referer and agent; then what is asked for. */
const LINE =
  /^\S+ \S+ .+? \[[^\]]*\] "(?:[^"\\]|\\.)*" \S+ (?:\d+|-)( "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?((?: .*)?)$/s;
/** A text in quotes or brackets, or words; nginx writes lists of upstream servers with `, ` and ` : ` in them. */
const FIELD = / ("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^ "[]\S*?(?:(?:, ?| : )\S+?)*(?= |$))/sy;

/** What stands before the user: a host, or a virtual host and a host. The lines decide which of them fits. */
const BEGINNINGS = ['{-remote_addr:host} {-ident:word}', '{-remote_addr:host} - [{-the_real_ip}] -'];
const WITH_VIRTUAL_HOST = '{-vhost:word} {-remote_addr:host} {-ident:word}';
const COMMON = '{customer_id:user?} [{timestamp:clf}] "{request}" {status} {-body_bytes_sent:word}';
const REFERER_AND_AGENT = ' "{-http_referer}" "{-http_user_agent}"';

const REQUEST_TIME = /^\d{1,5}\.\d{3}$/;
/** Labels of `$request_time`, and of the times that upstream servers took. */
const LABELS_OF_REQUEST_TIME = /^(rt|req_?t|req(uest)?_?time|rqt|time|duration)$/i;
const LABELS_OF_OTHER_TIMES = /^(u[a-z]?t|us?rt|uct|uht|.*(upstream|connect|header).*)$/i;

const WRITE_IT = 'Put the log_format of your server into LOG_FORMAT: it says what the fields are.';

/** A field behind the known ones. */
interface Field {
  /** How it is bounded, with `*` for the value: `"*"`, `[*]`, `rt=*`, `*`. */
  readonly shape: string;
  readonly label: string;
  readonly value: string;
}

interface Line {
  readonly hasAgent: boolean;
  readonly referer: string;
  readonly agent: string;
  readonly fields: readonly Field[];
}

/** @param lines the first lines of the log. */
export function proposeForTail(lines: readonly string[]): Proposal {
  const parsed = lines.flatMap((line) => parse(line) ?? []);
  const [first] = parsed;
  if (first === undefined || parsed.length < lines.length / 2) return NO_PROPOSAL;
  if (isTimes(parsed.map(({ referer }) => referer)) || isTimes(parsed.map(({ agent }) => agent)))
    return doubt(
      `A number of seconds stands where the combined format has the referer or the agent. ${WRITE_IT}`,
    );
  const going = parsed.filter(({ fields }) => fields.length > 0);
  if (going.length === 0 || parsed.some(({ hasAgent }) => hasAgent !== first.hasAgent)) return NO_PROPOSAL;
  const columns = columnsOf(going);
  const found = requestTimeOf(columns);
  if (typeof found === 'string') return doubt(found);
  const base = `${COMMON}${first.hasAgent ? REFERER_AND_AGENT : ''}`;
  const beginnings = canHaveVirtualHosts(lines.join('\n')) ? [...BEGINNINGS, WITH_VIRTUAL_HOST] : BEGINNINGS;
  return { formats: formatsOf(beginnings, base, columns, found, going), doubts: [] };
}

/** Why a preset without a duration must not be recommended for these lines: one stands in its referer or agent. */
export function hidesDuration(lines: readonly string[]): boolean {
  const parsed = lines.flatMap((line) => parse(line) ?? []);
  return isTimes(parsed.map(({ referer }) => referer)) || isTimes(parsed.map(({ agent }) => agent));
}

function isTimes(values: readonly string[]): boolean {
  const present = values.filter((value) => value !== '-' && value !== '');
  return present.length > 0 && present.every((value) => /^\d+\.\d+$/.test(value));
}

function parse(line: string): Line[] | undefined {
  const match = LINE.exec(line);
  if (!match) return undefined;
  const [, agentAndReferer, referer = '', agent = '', rest = ''] = match;
  const fields = fieldsOf(rest.trimEnd());
  return fields && [{ hasAgent: agentAndReferer !== undefined, referer, agent, fields }];
}

function fieldsOf(rest: string): Field[] | undefined {
  const fields: Field[] = [];
  FIELD.lastIndex = 0;
  let end = 0;
  for (let match = FIELD.exec(rest); match; match = FIELD.exec(rest)) {
    fields.push(fieldOf(match[1] ?? ''));
    end = FIELD.lastIndex;
  }
  return end === rest.length ? fields : undefined;
}

function fieldOf(text: string): Field {
  const quoted = /^"(.*)"$/s.exec(text)?.[1] ?? /^\[(.*)\]$/s.exec(text)?.[1];
  if (quoted !== undefined) return { shape: `${text[0]}*${text.at(-1)}`, label: '', value: quoted };
  const [, label = '', sign = '', quote = '', value = ''] =
    /^([A-Za-z_][\w.-]*)([=:])("?)([^"]*)\3$/.exec(text) ?? [];
  return label === ''
    ? { shape: '*', label: '', value: text }
    : { shape: `${label}${sign}${quote}*${quote}`, label, value };
}

/** Fields by their place. Lines can have more of them than others. */
function columnsOf(lines: readonly Line[]): Field[][] {
  const most = Math.max(...lines.map(({ fields }) => fields.length));
  return Array.from({ length: most }, (_, i) => lines.flatMap(({ fields }) => fields[i] ?? []));
}

/** The place of `$request_time`; −1 where no field is a time; or why daymark cannot tell. */
function requestTimeOf(columns: readonly (readonly Field[])[]): number | string {
  const times = columns.flatMap((column, i) => (column.every(isRequestTime) ? [i] : []));
  const labelled = times.filter((i) => LABELS_OF_REQUEST_TIME.test(columns[i]?.[0]?.label ?? ''));
  const plain = times.filter((i) => (columns[i]?.[0]?.label ?? '') === '');
  const chosen = labelled.length > 0 ? labelled : plain;
  const numbers = columns.flatMap((column) => {
    const example = column.find(isNumberOfUnknownMeaning);
    return example && !column.every(isRequestTime) ? [example.value] : [];
  });
  const isUnsure = chosen.length === 1 && labelled.length === 0 && hasOtherFraction(columns, chosen[0] ?? -1);
  if (chosen.length === 1 && !isUnsure) return isSteady(columns, chosen[0] ?? -1);
  const values = chosen.length > 0 ? chosen.map((i) => columns[i]?.[0]?.value ?? '') : numbers;
  if (values.length === 0) return -1;
  return `The lines go on behind the combined format, and daymark cannot tell which field is the duration (such as ${values.slice(0, 3).join(', ')}). ${WRITE_IT}`;
}

/** A number with a fraction that no upstream server would explain: those write `-` where there was none. */
function hasOtherFraction(columns: readonly (readonly Field[])[], chosen: number): boolean {
  return columns.some(
    (column, i) =>
      i !== chosen &&
      !LABELS_OF_OTHER_TIMES.test(column[0]?.label ?? '') &&
      column.some(({ value }) => /^\d+\.\d+(ms|s|us)?$/.test(value)) &&
      !column.some(({ value }) => value === '-'),
  );
}

/**
 * What stands before the duration must be bounded in the same way on all lines. A bare `-` there may be an upstream server's
 * time or address, which on other lines is a list with spaces in it.
 */
function isSteady(columns: readonly (readonly Field[])[], chosen: number): number | string {
  const isBounded = ({ shape, value }: Field) => shape !== '*' || !/^-$|[ ,]/.test(value);
  const isEqual = columns
    .slice(0, chosen + 1)
    .every((column) => column.every((field) => field.shape === column[0]?.shape && isBounded(field)));
  return isEqual ? chosen : `The fields before the duration can hold anything. ${WRITE_IT}`;
}

function isRequestTime({ label, value }: Field): boolean {
  return REQUEST_TIME.test(value) && !LABELS_OF_OTHER_TIMES.test(label);
}

/** A number that could be a duration: microseconds, milliseconds, or bytes. */
function isNumberOfUnknownMeaning({ label, value }: Field): boolean {
  return /^\d+(\.\d+)?(ms|s|us|µs|ns)?(?:$|,| :)/.test(value) && !LABELS_OF_OTHER_TIMES.test(label);
}

function formatsOf(
  beginnings: readonly string[],
  base: string,
  columns: readonly (readonly Field[])[],
  duration: number,
  lines: readonly Line[],
): KnownFormat[] {
  const last = duration < 0 ? columns.length - 1 : duration;
  const fields = columns.slice(0, last + 1).map(([field], i) => {
    const { shape = '*' } = field ?? {};
    const skipped = shape === '*' ? `{-field_${i + 1}:word}` : `{-field_${i + 1}}`;
    return ` ${escaped(shape).replace('*', () => (i === duration ? '{duration:s}' : skipped))}`;
  });
  const tail = duration < 0 ? openTail(fields, columns, lines) : fields.join('') + endOf(lines, duration);
  const title = `the combined format, ${duration < 0 ? 'and fields behind it' : 'with $request_time behind it'}`;
  const reasons =
    duration < 0
      ? ['no field behind the combined format is a number, so no duration is lost']
      : [
          `the duration is field ${duration + 1} behind the combined format (${columns[duration]?.[0]?.value}): seconds with three digits, as nginx writes $request_time; no other field could be one`,
        ];
  return beginnings.map((beginning) => {
    const format = `{escapes:backslash}${beginning} ${base}${tail}`;
    return { name: format, format, title, reasons };
  });
}

function escaped(shape: string): string {
  return shape.replace(/[{}]/g, '$&$&');
}

/** What may follow the duration. */
function endOf(lines: readonly Line[], duration: number): string {
  const goOn = lines.filter(({ fields }) => fields.length > duration + 1).length;
  if (goOn === 0) return '';
  return goOn === lines.length ? ' {...}' : '{...}';
}

/** Without a duration, the fields must be there on all lines, or anything may follow the first of them. */
function openTail(
  fields: readonly string[],
  columns: readonly (readonly Field[])[],
  lines: readonly Line[],
): string {
  const isSteadyColumn = (column: readonly Field[]) =>
    column.length === lines.length && column.every(({ shape }) => shape === column[0]?.shape);
  return columns.every(isSteadyColumn) ? fields.join('') : ' {...}';
}
