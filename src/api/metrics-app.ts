import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyInstance, fastify } from 'fastify';
import { CLOSE_GRACE_MS, MAX_METRICS_CONNECTIONS } from '../limits.ts';
import type { MetricsText } from '../metrics/metrics.ts';
import { closeInTime } from './close.ts';
import { Connections } from './connections.ts';
import { answerUnmatched, sendError } from './error-answers.ts';
import { checkMessages } from './message-rules.ts';
import { ProblemSchema } from './problem.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { serverOptions } from './server-options.ts';

/** @returns an app that has `/metrics` and nothing else, and asks for no key. */
export async function buildMetricsApp(metrics: MetricsText): Promise<FastifyInstance> {
  const connections = new Connections(MAX_METRICS_CONNECTIONS);
  const app: FastifyInstance = fastify(serverOptions(undefined, connections, []));
  app.setErrorHandler(sendError);
  closeInTime(app, connections, CLOSE_GRACE_MS);
  checkMessages(app);
  answerUnmatched(app);
  app.addSchema(ProblemSchema);
  addMetricsRoute(app.withTypeProvider<TypeBoxTypeProvider>(), metrics);
  await app.ready();
  return app;
}
