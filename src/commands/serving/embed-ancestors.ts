import { parseOrigins } from '../../config/origins.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_EMBED_ANCESTORS } from '../../limits.ts';

/**
 * The origins whose pages may show a customer in a frame. They also may send tokens to it, so it must be known who they are.
 * @throws {DaymarkError} INVALID_SETTING.
 */
export function embedAncestorsOf({ EMBED_ANCESTORS: list }: Settings): readonly string[] {
  const origins = list === undefined ? [] : (parseOrigins(list) ?? []);
  if (!origins.includes('*') && origins.length <= MAX_EMBED_ANCESTORS) return origins;
  const rule = `at most ${MAX_EMBED_ANCESTORS} exact origins`;
  throw new DaymarkError(
    'INVALID_SETTING',
    `EMBED_ANCESTORS is ${JSON.stringify(list)}, but must be ${rule}.`,
  );
}
