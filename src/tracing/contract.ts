/** What hears of work that is traced. Where no collector is named nobody does, and none of its code is loaded. */

import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a request when it begins. */
export interface BegunRequest {
  readonly method: string;
  /** `http` or `https`. */
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
}

/** The span of one request. */
export interface RequestSpan {
  /** Runs what answers the request. The calls of the store that it makes become children of the span. */
  run(answer: () => void): void;
  /**
   * Ends the span. Call it once.
   * @param route the pattern of the path; undefined where no route took the request.
   * @param status 0: the client left before it had the whole answer.
   */
  end(route: string | undefined, status: number): void;
}

export interface RequestTracing {
  begin(request: BegunRequest): RequestSpan;
}
