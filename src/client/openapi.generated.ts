/** Generated from docs/openapi.json by scripts/client.ts. */

export interface paths {
    "/customers/{customer_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Daily statistics of a customer
         * @description The customer id is percent-encoded UTF-8; a `/` in it is sent as `%2F`. An alias of the `CUSTOMERS_FILE` stands for its customer.
         */
        get: operations["getCustomerStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same, with the customer in the query
         * @description For forms, and for the customer ids `.` and `..`, which cannot stand in a path.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process up? */
        get: operations["isLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can it answer?
         * @description Whether the store can be reached and has the schema of this daymark, and the reading of logs, where this program does that, waits for nothing.
         */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An error, as RFC 9457 (Problem Details for HTTP APIs) describes it. */
        Problem: {
            /**
             * Format: uri-reference
             * @description Names the kind of error; the same for every error with this `code`.
             * @example urn:daymark:error:INVALID_REQUEST
             */
            type: string;
            /**
             * @description What the code means; the same every time.
             * @example The request has a missing or malformed part
             */
            title: string;
            /**
             * Format: int64
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description What was wrong this time, or what to do about it.
             * @example `from` is missing: give the first day as YYYY-MM-DD.
             */
            detail: string;
            /**
             * Format: uri-reference
             * @description Names this occurrence in the log of the server. Only with faults of the server.
             * @example urn:uuid:3f8b4a51-6f0e-4a7e-9d53-0d6a1b0c8f2e
             */
            instance?: string;
            /**
             * @description What programs should look at. `docs/errors.md` lists the codes. New versions may add codes: treat one that you do not know like its HTTP status.
             * @example INVALID_REQUEST
             */
            code: string;
            /**
             * Format: date-time
             * @description Only of `/health/ready`: the reading of logs waits for the database, since then. What is stored may be served meanwhile.
             * @example 2026-11-25T02:30:00.000Z
             */
            waiting_since?: string;
        };
        /** @description How the API treated one customer on one day. `docs/definitions.md` defines each number. */
        DailyStats: {
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * Format: date
             * @description The day, in the time zone that `TIME_ZONE` sets: UTC, unless it was set.
             * @example 2024-10-02
             */
            date: string;
            /**
             * Format: int64
             * @description Requests with a status of 200 to 299.
             * @example 118
             */
            success_requests: number;
            /**
             * Format: int64
             * @description Requests with any other status.
             * @example 7
             */
            failed_requests: number;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request of the day has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request of the day has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 99th percentile of the durations, by nearest rank. Seconds. Null where no request of the day has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The share of the time spent on the customer’s requests that was spent on successes; 0 where no time was spent. Percent. Null where no request of the day has a duration.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Percent.
             * @example 94.4
             */
            success_percentage: number;
            /**
             * @description How far the numbers can be relied on. `open`: more may come, always so without `WAIT_FOR_SYSTEM_DURATION`. `final`: all logs have passed the end of the day. `revised`: the day is final, and changed by late events.
             * @example final
             * @enum {string}
             */
            state: "open" | "final" | "revised";
            /**
             * Format: date-time
             * @description Since when it is in this state, RFC 3339 in UTC: when the day began, when it became final, or when it was revised last.
             * @example 2024-10-03T01:00:07.000Z
             */
            state_since: string;
            /**
             * Format: int64
             * @description Late events that were merged into the day.
             * @example 0
             */
            revision: number;
            /**
             * Format: double
             * @description Availability as contracts mean it: (`counted_requests` − `error_requests`) over `counted_requests`. Percent. Null where no request counts.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`: by default those without a response, and those with 500 to 599.
             * @example 1
             */
            error_requests: number;
            /**
             * Format: int64
             * @description All requests but those with one of the `IGNORED_STATUSES`.
             * @example 125
             */
            counted_requests: number;
            /**
             * Format: int64
             * @description Null where `duration_p50` and `duration_p99` are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * @description The customer’s name for people, from the file that `CUSTOMERS_FILE` names. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
        };
    };
    responses: {
        /** @description The request is not well-formed HTTP/1.1. */
        Error400: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The method is neither GET nor HEAD. */
        Error405: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The client accepts no form that the server has. */
        Error406: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request came too slowly. */
        Error408: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request has a body. */
        Error413: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server cannot do what `Expect` asks for. */
        Error417: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The address has sent too many requests. */
        Error429: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request line and headers are too long. */
        Error431: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server has a bug. */
        Error500: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description HTTP does not know the method. */
        Error501: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server or its database cannot answer now. */
        Error503: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description `nosniff`: the media type is as declared. */
        "X-Content-Type-Options": string;
        /** @description `no-cache`: a kept copy must be revalidated before it is used. `no-store`: keep no copy. */
        "Cache-Control": string;
        /** @description The request headers on which the answer depends. */
        Vary: string;
        /** @description Requests that an address may send in a minute. Only with a rate limit. */
        "X-RateLimit-Limit": number;
        /** @description How many of them are left. Only with a rate limit. */
        "X-RateLimit-Remaining": number;
        /** @description In how many seconds the count starts anew. Only with a rate limit. */
        "X-RateLimit-Reset": number;
        /** @description The origin that may read the answer in a browser. Only if `CORS_ORIGINS` is set. */
        "Access-Control-Allow-Origin": string;
        /** @description The headers that a page may read. Only if `CORS_ORIGINS` is set. */
        "Access-Control-Expose-Headers": string;
        /** @description `gzip`, `br` or `zstd`, where `Accept-Encoding` allows it and it saves bytes. */
        "Content-Encoding": string;
        /** @description The tag of the answer that is current. */
        ETag: string;
        /** @description Seconds to wait. */
        "Retry-After": number;
        /** @description The methods that the resource takes. */
        Allow: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getCustomerStats: {
        parameters: {
            query: {
                /**
                 * @description The first day of the answer.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the answer; without it the last that there is.
                 * @example 2024-10-31
                 */
                to?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv` and `application/x-ndjson`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson";
            };
            header?: never;
            path: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days on which the customer made requests, ascending. Empty where there are none, or no such customer. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. An answer of more than 1,500 days has none. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyStats"][];
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `RANGE_TOO_LARGE`: The range has too many days for one answer. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests from one address. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description `INTERNAL`: A bug in daymark. */
            500: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            501: components["responses"]["Error501"];
            /** @description `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `OVERLOADED`: The server is overloaded. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStats: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id: string;
                /**
                 * @description The first day of the answer.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the answer; without it the last that there is.
                 * @example 2024-10-31
                 */
                to?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv` and `application/x-ndjson`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days on which the customer made requests, ascending. Empty where there are none, or no such customer. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. An answer of more than 1,500 days has none. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyStats"][];
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `RANGE_TOO_LARGE`: The range has too many days for one answer. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests from one address. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            431: components["responses"]["Error431"];
            /** @description `INTERNAL`: A bug in daymark. */
            500: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            501: components["responses"]["Error501"];
            /** @description `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `OVERLOADED`: The server is overloaded. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    isLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always the same.
                         * @enum {string}
                         */
                        status: "live";
                    };
                };
            };
            400: components["responses"]["Error400"];
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always the same.
                         * @enum {string}
                         */
                        status: "ready";
                    };
                };
            };
            400: components["responses"]["Error400"];
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            /** @description `INTERNAL`: A bug in daymark. */
            500: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            501: components["responses"]["Error501"];
            /** @description `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_UNWRITABLE`: The database cannot be written. `STORE_BUSY`: The database is busy. `STORE_CORRUPT`: The database is damaged. `STORE_FAILED`: The database refused a statement. `STORE_ENCODING`: The database does not use UTF-8. `SCHEMA_MISSING`: The database has no tables of daymark. `SCHEMA_OLDER`: The database has the schema of an older daymark. `SCHEMA_NEWER`: The database has the schema of a newer daymark. `OVERLOADED`: The server is overloaded. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
