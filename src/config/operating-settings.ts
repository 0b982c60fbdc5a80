/** The settings by which an operator watches daymark. */

import { define } from './setting-definition.ts';

export const OPERATING_SETTINGS = define({
  METRICS_PORT: {
    group: 'operating',
    kind: 'integer',
    default: undefined,
    min: 0,
    max: 65535,
    placeholder: 'number',
    summary: 'a port for metrics, without a key; 0: a free one',
    meaning:
      'A TCP port of its own for `/metrics`, which asks for no key there. `serve`, `up` and `ingest --follow` open it. Nothing else is on it. 0: daymark takes a free port and prints it. Unset: none; then `serve` and `up` have `/metrics` on `PORT` only, and with `AUTH` it needs the key of an admin. `docs/metrics.md` lists the metrics.',
    example: '9464',
  },
  METRICS_HOST: {
    group: 'operating',
    kind: 'text',
    default: '127.0.0.1',
    placeholder: 'address',
    summary: 'the address of METRICS_PORT',
    meaning:
      'The address that `METRICS_PORT` listens on. The default can be reached from this machine only. Metrics name no customer and no file, but they tell how much is asked and read, to everybody who reaches the port.',
    example: '10.0.0.5',
  },
  MESSAGE_FORMAT: {
    group: 'operating',
    kind: 'choice',
    choices: ['text', 'json'],
    default: undefined,
    placeholder: 'format',
    summary: 'how serve, up and ingest --follow write messages',
    meaning:
      'How `serve`, `up` and `ingest --follow` write their messages on standard error. `json`: an object a line, with `time`, `level` (`info`, `warn` or `error`), `message`, and, where there are any, `code` and `details`. `text`: for people. Unset: `text` on a terminal, with the time, and `json` otherwise. All other commands write text.',
    example: 'json',
  },
  ACCESS_LOG: {
    group: 'operating',
    kind: 'choice',
    choices: ['off', 'json'],
    default: 'off',
    placeholder: 'format',
    summary: 'log each request to the API',
    meaning:
      'Whether `serve` and `up` write an access log. `json`: an object a line on standard output for each request, with `time`, `method`, `route`, `status`, `duration_ms`, `bytes`, `client`, `request_id` and `key_id`. It has no URL and no other header, so no secret and no customer is in it. `docs/operating.md` describes the fields.',
    example: 'json',
  },
});
