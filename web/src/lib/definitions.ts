/** What each number means, in a sentence or two. `docs/definitions.md` has the whole. */
export const DEFINITIONS = {
  availability:
    '100 × (counted − failed) ÷ counted requests. Failed are the statuses that the server is set up to count as its own failures (without FAILED_STATUSES: no response, and 500 to 599). Others, such as 404, are answers.',
  failed:
    'Counted requests with a status that is a failure of the service. Not those that are the client’s own errors.',
  requests: 'All requests of the range that the logs have, each once, by the time in the log line.',
  p50: 'The median: half of the requests took at most as long. By nearest rank, from all requests of the range together; never an average of days.',
  p95: '95 of 100 requests took at most as long. By nearest rank, from all requests of the range together; never an average of days.',
  p99: '99 of 100 requests took at most as long. By nearest rank, from all requests of the range together; never an average of days. Not shown for fewer than 100 requests, where it is no more than the longest one or the second longest.',
  success:
    '100 × requests with a status of 200 to 299 ÷ all requests. Redirects and the clients’ own errors lower it.',
  uptime:
    '100 × the time spent on requests with a status of 200 to 299 ÷ the time spent on all requests. A failure that took long weighs more.',
  outcomes:
    'Succeeded: status 200 to 299. Failed: what counts against the availability. Other: the rest, such as redirects, 404, and refused logins.',
} as const;
