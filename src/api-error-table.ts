/** The errors of the API, a part of `error-table.ts`. */

import { define } from './error-definition.ts';

export const API_ERRORS = define({
  PORT_IN_USE: {
    title: 'The port is in use',
    advice: 'Stop the program that listens there, or set `PORT` (for metrics `METRICS_PORT`) to another one.',
  },
  PROCESS_ENDED: {
    title: 'A process of the API ended by itself',
    advice:
      'Once all processes have listened, daymark starts it again, and the others answer meanwhile. If one ends before, daymark ends. If it happens again, look at the messages before it, and at the memory of the machine: a system that has none left kills processes (SIGKILL).',
  },
  CANNOT_LISTEN: {
    title: 'daymark cannot listen on the address',
    advice:
      'Set `HOST` to an address of this machine (`127.0.0.1`, or `0.0.0.0` for all of them) and `PORT` to a port that this user may open.',
  },
  INVALID_REQUEST: {
    title: 'The request has a missing or malformed part',
    advice: 'The `detail` names the part. `/docs` describes each request.',
    httpStatus: 422,
  },
  BAD_REQUEST: {
    title: 'The request cannot be read as HTTP',
    advice: 'Percent-encode the customer id as UTF-8 (RFC 3986) and send well-formed HTTP.',
    httpStatus: 400,
    otherHttpStatuses: {
      408: 'the request came too slowly',
      413: 'it has a body that is too long, or one where none is taken, or its chunk extensions are too long',
      415: 'its body is not JSON',
      417: 'the server cannot do what its header `Expect` asks for',
      431: 'the request line and headers are too long',
    },
  },
  RANGE_TOO_LARGE: {
    title: 'The range has too many days for one answer',
    advice: 'Ask for a shorter range with `to`, then for the days after it.',
    httpStatus: 422,
  },
  NOT_FOUND: {
    title: 'There is no such resource',
    advice: '`/docs` lists the resources that exist.',
    httpStatus: 404,
  },
  NOT_ACCEPTABLE: {
    title: 'The answer has no form that the client accepts',
    advice:
      'Accept `application/json`, and do not refuse the encoding `identity`. Lists also come as `text/csv` and `application/x-ndjson`.',
    httpStatus: 406,
  },
  CUSTOMER_UNKNOWN: {
    title: 'There is no such customer',
    advice:
      'Check the spelling: an id must be as in the log, upper and lower case included. A customer is known from its first stored request on, and not any more when retention has deleted its last day.',
    httpStatus: 404,
  },
  HOURS_UNKNOWN: {
    title: 'The hours of a day are not known',
    advice:
      'Ask for the days after it, or without `granularity=hour`. A day has no hours, or not all of them, if some of its lines were read while `HOURS` was off or by an older daymark, or if `HOURS_RETENTION_DAYS` have passed. `daymark rebuild` adds them while the logs are there.',
    httpStatus: 422,
  },
  ALL_CUSTOMERS_UNKNOWN: {
    title: 'All customers together are not known for a day',
    advice:
      'Ask for the days after it, or for one customer. A day lacks requests of some customers if some of its lines were read while `ALL_CUSTOMERS` was off or by an older daymark. `daymark rebuild` adds them while the logs are there.',
    httpStatus: 422,
  },
  METHOD_NOT_ALLOWED: {
    title: 'The resource does not take this method',
    advice: 'The header `Allow` names the methods. All but a few resources take GET and HEAD only.',
    httpStatus: 405,
    otherHttpStatuses: { 501: 'HTTP does not know the method, so no resource takes it' },
  },
  UNAUTHENTICATED: {
    title: 'The request has no valid key',
    advice:
      'Send a key as `Authorization: Bearer …`. `daymark keys create` makes one; `docs/access.md` explains keys and JWTs.',
    httpStatus: 401,
  },
  FORBIDDEN: {
    title: 'The key does not read this',
    advice:
      'A customer’s key reads its own customers only: name one of them in the request. Numbers of all customers, and how daymark works, are for keys made with `--admin`.',
    httpStatus: 403,
  },
  CROSS_ORIGIN: {
    title: 'A page of another server may not change anything here',
    advice:
      'Send the request from a page of this server, or send a key as `Authorization: Bearer …` instead of the cookie of a session. A proxy before daymark must pass on the header `Host` that the browser sent.',
    httpStatus: 403,
  },
  SESSION_TOO_LARGE: {
    title: 'The token names too many customers for a session',
    advice:
      'The cookie of a session holds what a JWT is for, and browsers keep some 4,000 characters. Send the JWT with each request, or let it name fewer customers.',
    httpStatus: 422,
  },
  LINKS_NEED_AUTH: {
    title: 'Links have no use where everybody may read everything',
    advice:
      'Set `AUTH` first. Without it, a link would hide nothing: whoever has it could read all customers.',
    httpStatus: 409,
  },
  LINK_UNKNOWN: {
    title: 'There is no such link',
    advice:
      '`daymark links list` and `GET /v1/links` list the links. Expired ones are deleted after a while.',
    httpStatus: 404,
  },
  TOO_MANY_LINKS: {
    title: 'There are too many links',
    advice:
      'Let links expire sooner: those for frames are deleted a day after that, all others after 30 days. One link serves any number of readers, so do not make one for each.',
    httpStatus: 409,
  },
  CUSTOMER_NOT_PUBLIC: {
    title: 'The customer was not opted in to be shown on other pages',
    advice:
      'Set `public` to true for the customer in the file of `CUSTOMERS_FILE`. It lets its page be shown in frames, and everybody read its badge. `docs/sharing.md` explains it.',
    httpStatus: 409,
  },
  PUSH_OFF: {
    title: 'This API takes no lines',
    advice: 'Set `PUSH=on` for `serve` or `up`. `docs/push.md` explains it.',
    httpStatus: 404,
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    title: 'The push has no usable `Idempotency-Key`',
    advice:
      'Send a key of 1 to 255 printable ASCII characters that no other push of yours has, such as a UUID, and the same one with each retry. `docs/push.md` explains it.',
    httpStatus: 400,
  },
  PUSH_UNREADABLE: {
    title: 'The body of the push cannot be read',
    advice:
      'The `detail` says what is wrong with it. Lines are UTF-8; a compressed body is one stream of what `Content-Encoding` names.',
    httpStatus: 400,
  },
  PUSH_UNSUPPORTED: {
    title: 'The body of the push has a type or an encoding that is not taken',
    advice:
      'Send lines as `text/plain`, `application/x-ndjson` or `application/octet-stream`, and log records as `application/json`, compressed with gzip, zstd, deflate or br, or not at all.',
    httpStatus: 415,
  },
  PUSH_TOO_LARGE: {
    title: 'The push is too large',
    advice: 'Hand in fewer lines at once, each part with a key of its own. `docs/push.md` has the bounds.',
    httpStatus: 413,
  },
  PUSH_OTHER_CUSTOMER: {
    title: 'The push has a line of another customer',
    advice:
      'Nothing of it was counted. Hand in lines of the customers that the key names, or use a key that names none.',
    httpStatus: 403,
  },
  PUSH_IN_PROGRESS: {
    title: 'A push with this key is being read',
    advice: 'Wait for the number of seconds in `Retry-After`, and send it again: then its answer is there.',
    httpStatus: 409,
  },
  PUSH_KEY_REUSED: {
    title: 'The key was used for other content',
    advice: 'Give each push a key of its own, and send a retry with the same bytes.',
    httpStatus: 422,
  },
  PUSH_KNOWN: {
    title: 'The push was committed before',
    advice: 'There is nothing to do: its lines counted once.',
  },
  PUSH_BUSY: {
    title: 'Too many pushes at once',
    advice: 'Wait for the number of seconds in `Retry-After`, and send it again with the same key.',
    httpStatus: 429,
    isTransient: true,
  },
  PUSH_TOO_SLOW: {
    title: 'The push took too long',
    advice:
      'Send it again with the same key: its lines may have been counted, and then they do not count again.',
    httpStatus: 503,
    isTransient: true,
  },
  API_READS_ONLY: {
    title: 'This API may not write to its database',
    advice:
      'Use `daymark links` as a user who may write. Or permit it: `grant select, insert, update, delete on links to` the user of the API in PostgreSQL; `docs/sharing.md` says more.',
    httpStatus: 409,
  },
  IDENTITY_PROVIDER_UNREACHABLE: {
    title: 'The keys of the identity provider cannot be had',
    advice:
      'Check that `JWT_JWKS_URL` or `JWT_JWKS_FILE` has a JWKS, and that this machine can reach it. daymark asks again by itself.',
    httpStatus: 503,
    isTransient: true,
  },
  AUTH_OFF: {
    title: 'Everybody who reaches the API could read everything',
    advice:
      'Set `AUTH` to `keys` or `jwt`; `docs/access.md` explains how. If something else keeps others away, such as a firewall or a proxy that asks who they are, set `INSECURE_NO_AUTH=on`.',
    exitCode: 2,
  },
  KEYS_IN_CLEAR_TEXT: {
    title: 'Whoever listens on the network sees keys and answers',
    advice:
      'Set `TLS_CERT` and `TLS_KEY`. Or put a proxy that terminates TLS before the API, let `HOST` be an address that only the proxy reaches, and name the proxy in `TRUSTED_PROXIES`; `docs/proxies.md` has configurations.',
  },
  RATE_LIMITED: {
    title: 'Too many requests',
    advice: 'Wait for the number of seconds in `Retry-After`, and ask again.',
    httpStatus: 429,
    isTransient: true,
  },
  TOO_MANY_STREAMS: {
    title: 'Too many streams of events are open',
    advice:
      'Close those that you do not need. Or ask for what you show every half minute, with `If-None-Match`. One reader may have a quarter of `MAX_EVENT_STREAMS` open.',
    httpStatus: 429,
    isTransient: true,
  },
  ANSWER_TOO_SLOW: {
    title: 'The answer would take too long',
    advice:
      'Ask for fewer days, search for fewer customers, or sort by a number of requests: to sort by durations, daymark merges those of all customers.',
    httpStatus: 503,
  },
  OVERLOADED: {
    title: 'The server is overloaded',
    advice: 'Wait for the number of seconds in `Retry-After`, and ask again.',
    httpStatus: 503,
    isTransient: true,
  },
  INTERNAL: {
    title: 'A bug in daymark',
    advice: 'Please report it, with what daymark printed at that moment.',
    httpStatus: 500,
  },
});
