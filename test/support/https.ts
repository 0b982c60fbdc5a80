/** A client that can be told whom to trust, what name to ask for, and from which address of this machine to ask. */

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as JSON. */
  json<T>(): T;
}

/** Asks, by default with GET, and reads the whole answer. @throws where it does not arrive whole. */
export function askHttp(url: string, options: RequestOptions = {}): Promise<HttpAnswer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, ...options }, (response) => {
      response.toArray().then((pieces) => {
        const body = Buffer.concat(pieces);
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body, json: () => JSON.parse(body.toString()) });
      }, reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
