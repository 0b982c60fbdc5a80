/** What a Prometheus server scrapes. */

import { Type } from 'typebox';
import { DaymarkError } from '../../errors.ts';
import type { MetricsText } from '../../metrics/metrics.ts';
import type { Api } from '../api.ts';
import { encodingOf, sendEncoded } from '../encoding.ts';
import { addVary, preferredMediaType } from '../negotiation.ts';
import { problemResponses } from '../problem.ts';

/** It is of one moment, so no cache keeps it. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const EXAMPLE = `# HELP daymark_lag_bytes Bytes that are in the logs and not in the store.
# TYPE daymark_lag_bytes gauge
daymark_lag_bytes{source="files"} 0
`;

/** `GET /metrics`. */
export function addMetricsRoute(api: Api, metrics: MetricsText): void {
  api.get(
    '/metrics',
    {
      // It also tells why a server is overloaded.
      config: { access: 'operator', isAlwaysAnswered: true },
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics, for Prometheus',
        description:
          '`docs/metrics.md` lists the metrics. No label names a customer or a file. `METRICS_PORT` offers them without a key.',
        tags: ['Operation'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: {
            description: 'All metrics, in the text format of Prometheus.',
            content: {
              'text/plain': { schema: Type.String(), examples: { metrics: { value: EXAMPLE } } },
            },
          },
          ...problemResponses('INVALID_REQUEST', 'NOT_ACCEPTABLE', 'OVERLOADED', 'INTERNAL'),
        } as Record<number, object>,
      },
    },
    async (request, reply) => {
      for (const name of ['Accept', 'Accept-Encoding']) addVary(reply.headers(HEADERS), name);
      if (preferredMediaType(request.raw, ['text/plain']) === undefined)
        throw new DaymarkError('NOT_ACCEPTABLE', 'Metrics come as `text/plain`.');
      const body = await metrics.text();
      return sendEncoded(reply.type(metrics.contentType), body, encodingOf(request, body.length));
    },
  );
}
