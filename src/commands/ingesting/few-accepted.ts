import type { Settings } from '../../config/settings.ts';
import { counted, grouped } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import { waysToCustomer } from '../../log-format/format-string/customer.ts';
import { parseLogFormat } from '../../log-format/format-string/parse.ts';
import { REJECTION_REASONS, type RejectionReason } from '../../log-format/types.ts';
import type { Summary } from '../../pipeline/types.ts';
import { shellCommand } from '../cli/shell.ts';
import { inputsOf, readsTopics } from './inputs.ts';

/** These reasons do not count lines of their own. */
const NO_LINES: ReadonlySet<string> = new Set<RejectionReason>(['header_line', 'continued_line']);

/**
 * Warns that a run read lines and accepted none of them, or rejected a larger share than MAX_REJECTED_PERCENT allows. Then the
 * settings hardly fit the log. Lines that name columns do not count here.
 * @param paths what was read; empty: the topics of KAFKA_TOPIC, or LOGS_SOURCE_DIR.
 * @returns undefined if enough lines were accepted or dropped as late, or if there was no line.
 */
export function fewAccepted(
  { accepted, dropped, excluded, rejectedByReason }: Summary,
  settings: Settings,
  paths: readonly string[],
): DaymarkError | undefined {
  const reasons = Object.entries(rejectedByReason)
    .filter(([reason]) => !NO_LINES.has(reason))
    .sort(([, a], [, b]) => b - a);
  const [reason, most] = reasons[0] ?? [];
  const rejected = reasons.reduce((sum, [, count]) => sum + count, 0);
  const isNothing = accepted + dropped === 0;
  if (isNothing && excluded > rejected) return allExcluded(excluded, settings, paths);
  if (reason === undefined || most === undefined) return undefined;
  const lines = rejected + accepted + dropped + excluded;
  // Old lines are rejected on purpose, and say nothing of the format.
  const tooOld = rejectedByReason.event_too_old ?? 0;
  if (!isNothing && (rejected - tooOld) * 100 <= (lines - tooOld) * settings.MAX_REJECTED_PERCENT)
    return undefined;
  const share = most === rejected ? 'all' : grouped(most);
  const meaning = REJECTION_REASONS[reason as RejectionReason];
  const look = lookAt(settings, paths);
  const counts = isNothing
    ? `None of ${counted(lines, 'line')} was accepted`
    : `Only ${grouped(accepted)} of ${counted(lines, 'line')} were accepted, ${grouped(rejected)} were rejected`;
  const detail = `${counts}: ${share} of them are rejected as ${reason}. ${meaning}`;
  const remedy = [remedyFor(reason, settings), `Look at them: ${look}`];
  return new DaymarkError(isNothing ? 'NOTHING_ACCEPTED' : 'FEW_ACCEPTED', detail, { lines: remedy });
}

function allExcluded(excluded: number, settings: Settings, paths: readonly string[]): DaymarkError {
  const detail = `No line was accepted: ${counted(excluded, 'line')} do not count, as EXCLUDE and INCLUDE say.`;
  const remedy = [
    'Set EXCLUDE and INCLUDE so that they leave lines.',
    `Look at them: ${lookAt(settings, paths)}`,
  ];
  return new DaymarkError('NOTHING_ACCEPTED', detail, { lines: remedy });
}

function lookAt(settings: Settings, paths: readonly string[]): string {
  if (!readsTopics(paths, settings)) return shellCommand({}, 'check', inputsOf(paths, settings));
  const { KAFKA_BROKERS = '', KAFKA_TOPIC = '' } = settings;
  return shellCommand({ KAFKA_BROKERS, KAFKA_TOPIC }, 'check', []);
}

/** Names the setting to change. */
function remedyFor(reason: string, settings: Settings): string {
  switch (reason) {
    case 'missing_customer_id': {
      const ways = waysToCustomer(parseLogFormat(settings.LOG_FORMAT ?? 'default'));
      return `Set CUSTOMER_ID to ${ways}; or set MISSING_CUSTOMER_ID to count such lines for one customer.`;
    }
    case 'invalid_customer_id':
      return 'Set CUSTOMER_ID to where the customer id stands.';
    case 'event_too_old':
      return 'Set MAX_EVENT_AGE, or RETENTION_DAYS, to take older lines.';
    case 'event_too_far_ahead':
      return 'Set LOG_TIME_ZONE to the zone of the log, or MAX_EVENT_AHEAD to take such lines.';
    default:
      return 'Set LOG_FORMAT to the format of the log.';
  }
}
