import swagger from '@fastify/swagger';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Api } from './api.ts';
import { completeDocument } from './openapi-document.ts';
import { ProblemSchema } from './problem.ts';
import { DailyStatsSchema } from './routes/stats.ts';

const DESCRIPTION = [
  'How an API treated each of its customers, each day: requests that succeeded and failed, uptime, and the mean,',
  'median and 99th percentile of the latency, exact, from the request log.',
  '',
  'Days are days of the time zone that the setting `TIME_ZONE` names: UTC, unless it was set. Every error is a problem',
  'document (RFC 9457) with a `code`. Every resource is read with GET, and takes HEAD: the same headers without a body.',
  'Only a few take other methods, too.',
  '',
  'New versions may add fields to objects, values to `code`, and operations. Ignore fields that you do not know. Treat a',
  '`code` that you do not know like its HTTP status.',
].join('\n');

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key that `daymark keys create` made, or a JWT of the identity provider, as the server is set up (`AUTH`). The key of a customer reads the customers that it is for: any other one is answered like one that does not exist (404), and what is about all customers or about daymark itself with 403. An ingest key reads nothing, and hands in lines.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'daymark_session',
    description:
      'The cookie that `POST /v1/session` sets in a browser. Over HTTPS its name is `__Host-daymark_session`. It reads what the key of the session reads. A request that changes something must come from a page of the same origin.',
  },
} as const;

/** Describes the routes that you add after this call. @param isGuarded whether clients need a key. */
export async function describeApi(
  api: Api,
  { version, isGuarded }: { readonly version: string; readonly isGuarded: boolean },
): Promise<void> {
  api.addSchema(ProblemSchema);
  api.addSchema(DailyStatsSchema);
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'daymark',
        version,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      ...(isGuarded ? { components: { securitySchemes: SECURITY_SCHEMES } } : {}),
      servers: [{ url: '/', description: 'The server that this document came from.' }],
      tags: [
        { name: 'Statistics', description: 'The numbers.' },
        { name: 'Operation', description: 'What was read, and how far daymark is behind the logs.' },
        { name: 'Push', description: 'Lines that clients hand in.' },
        { name: 'Health', description: 'For supervisors.' },
        { name: 'Access', description: 'Who asks, and the sessions of browsers.' },
      ],
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
    transformObject: (documents) =>
      'openapiObject' in documents
        ? completeDocument(documents.openapiObject as OpenAPIV3_1.Document)
        : documents.swaggerObject,
  });
}
