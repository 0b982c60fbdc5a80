/** The settings of lines that are handed in over HTTP. */

import { define } from './setting-definition.ts';

export const PUSH_SETTINGS = define({
  PUSH: {
    group: 'push',
    kind: 'choice',
    choices: ['off', 'on'],
    default: 'off',
    placeholder: 'on|off',
    summary: 'take lines over HTTP',
    meaning:
      '`on`: `serve` and `up` take lines of logs at `POST /v1/ingest`, and log records of OpenTelemetry at `POST /v1/logs`, and write them to the database. Lines are read as `LOG_FORMAT` and the other settings of logs say. With `AUTH=keys`, a client needs a key that `daymark keys create --ingest` made. With `AUTH=off`, `HOST` must be an address of this machine alone. `docs/push.md` explains it.',
    example: 'on',
  },
  PUSH_KEY_DURATION: {
    group: 'push',
    kind: 'duration',
    default: 'P1D',
    placeholder: 'duration',
    summary: 'how long an Idempotency-Key is known',
    meaning:
      'How long daymark knows an `Idempotency-Key` again, and so for how long a client may retry without its lines counting twice: an ISO 8601 duration (`P1D`, `PT6H`) or a number of seconds, from an hour to 31 days. Each push takes some 500 bytes of the database for so long.',
    example: 'P7D',
  },
  OTLP_RECORDS: {
    group: 'push',
    kind: 'choice',
    choices: ['attributes', 'body'],
    default: 'attributes',
    placeholder: 'part',
    summary: 'what a log record of OpenTelemetry says',
    meaning:
      'Where a log record that comes to `POST /v1/logs` says what happened. `attributes`: in attributes with the names of the semantic conventions, such as `http.response.status_code` and `url.path`. `body`: its body is a line of a log, as a collector reads it from a file; it is read as `LOG_FORMAT` says.',
    example: 'body',
  },
  OTLP_CUSTOMER_ATTRIBUTE: {
    group: 'push',
    kind: 'text',
    default: 'customer.id',
    placeholder: 'name',
    summary: 'the attribute with the customer',
    meaning:
      'The attribute of a log record, its scope or its resource that has the customer: a text or a whole number. The semantic conventions have no name for it. With `OTLP_RECORDS=attributes`.',
    example: 'tenant.id',
  },
  OTLP_DURATION_ATTRIBUTE: {
    group: 'push',
    kind: 'text',
    default: 'http.server.request.duration',
    placeholder: 'name',
    summary: 'the attribute with the duration',
    meaning:
      'The attribute of a log record that has the duration of the request. A record without it counts, without a duration. With `OTLP_RECORDS=attributes`.',
    example: 'duration_ms',
  },
  OTLP_DURATION_UNIT: {
    group: 'push',
    kind: 'choice',
    choices: ['s', 'ms', 'us', 'ns'],
    default: 's',
    placeholder: 'unit',
    summary: 'the unit of that duration',
    meaning:
      'The unit of `OTLP_DURATION_ATTRIBUTE`: seconds, as in the semantic conventions, milliseconds, microseconds or nanoseconds.',
    example: 'ms',
  },
});
