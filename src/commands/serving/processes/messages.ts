/** What the first process of `serve` and those that answer requests say to each other. */

import type { LimitName } from '../../../api/limits/client-limit.ts';
import type { Ask, GiveBack, GivenBack, Lent } from '../../../api/limits/shared-limit.ts';
import type { Settings } from '../../../config/settings.ts';
import type { MetricsSnapshot } from '../../../metrics/metrics.ts';
import type { ThreadError } from '../../../thread-error.ts';

/** From the first process. */
export type ToProcess =
  | { readonly kind: 'start'; readonly settings: Settings; readonly saysAll: boolean }
  | { readonly kind: 'stop' }
  | { readonly kind: 'limit'; readonly name: LimitName; readonly message: Lent | GiveBack }
  /** It is to tell its metrics. */
  | { readonly kind: 'measure'; readonly id: number }
  /** The metrics of all; undefined: they cannot be had. */
  | { readonly kind: 'metrics of all'; readonly id: number; readonly text: string | undefined };

/** From a process that answers requests. */
export type FromProcess =
  /** It can take messages. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'serving'; readonly store: string; readonly url: string }
  | { readonly kind: 'failed'; readonly error: ThreadError }
  | { readonly kind: 'limit'; readonly name: LimitName; readonly message: Ask | GivenBack }
  | { readonly kind: 'metrics'; readonly id: number; readonly snapshot: MetricsSnapshot }
  /** A client wants the metrics of all. */
  | { readonly kind: 'measure all'; readonly id: number };
