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
    "/v1/customers/{customer_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A customer by hour, day, week or month
         * @description Merged from the requests of each span, never an average of the days.
         */
        get: operations["getCustomerSpans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All customers together by hour, day, week or month
         * @description Or those of the customer in the query: for forms, and for the customer ids `.` and `..`, which cannot stand in a path.
         */
        get: operations["getSpans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A range of days of a customer, beside the preceding one
         * @description Merged from all requests of the range, never an average of its days.
         */
        get: operations["getCustomerSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A range of days of all customers together, beside the preceding one
         * @description Or those of the customer in the query: for forms, and for the customer ids `.` and `..`, which cannot stand in a path.
         */
        get: operations["getSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hours-summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Some hours of a customer or of all together, beside the time before
         * @description Merged from all requests of the hours, up to 744 of them. Hours are those of the clock in the time zone of the store, each counted by when it begins.
         */
        get: operations["getHoursSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customers, searched and ranked
         * @description Pages stay right while rows change: a page begins behind the last customer of the page before, by the number and the id that it had there. So a customer whose number does not change is on one page, and on no other. One whose number changes between two pages may be on both, or on none.
         */
        get: operations["rankCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The name, the aliases and the days of a customer */
        get: operations["getCustomer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same, with the id in the query
         * @description For the customer ids `.` and `..`, which cannot stand in a path.
         */
        get: operations["getCustomerInQuery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/new-customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customers whose first request is in the range
         * @description Days that were deleted (`RETENTION_DAYS`) do not count: a customer whose earlier days are all gone is new.
         */
        get: operations["listNewCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/silent-customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Customers with requests before the range, and none in it
         * @description The numbers of each are those of the days before the range, when it still sent requests.
         */
        get: operations["listSilentCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worst-days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The customers with the worst days
         * @description The worst day of a customer is the `worst_day` of its summary. A range has at most 31 days.
         */
        get: operations["listWorstDays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The endpoints of a customer
         * @description Merged from all requests of each endpoint in the range, never an average of its days.
         */
        get: operations["getCustomerEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The endpoints of all customers together
         * @description Or those of the customer in the query: for the customer ids `.` and `..`, which cannot stand in a path.
         */
        get: operations["getEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statuses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests by day and status
         * @description Of a customer, or of all together. A range has at most 1500 days.
         */
        get: operations["getStatuses"];
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
    "/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was read of each log
         * @description The ledger of each log that was ever read, by id. Each ledger adds up by itself. Pages stay right while logs are added: none is missed, and none comes twice.
         */
        get: operations["listSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The logs that a day of a customer rests on
         * @description All logs with lines of the day: those of the customer are among them. For operators: it names files, and counts the lines of all customers in them. Do not hand it to a customer.
         */
        get: operations["listCustomerDaySources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/day-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The logs that a day rests on
         * @description All logs with lines of the day. With a customer in the query, also its requests: for the customer ids `.` and `..`, which cannot stand in a path. For operators: it names files, and counts the lines of all customers in them. Do not hand it to a customer.
         */
        get: operations["listDaySources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed of final days of a customer
         * @description Changes by late lines and by `daymark rebuild`, after a day was final. Days are final only with a `WAIT_FOR_SYSTEM_DURATION`. For operators: it names files, and counts the lines of all customers in them. Do not hand it to a customer.
         */
        get: operations["listCustomerChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was changed of final days of a customer
         * @description For forms, and for the customer ids `.` and `..`, which cannot stand in a path. For operators: it names files, and counts the lines of all customers in them. Do not hand it to a customer.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rejected lines
         * @description The rejected lines that are kept: the first 1,000 of each log. `/v1/sources` counts all of them. A page may have fewer lines than `limit`, also none, while `next_cursor` is not null.
         */
        get: operations["listRejectedLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far daymark is behind the logs */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The time zone and the target of this server */
        get: operations["getAbout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/badge.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The badge of a customer, as a picture
         * @description The availability of the last 30 days. They end today, or on the last day that logs reach if that is longer ago than yesterday. Only customers that have `public` in the file of `CUSTOMERS_FILE` have a badge. Any other one is answered like one that does not exist.
         */
        get: operations["getBadge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/badge.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The badge of a customer, for shields.io
         * @description The availability of the last 30 days. They end today, or on the last day that logs reach if that is longer ago than yesterday. Only customers that have `public` in the file of `CUSTOMERS_FILE` have a badge. Any other one is answered like one that does not exist.
         */
        get: operations["getBadgeData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An event whenever answers may have changed
         * @description Server-sent events. `change` comes within two seconds after a commit, and at most twice a second. It says that something was committed, and not what: ask again for what you show, with `If-None-Match`. `current` is the first event where nothing was missed. A comment comes where nothing else did for 15 seconds. `docs/api.md` explains more.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asks
         * @description Says what the key, the JWT or the session that came with this request may read, and until when.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Sign in
         * @description Begins a session of the key or the JWT in the header `Authorization`, and sets its cookie, which a browser then sends in the place of the key. The session ends with the key, and after `SESSION_DURATION`. A body is not looked at. Where nobody has to sign in, no cookie is set.
         */
        post: operations["createSession"];
        /**
         * Sign out
         * @description Has the browser forget the cookie of its session. Nothing is stored of a session on the server, so this ends it only there: to end a session that somebody else may have, revoke its key.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Links that were made
         * @description Revoked ones and, for a while, expired ones are among them. What opens them is not shown.
         */
        get: operations["listLinks"];
        put?: never;
        /**
         * Make a link
         * @description Makes a link that shows one customer’s page, read-only, to whoever has it: until it expires or is revoked. The server of a portal makes fresh ones for frames (`embed`) in this way.
         */
        post: operations["createLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a link
         * @description Makes a link invalid for ever. All running APIs refuse it within a second.
         */
        delete: operations["revokeLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics, for Prometheus
         * @description `docs/metrics.md` lists the metrics. No label names a customer or a file. `METRICS_PORT` offers them without a key.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ingest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in lines
         * @description Takes lines of a log, and counts them, all of them or none, before it answers. A retry with the same `Idempotency-Key` and the same lines gets the same answer, and its lines do not count again: also where the server was killed before it could answer, and from any process on the same database. `PUSH_KEY_DURATION` says how long. Retry after 409, 429 and 503, and where no answer came.
         */
        post: operations["ingestLines"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in log records of OpenTelemetry
         * @description OTLP over HTTP, in JSON. `OTLP_RECORDS` and the settings beside it say what a log record says. Collectors send no `Idempotency-Key`. So the content is the key: the same bytes count once within `PUSH_KEY_DURATION`, and a retry of a collector has the same bytes.
         */
        post: operations["exportLogs"];
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
        /** @description How the API treated one customer, or all together, in one hour, on one day, in one week or one month. `docs/definitions.md` defines each number. */
        SpanStats: {
            /**
             * @description The customer; null: all customers together.
             * @example cust_40
             */
            customer_id: string | null;
            /**
             * @description The name of the span: the first day of the day, week or month, or the instant at which the hour begins.
             * @example 2024-10-01
             */
            span: string;
            /**
             * Format: date
             * @description The first day that is counted. It differs from `span` where the range cuts a span.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day that is counted.
             * @example 2024-10-31
             */
            to: string;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * Format: double
             * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The shortest duration. Seconds. Null where no request has a duration.
             * @example 0.012
             */
            duration_min: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.8
             */
            duration_p90: number | null;
            /**
             * Format: double
             * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.1
             */
            duration_p95: number | null;
            /**
             * Format: double
             * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 2.2
             */
            duration_p999: number | null;
            /**
             * Format: double
             * @description The longest duration. Seconds. Null where no request has a duration.
             * @example 2.3
             */
            duration_max: number | null;
            /**
             * Format: int64
             * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * @description How far the numbers can be relied on. `open`: more may come to one of the days. `final`: all logs have passed the end of the last day. `revised`: final, and changed by late events.
             * @example final
             * @enum {string}
             */
            state: "open" | "final" | "revised";
            /**
             * Format: date-time
             * @description Since when: when the first day began, when the last one became final, or when a day was revised last. RFC 3339 in UTC.
             * @example 2024-11-01T01:00:07.000Z
             */
            state_since: string;
            /**
             * Format: int64
             * @description Late events that were merged into the days.
             * @example 0
             */
            revision: number;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
        };
        /** @description How the API treated one customer, or all together, over a range of days. `docs/definitions.md` defines each number. */
        CustomerSummary: {
            /**
             * @description The customer; null: all customers together.
             * @example cust_40
             */
            customer_id: string | null;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
            /**
             * @description The endpoint that was asked for. Absent: all.
             * @example GET /orders/{id}
             */
            endpoint?: string;
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range.
             * @example 2024-10-31
             */
            to: string;
            /**
             * Format: int64
             * @description The days of the range with at least one request.
             * @example 30
             */
            days_with_requests: number;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * Format: double
             * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The shortest duration. Seconds. Null where no request has a duration.
             * @example 0.012
             */
            duration_min: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.8
             */
            duration_p90: number | null;
            /**
             * Format: double
             * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.1
             */
            duration_p95: number | null;
            /**
             * Format: double
             * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 2.2
             */
            duration_p999: number | null;
            /**
             * Format: double
             * @description The longest duration. Seconds. Null where no request has a duration.
             * @example 2.3
             */
            duration_max: number | null;
            /**
             * Format: int64
             * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * @description For each of the times in `share_under`, in their order. Empty where there are none.
             * @example [
             *       {
             *         "seconds": 0.5,
             *         "requests": 100,
             *         "percentage": 80
             *       }
             *     ]
             */
            shares_under: {
                /**
                 * Format: double
                 * @description The time that was asked for.
                 */
                seconds: number;
                /**
                 * Format: int64
                 * @description Requests whose duration is less.
                 * @example 118
                 */
                requests: number;
                /**
                 * Format: double
                 * @description Their share of the requests that have a duration. Percent.
                 * @example 94.4
                 */
                percentage: number | null;
            }[];
            /**
             * @description Requests by status, ascending.
             * @example [
             *       {
             *         "status": 200,
             *         "requests": 118
             *       }
             *     ]
             */
            statuses: {
                /**
                 * Format: int64
                 * @description The status; 0: no response.
                 */
                status: number;
                /**
                 * Format: int64
                 * @description Requests with it.
                 * @example 118
                 */
                requests: number;
            }[];
            /**
             * @description Requests by class of status.
             * @example {
             *       "no_response": 0,
             *       "1xx": 0,
             *       "2xx": 118,
             *       "3xx": 0,
             *       "4xx": 6,
             *       "5xx": 1
             *     }
             */
            status_classes: {
                /**
                 * Format: int64
                 * @description Requests without a response.
                 * @example 0
                 */
                no_response: number;
                /**
                 * Format: int64
                 * @description Requests with a status of 100 to 199.
                 * @example 0
                 */
                "1xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 200 to 299.
                 * @example 118
                 */
                "2xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 300 to 399.
                 * @example 0
                 */
                "3xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 400 to 499.
                 * @example 6
                 */
                "4xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 500 to 599.
                 * @example 1
                 */
                "5xx": number;
            };
            /**
             * @description The day with the highest availability; of those, the one with the lowest `duration_p99`; of those, the first. Null where no request counts for the availability.
             * @example {
             *       "date": "2024-10-02",
             *       "requests": 125,
             *       "availability_percentage": 99.2,
             *       "duration_p99": 1.551
             *     }
             */
            best_day: {
                /**
                 * Format: date
                 * @description The day.
                 * @example 2024-10-02
                 */
                date: string;
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
                /**
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
            } | null;
            /**
             * @description The day with the lowest availability; of those, the one with the highest `duration_p99`, and one without durations before all others; of those, the first.
             * @example {
             *       "date": "2024-10-02",
             *       "requests": 125,
             *       "availability_percentage": 99.2,
             *       "duration_p99": 1.551
             *     }
             */
            worst_day: {
                /**
                 * Format: date
                 * @description The day.
                 * @example 2024-10-02
                 */
                date: string;
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
                /**
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
            } | null;
            /**
             * @description The best hour, in the order of `best_day`. Null where the hours of a day are not known: see `HOURS`.
             * @example {
             *       "hour": "2024-10-02T05:00:00Z",
             *       "requests": 12,
             *       "availability_percentage": 99.2,
             *       "duration_p99": 1.551
             *     }
             */
            best_hour: {
                /**
                 * Format: date-time
                 * @description The instant at which it begins.
                 */
                hour: string;
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
                /**
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
            } | null;
            /**
             * @description The worst hour, in the order of `worst_day`.
             * @example {
             *       "hour": "2024-10-02T05:00:00Z",
             *       "requests": 12,
             *       "availability_percentage": 99.2,
             *       "duration_p99": 1.551
             *     }
             */
            worst_hour: {
                /**
                 * Format: date-time
                 * @description The instant at which it begins.
                 */
                hour: string;
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
                /**
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
            } | null;
            /**
             * @description How far the numbers can be relied on. `open`: more may come to one of the days. `final`: all logs have passed the end of the last day. `revised`: final, and changed by late events.
             * @example final
             * @enum {string}
             */
            state: "open" | "final" | "revised";
            /**
             * Format: date-time
             * @description Since when: when the first day began, when the last one became final, or when a day was revised last. RFC 3339 in UTC.
             * @example 2024-11-01T01:00:07.000Z
             */
            state_since: string;
            /**
             * Format: int64
             * @description Late events that were merged into the days.
             * @example 0
             */
            revision: number;
            /**
             * @description The preceding range with as many days. Null if it would begin before the year 1, or if all customers together are not known for it.
             * @example {
             *       "from": "2024-08-31",
             *       "to": "2024-09-30",
             *       "requests": 125,
             *       "success_requests": 118,
             *       "failed_requests": 7,
             *       "error_requests": 1,
             *       "counted_requests": 125,
             *       "availability_percentage": 99.2,
             *       "success_percentage": 94.4,
             *       "uptime_percentage": 95.2,
             *       "duration_mean": 0.412,
             *       "duration_min": 0.012,
             *       "duration_p50": 0.316,
             *       "duration_p90": 0.8,
             *       "duration_p95": 1.1,
             *       "duration_p99": 1.551,
             *       "duration_p999": 2.2,
             *       "duration_max": 2.3,
             *       "duration_precision": null,
             *       "shares_under": []
             *     }
             */
            preceding: {
                /**
                 * Format: date
                 * @description The first day of it.
                 * @example 2024-08-31
                 */
                from: string;
                /**
                 * Format: date
                 * @description The last day of it.
                 * @example 2024-09-30
                 */
                to: string;
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
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
                 * Format: int64
                 * @description The counted requests with one of the `FAILED_STATUSES`.
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
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description Successes over all requests. Null where there are none. Percent.
                 * @example 94.4
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
                 * @example 95.2
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
                 * @example 0.412
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The shortest duration. Seconds. Null where no request has a duration.
                 * @example 0.012
                 */
                duration_min: number | null;
                /**
                 * Format: double
                 * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.316
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.8
                 */
                duration_p90: number | null;
                /**
                 * Format: double
                 * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.1
                 */
                duration_p95: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
                /**
                 * Format: double
                 * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 2.2
                 */
                duration_p999: number | null;
                /**
                 * Format: double
                 * @description The longest duration. Seconds. Null where no request has a duration.
                 * @example 2.3
                 */
                duration_max: number | null;
                /**
                 * Format: int64
                 * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
                 * @example null
                 * @enum {integer|null}
                 */
                duration_precision: 5 | 4 | null;
                /**
                 * @description For each of the times in `share_under`, in their order. Empty where there are none.
                 * @example [
                 *       {
                 *         "seconds": 0.5,
                 *         "requests": 100,
                 *         "percentage": 80
                 *       }
                 *     ]
                 */
                shares_under: {
                    /**
                     * Format: double
                     * @description The time that was asked for.
                     */
                    seconds: number;
                    /**
                     * Format: int64
                     * @description Requests whose duration is less.
                     * @example 118
                     */
                    requests: number;
                    /**
                     * Format: double
                     * @description Their share of the requests that have a duration. Percent.
                     * @example 94.4
                     */
                    percentage: number | null;
                }[];
            } | null;
            /**
             * @description The numbers of the range less those of the preceding range, in the same units. Null where one of the two is null.
             * @example {
             *       "requests": 0,
             *       "success_requests": 0,
             *       "failed_requests": 0,
             *       "error_requests": 0,
             *       "counted_requests": 0,
             *       "availability_percentage": 0,
             *       "success_percentage": 0,
             *       "uptime_percentage": 0,
             *       "duration_mean": 0,
             *       "duration_min": 0,
             *       "duration_p50": 0,
             *       "duration_p90": 0,
             *       "duration_p95": 0,
             *       "duration_p99": 0,
             *       "duration_p999": 0,
             *       "duration_max": 0
             *     }
             */
            change: {
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                success_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                failed_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                error_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                counted_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_min: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p90: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p95: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p99: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p999: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_max: number | null;
            } | null;
            /**
             * @description All customers together, in the same range: was it only this one? Without the numbers of requests, but an exact percentage can tell these, too. So the key of a customer gets percentages to one decimal and durations to two significant digits. Null where all customers together are asked for, where daymark has not kept them for each of these days (see `ALL_CUSTOMERS`), and for the key of a customer where too few customers have requests on one of these days to hide each other (see `EVERYONE_MIN_CUSTOMERS`).
             * @example {
             *       "days_with_requests": 31,
             *       "availability_percentage": 99.2,
             *       "success_percentage": 94.4,
             *       "uptime_percentage": 95.2,
             *       "duration_mean": 0.412,
             *       "duration_p50": 0.316,
             *       "duration_p90": 0.8,
             *       "duration_p95": 1.1,
             *       "duration_p99": 1.551,
             *       "duration_p999": 2.2,
             *       "duration_precision": null,
             *       "shares_under": [
             *         {
             *           "seconds": 0.5,
             *           "percentage": 80
             *         }
             *       ]
             *     }
             */
            everyone: {
                /**
                 * Format: int64
                 * @description The days of the range with at least one request of any customer.
                 * @example 31
                 */
                days_with_requests: number;
                /**
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description Successes over all requests. Null where there are none. Percent.
                 * @example 94.4
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
                 * @example 95.2
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
                 * @example 0.412
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.316
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.8
                 */
                duration_p90: number | null;
                /**
                 * Format: double
                 * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.1
                 */
                duration_p95: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
                /**
                 * Format: double
                 * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 2.2
                 */
                duration_p999: number | null;
                /**
                 * Format: int64
                 * @description Null where all durations are exact. Otherwise they are exact to this many significant digits: 2 for the key of a customer.
                 * @example null
                 * @enum {integer|null}
                 */
                duration_precision: 5 | 4 | 2 | null;
                /**
                 * @description For each of the times in `share_under`. Empty for the key of a customer.
                 * @example [
                 *       {
                 *         "seconds": 0.5,
                 *         "percentage": 80
                 *       }
                 *     ]
                 */
                shares_under: {
                    /**
                     * Format: double
                     * @description The time that was asked for.
                     */
                    seconds: number;
                    /**
                     * Format: double
                     * @description Their share of the requests that have a duration. Percent.
                     * @example 94.4
                     */
                    percentage: number | null;
                }[];
            } | null;
        };
        /** @description How the API treated one customer, or all together, over some hours. `docs/definitions.md` defines each number. */
        HoursSummary: {
            /**
             * @description The customer; null: all customers together.
             * @example cust_40
             */
            customer_id: string | null;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
            /**
             * Format: date-time
             * @description Hours that begin then or later are counted. RFC 3339, UTC.
             * @example 2024-10-01T06:00:00Z
             */
            from_hour: string;
            /**
             * Format: date-time
             * @description Hours that begin then or before are counted. RFC 3339, UTC.
             * @example 2024-10-02T05:00:00Z
             */
            to_hour: string;
            /**
             * Format: int64
             * @description The hours of the range with at least one request.
             * @example 24
             */
            hours_with_requests: number;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * Format: double
             * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The shortest duration. Seconds. Null where no request has a duration.
             * @example 0.012
             */
            duration_min: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.8
             */
            duration_p90: number | null;
            /**
             * Format: double
             * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.1
             */
            duration_p95: number | null;
            /**
             * Format: double
             * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 2.2
             */
            duration_p999: number | null;
            /**
             * Format: double
             * @description The longest duration. Seconds. Null where no request has a duration.
             * @example 2.3
             */
            duration_max: number | null;
            /**
             * Format: int64
             * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * @description Requests by status, ascending.
             * @example [
             *       {
             *         "status": 200,
             *         "requests": 118
             *       }
             *     ]
             */
            statuses: {
                /**
                 * Format: int64
                 * @description The status; 0: no response.
                 */
                status: number;
                /**
                 * Format: int64
                 * @description Requests with it.
                 * @example 118
                 */
                requests: number;
            }[];
            /**
             * @description Requests by class of status.
             * @example {
             *       "no_response": 0,
             *       "1xx": 0,
             *       "2xx": 118,
             *       "3xx": 0,
             *       "4xx": 6,
             *       "5xx": 1
             *     }
             */
            status_classes: {
                /**
                 * Format: int64
                 * @description Requests without a response.
                 * @example 0
                 */
                no_response: number;
                /**
                 * Format: int64
                 * @description Requests with a status of 100 to 199.
                 * @example 0
                 */
                "1xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 200 to 299.
                 * @example 118
                 */
                "2xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 300 to 399.
                 * @example 0
                 */
                "3xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 400 to 499.
                 * @example 6
                 */
                "4xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 500 to 599.
                 * @example 1
                 */
                "5xx": number;
            };
            /**
             * @description How far the numbers can be relied on. `open`: more may come to one of the days. `final`: all logs have passed the end of the last day. `revised`: final, and changed by late events.
             * @example final
             * @enum {string}
             */
            state: "open" | "final" | "revised";
            /**
             * Format: date-time
             * @description Since when: when the first day began, when the last one became final, or when a day was revised last. RFC 3339 in UTC.
             * @example 2024-11-01T01:00:07.000Z
             */
            state_since: string;
            /**
             * Format: int64
             * @description Late events that were merged into the days.
             * @example 0
             */
            revision: number;
            /**
             * @description As much time before it. Null where its hours are not known.
             * @example {
             *       "from_hour": "2024-09-30T06:00:00Z",
             *       "to_hour": "2024-10-01T05:59:59Z",
             *       "requests": 125,
             *       "success_requests": 118,
             *       "failed_requests": 7,
             *       "error_requests": 1,
             *       "counted_requests": 125,
             *       "availability_percentage": 99.2,
             *       "success_percentage": 94.4,
             *       "uptime_percentage": 95.2,
             *       "duration_mean": 0.412,
             *       "duration_min": 0.012,
             *       "duration_p50": 0.316,
             *       "duration_p90": 0.8,
             *       "duration_p95": 1.1,
             *       "duration_p99": 1.551,
             *       "duration_p999": 2.2,
             *       "duration_max": 2.3,
             *       "duration_precision": null
             *     }
             */
            preceding: {
                /**
                 * Format: date-time
                 * @description Hours that begin then or later are counted. RFC 3339, UTC.
                 * @example 2024-10-01T06:00:00Z
                 */
                from_hour: string;
                /**
                 * Format: date-time
                 * @description Hours that begin then or before are counted. RFC 3339, UTC.
                 * @example 2024-10-02T05:00:00Z
                 */
                to_hour: string;
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
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
                 * Format: int64
                 * @description The counted requests with one of the `FAILED_STATUSES`.
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
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description Successes over all requests. Null where there are none. Percent.
                 * @example 94.4
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
                 * @example 95.2
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
                 * @example 0.412
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The shortest duration. Seconds. Null where no request has a duration.
                 * @example 0.012
                 */
                duration_min: number | null;
                /**
                 * Format: double
                 * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.316
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.8
                 */
                duration_p90: number | null;
                /**
                 * Format: double
                 * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.1
                 */
                duration_p95: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
                /**
                 * Format: double
                 * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 2.2
                 */
                duration_p999: number | null;
                /**
                 * Format: double
                 * @description The longest duration. Seconds. Null where no request has a duration.
                 * @example 2.3
                 */
                duration_max: number | null;
                /**
                 * Format: int64
                 * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
                 * @example null
                 * @enum {integer|null}
                 */
                duration_precision: 5 | 4 | null;
            } | null;
            /**
             * @description The numbers of the range less those of the preceding range, in the same units. Null where one of the two is null.
             * @example {
             *       "requests": 0,
             *       "success_requests": 0,
             *       "failed_requests": 0,
             *       "error_requests": 0,
             *       "counted_requests": 0,
             *       "availability_percentage": 0,
             *       "success_percentage": 0,
             *       "uptime_percentage": 0,
             *       "duration_mean": 0,
             *       "duration_min": 0,
             *       "duration_p50": 0,
             *       "duration_p90": 0,
             *       "duration_p95": 0,
             *       "duration_p99": 0,
             *       "duration_p999": 0,
             *       "duration_max": 0
             *     }
             */
            change: {
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                success_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                failed_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                error_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                counted_requests: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_min: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p90: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p95: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p99: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_p999: number | null;
                /**
                 * Format: double
                 * @description The number of the range, less that of the preceding range.
                 * @example 1
                 */
                duration_max: number | null;
            } | null;
        };
        /** @description A day of a customer, in short. */
        StripDay: {
            /**
             * Format: date
             * @description The day.
             * @example 2024-10-31
             */
            date: string;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
            /**
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
        };
        /** @description How the API treated one customer over a range of days. `docs/definitions.md` defines each number. */
        RankedCustomer: {
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * Format: double
             * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The shortest duration. Seconds. Null where no request has a duration.
             * @example 0.012
             */
            duration_min: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.8
             */
            duration_p90: number | null;
            /**
             * Format: double
             * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.1
             */
            duration_p95: number | null;
            /**
             * Format: double
             * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 2.2
             */
            duration_p999: number | null;
            /**
             * Format: double
             * @description The longest duration. Seconds. Null where no request has a duration.
             * @example 2.3
             */
            duration_max: number | null;
            /**
             * Format: int64
             * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * Format: double
             * @description The requests less those of the preceding range. Null where that range begins before the year 1.
             * @example 12
             */
            requests_change: number | null;
            /**
             * Format: double
             * @description The availability less that of the preceding range, in percentage points. Null where one of them is null.
             * @example -0.4
             */
            availability_change: number | null;
            /**
             * @description Requests by class of status.
             * @example {
             *       "no_response": 0,
             *       "1xx": 0,
             *       "2xx": 118,
             *       "3xx": 0,
             *       "4xx": 6,
             *       "5xx": 1
             *     }
             */
            status_classes: {
                /**
                 * Format: int64
                 * @description Requests without a response.
                 * @example 0
                 */
                no_response: number;
                /**
                 * Format: int64
                 * @description Requests with a status of 100 to 199.
                 * @example 0
                 */
                "1xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 200 to 299.
                 * @example 118
                 */
                "2xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 300 to 399.
                 * @example 0
                 */
                "3xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 400 to 499.
                 * @example 6
                 */
                "4xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 500 to 599.
                 * @example 1
                 */
                "5xx": number;
            };
            /**
             * @description Its last days with requests, ascending. Absent without `strip_days`. In CSV and Parquet, a cell of JSON.
             * @example []
             */
            days?: components["schemas"]["StripDay"][];
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
        };
        /** @description A page of customers. */
        CustomerRanking: {
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range; it is included.
             * @example 2024-10-31
             */
            to: string;
            /**
             * @description The preceding range with as many days, with which the changes compare. Null if it would begin before the year 1.
             * @example {
             *       "from": "2024-08-31",
             *       "to": "2024-09-30"
             *     }
             */
            preceding: {
                /**
                 * Format: date
                 * @description The first day of it.
                 * @example 2024-08-31
                 */
                from: string;
                /**
                 * Format: date
                 * @description The last day of it.
                 * @example 2024-09-30
                 */
                to: string;
            } | null;
            /**
             * @description The endpoint that was asked for. Absent: all.
             * @example GET /orders/{id}
             */
            endpoint?: string;
            /**
             * @description The number to sort by. Customers for whom it is null come last, and those with equal numbers in the order of their ids. Without it: `customer_id`, the fastest. To sort by `uptime_percentage` or a duration, daymark merges the durations of all customers, which takes many times as long as the others.
             * @example availability_percentage
             * @enum {string}
             */
            sort: "customer_id" | "requests" | "success_requests" | "failed_requests" | "error_requests" | "counted_requests" | "availability_percentage" | "success_percentage" | "requests_change" | "availability_change" | "uptime_percentage" | "duration_mean" | "duration_min" | "duration_p50" | "duration_p90" | "duration_p95" | "duration_p99" | "duration_p999" | "duration_max";
            /**
             * @description Ascending or descending. Without it: ascending for `customer_id`, `availability_change` and the percentages, so that the worst come first, and descending for all others.
             * @example asc
             * @enum {string}
             */
            order: "asc" | "desc";
            /**
             * @description The customers with requests in the range, in the order that was asked for.
             * @example []
             */
            customers: components["schemas"]["RankedCustomer"][];
            /**
             * @description The `cursor` of the next page. Null where this is the last one.
             * @example WyIxZTRmIiw5OS4yLCJjdXN0XzQwIl0
             */
            next_cursor: string | null;
        };
        /** @description Who a customer is. */
        Customer: {
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
            /**
             * @description The ids that stand for it in logs, from the `CUSTOMERS_FILE`, in the order of the file: the first 1000 of them. A link is not told them: they may be keys.
             * @example [
             *       "key-7f3a",
             *       "192.0.2.1"
             *     ]
             */
            aliases: string[];
            /**
             * Format: int64
             * @description How many aliases it has.
             * @example 2
             */
            alias_count: number;
            /**
             * Format: date
             * @description Its first day with requests. Null where it has none.
             * @example 2024-08-19
             */
            first_date: string | null;
            /**
             * Format: date
             * @description Its last day with requests.
             * @example 2024-10-02
             */
            last_date: string | null;
        };
        /** @description A customer that is new or silent. The numbers are of the range for new ones, and of the days before it for silent ones. */
        ActiveCustomer: {
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * Format: date
             * @description The first of the days that are counted.
             * @example 2024-10-07
             */
            first_date: string;
            /**
             * Format: date
             * @description The last of the days that are counted.
             * @example 2024-10-31
             */
            last_date: string;
            /**
             * Format: int64
             * @description The number of the days that are counted.
             * @example 25
             */
            days_with_requests: number;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
        };
        /** @description A page of new or silent customers. */
        CustomerActivity: {
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range; it is included.
             * @example 2024-10-31
             */
            to: string;
            /**
             * @description The days before the range. Null if they would begin before the year 1.
             * @example {
             *       "from": "2024-08-31",
             *       "to": "2024-09-30"
             *     }
             */
            preceding: {
                /**
                 * Format: date
                 * @description The first day of them.
                 * @example 2024-08-31
                 */
                from: string;
                /**
                 * Format: date
                 * @description The last day of them.
                 * @example 2024-09-30
                 */
                to: string;
            } | null;
            /**
             * Format: int64
             * @description How many there are, on all pages.
             * @example 1
             */
            customer_count: number;
            /**
             * @description Those with the most requests first, and equal ones in the order of their ids.
             * @example []
             */
            customers: components["schemas"]["ActiveCustomer"][];
            /**
             * @description Send it as `cursor` for the next page. Null on the last page.
             * @example null
             */
            next_cursor: string | null;
        };
        /** @description How the API treated one customer on its worst day of a range. */
        WorstDay: {
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * Format: date
             * @description Its worst day.
             * @example 2024-09-25
             */
            date: string;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * Format: double
             * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The shortest duration. Seconds. Null where no request has a duration.
             * @example 0.012
             */
            duration_min: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.8
             */
            duration_p90: number | null;
            /**
             * Format: double
             * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.1
             */
            duration_p95: number | null;
            /**
             * Format: double
             * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 2.2
             */
            duration_p999: number | null;
            /**
             * Format: double
             * @description The longest duration. Seconds. Null where no request has a duration.
             * @example 2.3
             */
            duration_max: number | null;
            /**
             * Format: int64
             * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * @description Requests by class of status.
             * @example {
             *       "no_response": 0,
             *       "1xx": 0,
             *       "2xx": 118,
             *       "3xx": 0,
             *       "4xx": 6,
             *       "5xx": 1
             *     }
             */
            status_classes: {
                /**
                 * Format: int64
                 * @description Requests without a response.
                 * @example 0
                 */
                no_response: number;
                /**
                 * Format: int64
                 * @description Requests with a status of 100 to 199.
                 * @example 0
                 */
                "1xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 200 to 299.
                 * @example 118
                 */
                "2xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 300 to 399.
                 * @example 0
                 */
                "3xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 400 to 499.
                 * @example 6
                 */
                "4xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 500 to 599.
                 * @example 1
                 */
                "5xx": number;
            };
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
        };
        /** @description The customers with the worst days. */
        WorstDays: {
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-09-23
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range; it is included.
             * @example 2024-09-29
             */
            to: string;
            /**
             * Format: int64
             * @description Days with fewer requests do not count.
             * @example 20
             */
            min_requests: number;
            /**
             * @description By availability, the lowest first. Customers whose worst days have the same one come in the order of their ids. A customer of whom no request counts for the availability is not among them.
             * @example []
             */
            customers: components["schemas"]["WorstDay"][];
        };
        /** @description How the API treated the requests of one endpoint over a range of days. */
        EndpointStats: {
            /**
             * @description Method and path template. `(not found)`: requests that were answered 404. `(other)`: those without a path, or that fit no template.
             * @example GET /orders/{id}
             */
            endpoint: string;
            /**
             * @description The method. Null where the log has none, and for `(not found)` and `(other)`.
             * @example GET
             */
            method: string | null;
            /**
             * @description The path template.
             * @example /orders/{id}
             */
            path: string;
            /**
             * Format: int64
             * @description All requests.
             * @example 125
             */
            requests: number;
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
             * Format: int64
             * @description The counted requests with one of the `FAILED_STATUSES`.
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
             * Format: double
             * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
             * @example 99.2
             */
            availability_percentage: number | null;
            /**
             * Format: double
             * @description Successes over all requests. Null where there are none. Percent.
             * @example 94.4
             */
            success_percentage: number | null;
            /**
             * Format: double
             * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
             * @example 95.2
             */
            uptime_percentage: number | null;
            /**
             * Format: double
             * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
             * @example 0.412
             */
            duration_mean: number | null;
            /**
             * Format: double
             * @description The shortest duration. Seconds. Null where no request has a duration.
             * @example 0.012
             */
            duration_min: number | null;
            /**
             * Format: double
             * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.316
             */
            duration_p50: number | null;
            /**
             * Format: double
             * @description The 90th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 0.8
             */
            duration_p90: number | null;
            /**
             * Format: double
             * @description The 95th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.1
             */
            duration_p95: number | null;
            /**
             * Format: double
             * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 1.551
             */
            duration_p99: number | null;
            /**
             * Format: double
             * @description The 99.9th percentile, by nearest rank. Seconds. Null where no request has a duration.
             * @example 2.2
             */
            duration_p999: number | null;
            /**
             * Format: double
             * @description The longest duration. Seconds. Null where no request has a duration.
             * @example 2.3
             */
            duration_max: number | null;
            /**
             * Format: int64
             * @description Null where all durations are exact, as nearly always. Otherwise they are exact to this many significant digits.
             * @example null
             * @enum {integer|null}
             */
            duration_precision: 5 | 4 | null;
            /**
             * @description Requests by status, ascending.
             * @example [
             *       {
             *         "status": 200,
             *         "requests": 118
             *       },
             *       {
             *         "status": 404,
             *         "requests": 6
             *       },
             *       {
             *         "status": 503,
             *         "requests": 1
             *       }
             *     ]
             */
            statuses: {
                /**
                 * Format: int64
                 * @description The status; 0: no response.
                 */
                status: number;
                /**
                 * Format: int64
                 * @description Requests with it.
                 * @example 118
                 */
                requests: number;
            }[];
            /**
             * @description Requests by class of status.
             * @example {
             *       "no_response": 0,
             *       "1xx": 0,
             *       "2xx": 118,
             *       "3xx": 0,
             *       "4xx": 6,
             *       "5xx": 1
             *     }
             */
            status_classes: {
                /**
                 * Format: int64
                 * @description Requests without a response.
                 * @example 0
                 */
                no_response: number;
                /**
                 * Format: int64
                 * @description Requests with a status of 100 to 199.
                 * @example 0
                 */
                "1xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 200 to 299.
                 * @example 118
                 */
                "2xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 300 to 399.
                 * @example 0
                 */
                "3xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 400 to 499.
                 * @example 6
                 */
                "4xx": number;
                /**
                 * Format: int64
                 * @description Requests with a status of 500 to 599.
                 * @example 1
                 */
                "5xx": number;
            };
        };
        /** @description The endpoints of a range of days. */
        Endpoints: {
            /**
             * @description The customer; null: all customers together.
             * @example cust_40
             */
            customer_id: string | null;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range; it is included.
             * @example 2024-10-31
             */
            to: string;
            /**
             * Format: int64
             * @description All requests of the range.
             * @example 125
             */
            requests: number;
            /**
             * Format: int64
             * @description Those of them whose endpoint is not known: they were read by an older daymark, while `ENDPOINTS` was off, or from a log without a path. `daymark rebuild` adds them.
             * @example 0
             */
            unknown_requests: number;
            /**
             * @description How far the numbers can be relied on. `open`: more may come to one of the days. `final`: all logs have passed the end of the last day. `revised`: final, and changed by late events.
             * @example final
             * @enum {string}
             */
            state: "open" | "final" | "revised";
            /**
             * Format: date-time
             * @description Since when: when the first day began, when the last one became final, or when a day was revised last. RFC 3339 in UTC.
             * @example 2024-11-01T01:00:07.000Z
             */
            state_since: string;
            /**
             * Format: int64
             * @description Late events that were merged into the days.
             * @example 0
             */
            revision: number;
            /**
             * @description The number to sort by. Endpoints for which it is null come last, and those with equal numbers in the order of their texts. Without it: `requests`.
             * @example availability_percentage
             * @enum {string}
             */
            sort: "endpoint" | "requests" | "success_requests" | "failed_requests" | "error_requests" | "counted_requests" | "availability_percentage" | "success_percentage" | "uptime_percentage" | "duration_mean" | "duration_min" | "duration_p50" | "duration_p90" | "duration_p95" | "duration_p99" | "duration_p999" | "duration_max";
            /**
             * @description Ascending or descending. Without it: ascending for `endpoint` and the percentages, so that the worst come first, and descending for all others.
             * @example asc
             * @enum {string}
             */
            order: "asc" | "desc";
            /**
             * Format: int64
             * @description How many endpoints there are in the range, beyond `limit`, too.
             * @example 1
             */
            endpoint_count: number;
            /**
             * @description The endpoints with requests, in the order that was asked for.
             * @example []
             */
            endpoints: components["schemas"]["EndpointStats"][];
        };
        /** @description How many requests were answered with which status, by day. */
        Statuses: {
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range; it is included.
             * @example 2024-10-31
             */
            to: string;
            /**
             * @description The customer; null: all customers together.
             * @example cust_40
             */
            customer_id: string | null;
            /**
             * @description The days with requests, ascending.
             * @example [
             *       {
             *         "date": "2024-10-02",
             *         "requests": 125,
             *         "statuses": [
             *           {
             *             "status": 200,
             *             "requests": 118
             *           },
             *           {
             *             "status": 404,
             *             "requests": 6
             *           },
             *           {
             *             "status": 503,
             *             "requests": 1
             *           }
             *         ]
             *       }
             *     ]
             */
            days: {
                /**
                 * Format: date
                 * @description The day.
                 * @example 2024-10-02
                 */
                date: string;
                /**
                 * Format: int64
                 * @description All requests of the day.
                 * @example 125
                 */
                requests: number;
                /** @description Requests by status, ascending. */
                statuses: {
                    /**
                     * Format: int64
                     * @description The status; 0: no response.
                     */
                    status: number;
                    /**
                     * Format: int64
                     * @description Requests with it.
                     * @example 118
                     */
                    requests: number;
                }[];
            }[];
        };
        /** @description A log, and what became of its lines. */
        Source: {
            /**
             * @description It never changes.
             * @example 0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11
             */
            id: string;
            /**
             * @description The path of the file. A rotation changes it.
             * @example /logs/api.log
             */
            name: string;
            /**
             * @description `live`: it may grow. `finished`: nothing more will come, because it was read to its end or rewritten. `retired`: an earlier version saw that it was rewritten.
             * @example live
             * @enum {string}
             */
            state: "live" | "finished" | "retired";
            /**
             * Format: int64
             * @description Its position: what lies before it is in the store. Only the source knows what the number means, so only compare it.
             * @example 615234
             */
            offset: number;
            /**
             * @description The position in words.
             * @example byte 615,234
             */
            at: string;
            /**
             * Format: int64
             * @description Lines that are in the store: `accepted` + `rejected` + `dropped` + `excluded`.
             * @example 10000
             */
            lines: number;
            /**
             * Format: int64
             * @description Lines that count.
             * @example 9996
             */
            accepted: number;
            /**
             * Format: int64
             * @description Lines that are no records.
             * @example 3
             */
            rejected: number;
            /**
             * @description The rejected lines by reason. They add up to `rejected`.
             * @example {
             *       "invalid_timestamp": 2,
             *       "empty_line": 1
             *     }
             */
            rejected_by_reason: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Late events. Those that were not dropped are among the accepted lines.
             * @example 0
             */
            late: number;
            /**
             * Format: int64
             * @description Late events that were dropped (`LATE_EVENTS=drop`).
             * @example 0
             */
            dropped: number;
            /**
             * Format: int64
             * @description Lines that do not count because of `EXCLUDE` or `INCLUDE`.
             * @example 1
             */
            excluded: number;
            /**
             * Format: date-time
             * @description The least event time of the accepted lines. Null where there is none.
             * @example 2024-10-02T05:10:46.000Z
             */
            first_event: string | null;
            /**
             * Format: date-time
             * @description The greatest event time of the accepted lines. Null where there is none.
             * @example 2024-10-02T05:10:46.000Z
             */
            last_event: string | null;
            /**
             * Format: date-time
             * @description When it was found. Null where an earlier version found it.
             * @example 2024-10-02T05:10:46.000Z
             */
            added: string | null;
            /**
             * Format: date-time
             * @description When this ledger last changed, by the clock of the database.
             * @example 2024-10-02T05:10:46.000Z
             */
            moved: string | null;
            /**
             * @description The `SOURCE_NAME` of the host that the log is on. Null where none was set, or every process can read it.
             * @example web-1
             */
            source_name: string | null;
        };
        /** @description A page of logs. */
        Sources: {
            /**
             * @description By id.
             * @example []
             */
            sources: components["schemas"]["Source"][];
            /**
             * @description Send it as `cursor` for the next page. Null on the last page.
             * @example null
             */
            next_cursor: string | null;
        };
        /** @description A log, and its lines of one day. */
        DaySource: {
            /**
             * @description The id of the log, as in `/v1/sources`.
             * @example 0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11
             */
            id: string;
            /**
             * @description The path of the file. A rotation changes it.
             * @example /logs/api.log
             */
            name: string;
            /**
             * @description `live`: it may grow. `finished`: nothing more will come, because it was read to its end or rewritten. `retired`: an earlier version saw that it was rewritten.
             * @example live
             * @enum {string}
             */
            state: "live" | "finished" | "retired";
            /**
             * @description By what the log is recognised: a fingerprint of its first bytes, at most 1 KiB.
             * @example sha256:1024:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            fingerprint: string;
            /**
             * Format: int64
             * @description Its lines of this day that count, of all customers. Lines that were rejected, dropped or left out are not among them.
             * @example 9996
             */
            lines: number;
            /**
             * Format: int64
             * @description The position of the first of these lines. Lines of other days may follow.
             * @example 0
             */
            from_offset: number;
            /**
             * @description That position in words.
             * @example byte 0
             */
            from_at: string;
            /**
             * Format: int64
             * @description The position behind the last of them.
             * @example 615234
             */
            to_offset: number;
            /**
             * @description That position in words.
             * @example byte 615,234
             */
            to_at: string;
            /**
             * @description The `SOURCE_NAME` of the host that the log is on. Null where none was set, or every process can read it.
             * @example web-1
             */
            source_name: string | null;
        };
        /** @description A page of the logs that the numbers of a day rest on. */
        DaySources: {
            /**
             * @description The customer; null: all customers together.
             * @example cust_40
             */
            customer_id: string | null;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
            /**
             * Format: date
             * @description The day.
             * @example 2024-10-02
             */
            date: string;
            /**
             * Format: int64
             * @description The customer's requests of the day: their lines are among those of the logs. Without a customer: all requests.
             * @example 125
             */
            requests: number;
            /**
             * Format: int64
             * @description All lines of the day that count, in all logs, of all customers.
             * @example 9996
             */
            lines: number;
            /**
             * Format: int64
             * @description Further lines of the day of which the log is not known: an older daymark read them. `daymark rebuild` finds out. Where it is not 0, the list may lack logs.
             * @example 0
             */
            unknown_lines: number;
            /**
             * @description The logs that have lines of the day, by id.
             * @example []
             */
            sources: components["schemas"]["DaySource"][];
            /**
             * @description Send it as `cursor` for the next page. Null on the last page.
             * @example null
             */
            next_cursor: string | null;
        };
        /** @description A change of a day of a customer that was final. */
        DayChange: {
            /**
             * Format: date
             * @description The day.
             * @example 2024-10-02
             */
            date: string;
            /**
             * Format: int64
             * @description The changes of a day are numbered from 1 on.
             * @example 1
             */
            number: number;
            /**
             * Format: int64
             * @description How many changes of the day there were. Only the last 50 are kept.
             * @example 1
             */
            change_count: number;
            /**
             * Format: date-time
             * @description When it was stored. RFC 3339 in UTC.
             * @example 2024-10-09T08:00:01.000Z
             */
            changed: string;
            /**
             * @description `late`: late lines were added. `rebuild`: `daymark rebuild` computed the day anew.
             * @example late
             * @enum {string}
             */
            cause: "late" | "rebuild";
            /**
             * @description The numbers before the change. Null where the customer had no request of the day.
             * @example {
             *       "requests": 125,
             *       "success_requests": 118,
             *       "failed_requests": 7,
             *       "error_requests": 1,
             *       "counted_requests": 125,
             *       "availability_percentage": 99.2,
             *       "success_percentage": 94.4,
             *       "uptime_percentage": 95.2,
             *       "duration_mean": 0.412,
             *       "duration_p50": 0.316,
             *       "duration_p99": 1.551,
             *       "statuses": [
             *         {
             *           "status": 200,
             *           "requests": 118
             *         },
             *         {
             *           "status": 404,
             *           "requests": 6
             *         },
             *         {
             *           "status": 503,
             *           "requests": 1
             *         }
             *       ]
             *     }
             */
            before: {
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
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
                 * Format: int64
                 * @description The counted requests with one of the `FAILED_STATUSES`.
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
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description Successes over all requests. Null where there are none. Percent.
                 * @example 94.4
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
                 * @example 95.2
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
                 * @example 0.412
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.316
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
                /**
                 * @description Requests by status, ascending.
                 * @example [
                 *       {
                 *         "status": 200,
                 *         "requests": 118
                 *       },
                 *       {
                 *         "status": 404,
                 *         "requests": 6
                 *       },
                 *       {
                 *         "status": 503,
                 *         "requests": 1
                 *       }
                 *     ]
                 */
                statuses: {
                    /**
                     * Format: int64
                     * @description The status; 0: no response.
                     */
                    status: number;
                    /**
                     * Format: int64
                     * @description Requests with it.
                     * @example 118
                     */
                    requests: number;
                }[];
            } | null;
            /**
             * @description The numbers after it. Null where the customer has no request of the day any more.
             * @example {
             *       "requests": 125,
             *       "success_requests": 118,
             *       "failed_requests": 7,
             *       "error_requests": 1,
             *       "counted_requests": 125,
             *       "availability_percentage": 99.2,
             *       "success_percentage": 94.4,
             *       "uptime_percentage": 95.2,
             *       "duration_mean": 0.412,
             *       "duration_p50": 0.316,
             *       "duration_p99": 1.551,
             *       "statuses": [
             *         {
             *           "status": 200,
             *           "requests": 118
             *         },
             *         {
             *           "status": 404,
             *           "requests": 6
             *         },
             *         {
             *           "status": 503,
             *           "requests": 1
             *         }
             *       ]
             *     }
             */
            after: {
                /**
                 * Format: int64
                 * @description All requests.
                 * @example 125
                 */
                requests: number;
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
                 * Format: int64
                 * @description The counted requests with one of the `FAILED_STATUSES`.
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
                 * Format: double
                 * @description (`counted_requests` − `error_requests`) over `counted_requests`. Null where no request counts. Percent.
                 * @example 99.2
                 */
                availability_percentage: number | null;
                /**
                 * Format: double
                 * @description Successes over all requests. Null where there are none. Percent.
                 * @example 94.4
                 */
                success_percentage: number | null;
                /**
                 * Format: double
                 * @description The share of the time spent on requests that was spent on successes; 0 where no time was spent. Null where no request has a duration. Percent.
                 * @example 95.2
                 */
                uptime_percentage: number | null;
                /**
                 * Format: double
                 * @description The sum of the durations over the number of requests that have one. Seconds. Null where no request has a duration.
                 * @example 0.412
                 */
                duration_mean: number | null;
                /**
                 * Format: double
                 * @description The median duration, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 0.316
                 */
                duration_p50: number | null;
                /**
                 * Format: double
                 * @description The 99th percentile, by nearest rank. Seconds. Null where no request has a duration.
                 * @example 1.551
                 */
                duration_p99: number | null;
                /**
                 * @description Requests by status, ascending.
                 * @example [
                 *       {
                 *         "status": 200,
                 *         "requests": 118
                 *       },
                 *       {
                 *         "status": 404,
                 *         "requests": 6
                 *       },
                 *       {
                 *         "status": 503,
                 *         "requests": 1
                 *       }
                 *     ]
                 */
                statuses: {
                    /**
                     * Format: int64
                     * @description The status; 0: no response.
                     */
                    status: number;
                    /**
                     * Format: int64
                     * @description Requests with it.
                     * @example 118
                     */
                    requests: number;
                }[];
            } | null;
            /**
             * Format: int64
             * @description How many logs gave lines of this day with the change. 0 for a rebuild, which reads all.
             * @example 1
             */
            source_count: number;
            /**
             * @description The first 16 of these logs, under the names that they had then, and their lines of this day with the change.
             * @example [
             *       {
             *         "id": "0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11",
             *         "name": "/logs/api.log",
             *         "lines": 3,
             *         "from_offset": 615234,
             *         "from_at": "byte 615,234",
             *         "to_offset": 615420,
             *         "to_at": "byte 615,420"
             *       }
             *     ]
             */
            sources: {
                /**
                 * @description The id of the log, as in `/v1/sources`.
                 * @example 0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11
                 */
                id: string;
                /**
                 * @description The path of the file. A rotation changes it.
                 * @example /logs/api.log
                 */
                name: string;
                /**
                 * Format: int64
                 * @description Its lines of this day that count, of all customers. Lines that were rejected, dropped or left out are not among them.
                 * @example 9996
                 */
                lines: number;
                /**
                 * Format: int64
                 * @description The position of the first of these lines. Lines of other days may follow.
                 * @example 0
                 */
                from_offset: number;
                /**
                 * @description That position in words.
                 * @example byte 0
                 */
                from_at: string;
                /**
                 * Format: int64
                 * @description The position behind the last of them.
                 * @example 615234
                 */
                to_offset: number;
                /**
                 * @description That position in words.
                 * @example byte 615,234
                 */
                to_at: string;
            }[];
        };
        /** @description A page of the changes of final days of a customer. */
        DayChanges: {
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * @description The customer’s name for people, from the `CUSTOMERS_FILE`. Absent where it has none.
             * @example Acme Corporation
             */
            customer_name?: string;
            /**
             * Format: date
             * @description The first day of the range.
             * @example 2024-10-01
             */
            from: string;
            /**
             * Format: date
             * @description The last day of the range; it is included.
             * @example 2024-10-31
             */
            to: string;
            /**
             * @description By day and number.
             * @example []
             */
            changes: components["schemas"]["DayChange"][];
            /**
             * @description Send it as `cursor` for the next page. Null on the last page.
             * @example null
             */
            next_cursor: string | null;
        };
        /** @description A line that is no record. */
        RejectedLine: {
            /**
             * @description The id of the log, as in `/v1/sources`.
             * @example 0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11
             */
            source_id: string;
            /**
             * @description The path of the log.
             * @example /logs/api.log
             */
            file: string;
            /**
             * Format: int64
             * @description The position of the line. Only the source knows what the number means, so only compare it.
             * @example 1234
             */
            offset: number;
            /**
             * @description The position in words.
             * @example byte 1,234
             */
            at: string;
            /**
             * @description Why the line was rejected. `docs/rejections.md` explains the reasons.
             * @example invalid_timestamp
             */
            reason: string;
            /**
             * @description The first 200 bytes of the line, with unprintable characters escaped. Anybody can write into a log, so never trust it.
             * @example 2024-13-02 05:10:46 cust_40 /api/v1/resource1 400 0.316
             */
            excerpt: string;
        };
        /** @description A page of rejected lines. */
        RejectedLines: {
            /**
             * @description By log and place.
             * @example []
             */
            rejected: components["schemas"]["RejectedLine"][];
            /**
             * @description Send it as `cursor` for the next page. Null on the last page.
             * @example null
             */
            next_cursor: string | null;
        };
        /** @description How far daymark is. `docs/operating.md` defines the lag. */
        Status: {
            /**
             * @description The version of daymark.
             * @example 0.1.0
             */
            version: string;
            /**
             * @description Where the statistics are.
             * @example SQLite
             * @enum {string}
             */
            database: "SQLite" | "PostgreSQL";
            /**
             * @description The time zone of the days. Null before the first commit.
             * @example UTC
             */
            time_zone: string | null;
            /**
             * Format: date-time
             * @description When this was answered, by the clock of the server.
             * @example 2024-10-03T08:00:01.234Z
             */
            time: string;
            /**
             * @description Whether the process that answers also reads logs (`up`). If not (`serve`), `bytes_behind`, `messages_behind`, `seconds_behind`, `waits_for` and `watermark` are not known, so they are null.
             * @example true
             */
            is_reading: boolean;
            /**
             * Format: int64
             * @description Bytes that the last poll found in the logs and that are not in the store. Null where that is not known, also while an archive is read or a log is away.
             * @example 0
             */
            bytes_behind: number | null;
            /**
             * Format: int64
             * @description The lag of topics of Kafka: messages that the last poll found in the partitions that this process reads and that are not in the store. Null where no topics are read, and while a broker is away.
             * @example 0
             */
            messages_behind: number | null;
            /**
             * Format: double
             * @description All that stood in the logs so many seconds ago is in the store. Null where that is not known, also before everything was read once.
             * @example 0.204
             */
            seconds_behind: number | null;
            /**
             * @description What the reading of logs waits for. Null where it waits for nothing, or that is not known.
             * @example {
             *       "code": "STORE_UNWRITABLE",
             *       "since": "2024-10-03T07:59:00.000Z"
             *     }
             */
            waits_for: {
                /** @description The error that it waits out; `docs/errors.md` lists the codes. */
                code: string;
                /**
                 * Format: date-time
                 * @description Since when.
                 */
                since: string;
            } | null;
            /**
             * Format: date-time
             * @description When the store last changed what it knows of a log, by the clock of the database.
             * @example 2024-10-02T05:10:46.000Z
             */
            last_commit: string | null;
            /**
             * Format: date-time
             * @description The greatest event time of all logs. Null where there is none.
             * @example 2024-10-02T05:10:46.000Z
             */
            last_event: string | null;
            /**
             * Format: date-time
             * @description The time up to which events are in the store: the least watermark of the live logs, or the greatest of all where none is live. Null without `WAIT_FOR_SYSTEM_DURATION`, while a live log has no accepted line, and where it is not known.
             * @example 2024-10-02T05:10:46.000Z
             */
            watermark: string | null;
            /**
             * Format: date
             * @description The last day that is final. Null where none is.
             * @example 2024-10-01
             */
            final_through: string | null;
            /**
             * @description How many logs there are of each state; `/v1/sources` lists them.
             * @example {
             *       "live": 1,
             *       "finished": 12,
             *       "retired": 0
             *     }
             */
            sources: {
                /** Format: int64 */
                live: number;
                /** Format: int64 */
                finished: number;
                /** Format: int64 */
                retired: number;
            };
            /**
             * Format: int64
             * @description Lines of all logs: `accepted` + `rejected` + `dropped` + `excluded`.
             * @example 10000
             */
            lines: number;
            /**
             * Format: int64
             * @description Lines that count.
             * @example 9996
             */
            accepted: number;
            /**
             * Format: int64
             * @description Lines that are no records.
             * @example 3
             */
            rejected: number;
            /**
             * Format: int64
             * @description Late events.
             * @example 0
             */
            late: number;
            /**
             * Format: int64
             * @description Late events that were dropped.
             * @example 0
             */
            dropped: number;
            /**
             * Format: int64
             * @description Lines that do not count because of `EXCLUDE` or `INCLUDE`.
             * @example 1
             */
            excluded: number;
            /**
             * @description The processes that divide the partitions of a topic, as their leases say. Empty where logs are files.
             * @example [
             *       {
             *         "name": "reader-1:4711",
             *         "work": "kafka requests",
             *         "partitions": 6
             *       }
             *     ]
             */
            readers: {
                /**
                 * @description The host and the process id, or `SOURCE_NAME`.
                 * @example reader-1:4711
                 */
                name: string;
                /**
                 * @description What it divides with others.
                 * @example kafka requests
                 */
                work: string;
                /**
                 * Format: int64
                 * @description How many partitions it reads.
                 * @example 6
                 */
                partitions: number;
            }[];
        };
        /** @description What holds for all answers of this server. */
        About: {
            /**
             * @description The version of daymark.
             * @example 0.1.0
             */
            version: string;
            /**
             * @description The time zone of the days. Null before the first commit.
             * @example UTC
             */
            time_zone: string | null;
            /**
             * Format: double
             * @description The availability that customers may expect: the setting `TARGET_PERCENT`. Percent.
             * @example 99.9
             */
            target_percentage: number;
            /**
             * @description The statuses that count as failures for the availability: the setting `FAILED_STATUSES`. 0: no response.
             * @example 0, 500-599
             */
            failed_statuses: string;
            /**
             * @description The statuses that do not count for it at all: the setting `IGNORED_STATUSES`. Empty: all count.
             * @example
             */
            ignored_statuses: string;
            /**
             * @description Whether clients must send a key or a JWT for anything else.
             * @example false
             */
            is_guarded: boolean;
            /**
             * @description What clients may send: keys of this server, JWTs of an identity provider. The setting `AUTH`; empty if it is `off`.
             * @example []
             */
            auth: string[];
            /**
             * @description The origins whose pages may show a customer in a frame, under `/embed`: the setting `EMBED_ANCESTORS`.
             * @example []
             */
            embed_ancestors: string[];
        };
        /** @description A badge as shields.io takes it. */
        Badge: {
            /**
             * Format: int64
             * @description The version of this form, which shields.io defined.
             * @example 1
             */
            schemaVersion: number;
            /**
             * @description What the number is.
             * @example availability, 30 days
             */
            label: string;
            /**
             * @description The availability, rounded down. Or that there were no requests, or fewer than 100: too few to judge.
             * @example 99.95%
             */
            message: string;
            /**
             * @description By `TARGET_PERCENT`, as the page judges a day. Hexadecimal digits.
             * @example 0b6b63
             */
            color: string;
        };
        /** @description Who asks, and what that one may read. */
        Session: {
            /**
             * @description `admin` reads everything, `customer` the customers that are named here, `ingest` nothing: it hands in lines. Without `AUTH`, everybody is an admin.
             * @example customer
             */
            role: string;
            /**
             * @description The customers that may be read. If the role is `ingest`: those whose lines may be handed in, and none means all.
             * @example [
             *       {
             *         "customer_id": "cust_40",
             *         "customer_name": "Acme"
             *       }
             *     ]
             */
            customers: {
                /**
                 * @description The id of the customer.
                 * @example cust_40
                 */
                customer_id: string;
                /**
                 * @description Its name, from the `CUSTOMERS_FILE`. Null where it has none.
                 * @example Acme
                 */
                customer_name: string | null;
            }[];
            /**
             * @description Whether the cookie of a session was shown, and not a key or a JWT.
             * @example true
             */
            is_session: boolean;
            /**
             * Format: date-time
             * @description When the session ends, or else the key or the JWT. Null: a key that has no end, or no key is needed.
             * @example 2024-10-02T17:10:46Z
             */
            expires: string | null;
        };
        /** @description What became of lines that were handed in. The lines that were accepted are stored. */
        Pushed: {
            /**
             * Format: int64
             * @description Lines in the body: the sum of those that were accepted, rejected, dropped and excluded.
             * @example 3
             */
            lines: number;
            /**
             * Format: int64
             * @description Lines that count. Late ones that were merged are among them.
             * @example 2
             */
            accepted: number;
            /**
             * Format: int64
             * @description Lines that are no request of the log format, or have no customer or time that can count.
             * @example 1
             */
            rejected: number;
            /**
             * @description How many lines were rejected for each reason. `docs/rejections.md` explains the reasons.
             * @example {
             *       "invalid_status": 1
             *     }
             */
            rejected_by_reason: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Lines behind the watermark of what this client handed in. Dropped ones are among them.
             * @example 0
             */
            late: number;
            /**
             * Format: int64
             * @description Late lines that do not count, with `LATE_EVENTS=drop`.
             * @example 0
             */
            dropped: number;
            /**
             * Format: int64
             * @description Lines that were understood and do not count, as `EXCLUDE` and `INCLUDE` say.
             * @example 0
             */
            excluded: number;
            /**
             * @description The first lines that were rejected.
             * @example []
             */
            rejected_lines: {
                /**
                 * Format: int64
                 * @description The number of the line in the body.
                 * @example 2
                 */
                line: number;
                /**
                 * Format: int64
                 * @description The byte of the body, decompressed, with which the line begins.
                 * @example 56
                 */
                offset: number;
                /**
                 * @description Why it was rejected.
                 * @example invalid_status
                 */
                reason: string;
                /**
                 * @description The first 200 bytes of the line, with unprintable characters escaped.
                 * @example 2024-10-02 05:10:46 cust_40 /api/v1/resource1 4000 0.316
                 */
                excerpt: string;
            }[];
            /**
             * @description The id of the source that the lines count for, as in `/v1/sources`.
             * @example push-5f0c1d2e3a4b5c6d-1
             */
            source_id: string;
        };
        /** @description The answer of OTLP: `ExportLogsServiceResponse`. */
        ExportedLogs: {
            /**
             * @description There only if some log records were rejected.
             * @example {
             *       "rejectedLogRecords": "1",
             *       "errorMessage": "1 of 3 log records: invalid_status (1)."
             *     }
             */
            partialSuccess?: {
                /**
                 * @description How many log records were rejected.
                 * @example 1
                 */
                rejectedLogRecords: string;
                /**
                 * @description Why, and the first one of them.
                 * @example 1 of 3 log records: invalid_status (1). Record 2: invalid_status.
                 */
                errorMessage: string;
            };
        };
        /** @description A link that shows one customer’s page. What opens it is not among its fields. */
        Link: {
            /**
             * @description The public id of the link. It opens nothing.
             * @example 5f0c1d2e3a4b5c6d
             */
            id: string;
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * @description `page`: a page of its own. `embed`: in a frame of another site.
             * @example page
             * @enum {string}
             */
            kind: "page" | "embed";
            /**
             * @description What it is for. May be empty.
             * @example Acme, for the review
             */
            name: string;
            /**
             * @description Whether it opens the page.
             * @example valid
             * @enum {string}
             */
            state: "valid" | "expired" | "revoked";
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-11-29T10:00:00.000Z
             */
            created: string;
            /**
             * @description Who made it: the id of a key, what is known of a JWT, or `command line`.
             * @example key 0123456789abcdef
             */
            created_by: string;
            /**
             * Format: date-time
             * @description When it ends.
             * @example 2026-12-29T10:00:00.000Z
             */
            expires: string;
            /**
             * Format: date-time
             * @description When it was revoked. Null: it was not.
             * @example null
             */
            revoked: string | null;
        };
        /** @description A link that was just made. */
        NewLink: {
            /**
             * @description The public id of the link. It opens nothing.
             * @example 5f0c1d2e3a4b5c6d
             */
            id: string;
            /**
             * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
             * @example cust_40
             */
            customer_id: string;
            /**
             * @description `page`: a page of its own. `embed`: in a frame of another site.
             * @example page
             * @enum {string}
             */
            kind: "page" | "embed";
            /**
             * @description What it is for. May be empty.
             * @example Acme, for the review
             */
            name: string;
            /**
             * @description Whether it opens the page.
             * @example valid
             * @enum {string}
             */
            state: "valid" | "expired" | "revoked";
            /**
             * Format: date-time
             * @description When it was made.
             * @example 2026-11-29T10:00:00.000Z
             */
            created: string;
            /**
             * @description Who made it: the id of a key, what is known of a JWT, or `command line`.
             * @example key 0123456789abcdef
             */
            created_by: string;
            /**
             * Format: date-time
             * @description When it ends.
             * @example 2026-12-29T10:00:00.000Z
             */
            expires: string;
            /**
             * Format: date-time
             * @description When it was revoked. Null: it was not.
             * @example null
             */
            revoked: string | null;
            /**
             * @description What opens the page. It is shown only now. Send it to the API as `Authorization: Bearer …`, or open `path`.
             * @example 1.5f0c1d2e.eyJsaWQiOiI1ZjBjMWQyZTNhNGI1YzZkIn0.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU
             */
            token: string;
            /**
             * @description Where the page is, behind the address of this server. The token stands behind `#`, which browsers send to nobody.
             * @example /customer?id=cust_40#link=1.5f0c1d2e.eyJsaWQi…
             */
            path: string;
        };
        /** @description A page of links. */
        Links: {
            /**
             * @description Those first that were made last.
             * @example []
             */
            links: components["schemas"]["Link"][];
            /**
             * @description Send it as `cursor` for the next page. Null on the last page.
             * @example null
             */
            next_cursor: string | null;
        };
    };
    responses: {
        /** @description The request is not well-formed HTTP/1.1. */
        Error400: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The request has no valid key. */
        Error401: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key reads other resources, and not this one. */
        Error403: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The key does not read this customer, if there is one. */
        Error404: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The resource does not take the method. */
        Error405: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The request has a body that is too long. */
        Error413: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The client has sent too many requests, or too many keys that are not valid. */
        Error429: {
            headers: {
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
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
        /** @description The id of the request in the logs: the one that the request had, if it was plain and short. */
        "X-Request-Id": string;
        /** @description Requests that a client may send in a minute: a key, or without one an address, or a /64 network of IPv6. Only with a rate limit. */
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
        /** @description `Bearer`, and what was wrong with the key that was sent. */
        "WWW-Authenticate": string;
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
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getCustomerSpans: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included. Without it: the last with requests.
                 * @example 2024-10-31
                 */
                to?: string;
                /**
                 * @description What one row covers: an hour, a day, a week from Monday to Sunday, or a month. Without it: a day.
                 * @example month
                 */
                granularity?: "hour" | "day" | "week" | "month";
                /**
                 * @description Only requests of this endpoint: its method and path template, as `/v1/endpoints` names it. Endpoints are kept by day. Requests whose endpoint is not known (`unknown_requests` there) are not among them.
                 * @example GET /orders/{id}
                 */
                endpoint?: string;
                /**
                 * @description With `true`, spans without requests have rows, too: zero requests, and null for what is not known.
                 * @example true
                 */
                fill?: "true" | "false";
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
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
            /** @description The spans with requests, ascending; with `fill=true`, all of them. A week or month that the range cuts has the numbers of its part in the range. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpanStats"][];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `HOURS_UNKNOWN`: The hours of a day are not known. `RANGE_TOO_LARGE`: The range has too many days for one answer. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getSpans: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included. Without it: the last with requests.
                 * @example 2024-10-31
                 */
                to?: string;
                /**
                 * @description What one row covers: an hour, a day, a week from Monday to Sunday, or a month. Without it: a day.
                 * @example month
                 */
                granularity?: "hour" | "day" | "week" | "month";
                /**
                 * @description Only requests of this endpoint: its method and path template, as `/v1/endpoints` names it. Endpoints are kept by day. Requests whose endpoint is not known (`unknown_requests` there) are not among them.
                 * @example GET /orders/{id}
                 */
                endpoint?: string;
                /**
                 * @description With `true`, spans without requests have rows, too: zero requests, and null for what is not known.
                 * @example true
                 */
                fill?: "true" | "false";
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The spans with requests, ascending; with `fill=true`, all of them. A week or month that the range cuts has the numbers of its part in the range. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpanStats"][];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `HOURS_UNKNOWN`: The hours of a day are not known. `RANGE_TOO_LARGE`: The range has too many days for one answer. `ALL_CUSTOMERS_UNKNOWN`: All customers together are not known for a day. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getCustomerSummary: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description Only requests of this endpoint: its method and path template, as `/v1/endpoints` names it. Endpoints are kept by day. Requests whose endpoint is not known (`unknown_requests` there) are not among them.
                 * @example GET /orders/{id}
                 */
                endpoint?: string;
                /**
                 * @description Up to 10 times in seconds, separated by commas. The answer tells the share of the requests that took less than each.
                 * @example 0.5,1
                 */
                share_under?: string;
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
            /** @description The numbers of all requests of the range together, and of the preceding range of equal length. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerSummary"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `HOURS_UNKNOWN`: The hours of a day are not known. `RANGE_TOO_LARGE`: The range has too many days for one answer. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getSummary: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description Only requests of this endpoint: its method and path template, as `/v1/endpoints` names it. Endpoints are kept by day. Requests whose endpoint is not known (`unknown_requests` there) are not among them.
                 * @example GET /orders/{id}
                 */
                endpoint?: string;
                /**
                 * @description Up to 10 times in seconds, separated by commas. The answer tells the share of the requests that took less than each.
                 * @example 0.5,1
                 */
                share_under?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers of all requests of the range together, and of the preceding range of equal length. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerSummary"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `HOURS_UNKNOWN`: The hours of a day are not known. `RANGE_TOO_LARGE`: The range has too many days for one answer. `ALL_CUSTOMERS_UNKNOWN`: All customers together are not known for a day. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getHoursSummary: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description Hours that begin then or later are counted. RFC 3339, UTC.
                 * @example 2024-10-01T06:00:00Z
                 */
                from_hour: string;
                /**
                 * @description Hours that begin then or before are counted. RFC 3339, UTC.
                 * @example 2024-10-02T05:00:00Z
                 */
                to_hour: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers of all requests of the hours together. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoursSummary"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `HOURS_UNKNOWN`: The hours of a day are not known. `ALL_CUSTOMERS_UNKNOWN`: All customers together are not known for a day. `RANGE_TOO_LARGE`: The range has too many days for one answer. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    rankCustomers: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description Only requests of this endpoint: its method and path template, as `/v1/endpoints` names it. Endpoints are kept by day. Requests whose endpoint is not known (`unknown_requests` there) are not among them.
                 * @example GET /orders/{id}
                 */
                endpoint?: string;
                /**
                 * @description Only customers whose id begins with this.
                 * @example cust_
                 */
                prefix?: string;
                /**
                 * @description Only customers whose id or name contains this, in upper or lower case, or of whom it is an alias.
                 * @example acme
                 */
                search?: string;
                /**
                 * @description The number to sort by. Customers for whom it is null come last, and those with equal numbers in the order of their ids. Without it: `customer_id`, the fastest. To sort by `uptime_percentage` or a duration, daymark merges the durations of all customers, which takes many times as long as the others.
                 * @example availability_percentage
                 */
                sort?: "customer_id" | "requests" | "success_requests" | "failed_requests" | "error_requests" | "counted_requests" | "availability_percentage" | "success_percentage" | "requests_change" | "availability_change" | "uptime_percentage" | "duration_mean" | "duration_min" | "duration_p50" | "duration_p90" | "duration_p95" | "duration_p99" | "duration_p999" | "duration_max";
                /**
                 * @description Ascending or descending. Without it: ascending for `customer_id`, `availability_change` and the percentages, so that the worst come first, and descending for all others.
                 * @example asc
                 */
                order?: "asc" | "desc";
                /**
                 * @description Customers of one answer at the most: 1 to 1000. Without it: 50.
                 * @example 10
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyIxZTRmIiw5OS4yLCJjdXN0XzQwIl0
                 */
                cursor?: string;
                /**
                 * @description With it, each customer brings along its last days, up to the last one of the range: 1 to 90 of them. `limit` times `strip_days` is at most 9,000.
                 * @example 30
                 */
                strip_days?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the customers with requests in the range. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerRanking"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getCustomer: {
        parameters: {
            query?: never;
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
            /** @description The customer. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getCustomerInQuery: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listNewCustomers: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description Customers of one answer at the most: 1 to 1000. Without it: 50.
                 * @example 10
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyIxZTRmIiw5OS4yLCJjdXN0XzQwIl0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the customers without a request before the range. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerActivity"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listSilentCustomers: {
        parameters: {
            query: {
                /**
                 * @description The first of the days before the range in which the customer had requests. Without it: as many days as the range has. So a range of the last week, with the first day of the month, finds who had requests in this month, and none in its last week.
                 * @example 2024-09-01
                 */
                since?: string;
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description Customers of one answer at the most: 1 to 1000. Without it: 50.
                 * @example 10
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyIxZTRmIiw5OS4yLCJjdXN0XzQwIl0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the customers without a request in the range. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerActivity"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listWorstDays: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-09-23
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-09-29
                 */
                to: string;
                /**
                 * @description Only days with at least so many requests: one failure of a customer with two requests says little. Without it: 1.
                 * @example 20
                 */
                min_requests?: string;
                /**
                 * @description Customers of the answer at the most: 1 to 1000. Without it: 50.
                 * @example 10
                 */
                limit?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customers with the worst days, each with the numbers of its worst day. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorstDays"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getCustomerEndpoints: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description The number to sort by. Endpoints for which it is null come last, and those with equal numbers in the order of their texts. Without it: `requests`.
                 * @example availability_percentage
                 */
                sort?: "endpoint" | "requests" | "success_requests" | "failed_requests" | "error_requests" | "counted_requests" | "availability_percentage" | "success_percentage" | "uptime_percentage" | "duration_mean" | "duration_min" | "duration_p50" | "duration_p90" | "duration_p95" | "duration_p99" | "duration_p999" | "duration_max";
                /**
                 * @description Ascending or descending. Without it: ascending for `endpoint` and the percentages, so that the worst come first, and descending for all others.
                 * @example asc
                 */
                order?: "asc" | "desc";
                /**
                 * @description Endpoints of the answer at the most: 1 to 1000. Without it: 50.
                 * @example 10
                 */
                limit?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
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
            /** @description The endpoints with requests in the range, each with the numbers of all its requests together. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoints"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getEndpoints: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description The number to sort by. Endpoints for which it is null come last, and those with equal numbers in the order of their texts. Without it: `requests`.
                 * @example availability_percentage
                 */
                sort?: "endpoint" | "requests" | "success_requests" | "failed_requests" | "error_requests" | "counted_requests" | "availability_percentage" | "success_percentage" | "uptime_percentage" | "duration_mean" | "duration_min" | "duration_p50" | "duration_p90" | "duration_p95" | "duration_p99" | "duration_p999" | "duration_max";
                /**
                 * @description Ascending or descending. Without it: ascending for `endpoint` and the percentages, so that the worst come first, and descending for all others.
                 * @example asc
                 */
                order?: "asc" | "desc";
                /**
                 * @description Endpoints of the answer at the most: 1 to 1000. Without it: 50.
                 * @example 10
                 */
                limit?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoints with requests in the range, each with the numbers of all its requests together. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoints"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getStatuses: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days with requests, each with its requests by status. CSV has a row for each day and status. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statuses"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `ANSWER_TOO_SLOW`: The answer would take too long. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listSources: {
        parameters: {
            query?: {
                /**
                 * @description `live`: it may grow. `finished`: nothing more will come, because it was read to its end or rewritten. `retired`: an earlier version saw that it was rewritten.
                 * @example live
                 */
                state?: "live" | "finished" | "retired";
                /**
                 * @description Only of this log: its id, its path, or the end of its path behind a `/`.
                 * @example api.log
                 */
                source?: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of logs. Empty where there are none, or none of that state or name. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sources"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listCustomerDaySources: {
        parameters: {
            query: {
                /**
                 * @description The day.
                 * @example 2024-10-02
                 */
                date: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
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
            /** @description A page of the logs that have lines of the day. Empty where there are none. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DaySources"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listDaySources: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description The day.
                 * @example 2024-10-02
                 */
                date: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the logs that have lines of the day. Empty where there are none. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DaySources"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listCustomerChanges: {
        parameters: {
            query: {
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
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
            /** @description A page of changes. Empty where nothing was changed after the days were final. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DayChanges"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listChanges: {
        parameters: {
            query: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id: string;
                /**
                 * @description The first day of the range.
                 * @example 2024-10-01
                 */
                from: string;
                /**
                 * @description The last day of the range; it is included.
                 * @example 2024-10-31
                 */
                to: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes. Empty where nothing was changed after the days were final. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DayChanges"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listRejectedLines: {
        parameters: {
            query?: {
                /**
                 * @description Only of this log: its id, its path, or the end of its path behind a `/`.
                 * @example api.log
                 */
                source?: string;
                /**
                 * @description Only lines that were rejected for one of these reasons: up to 20, separated by commas.
                 * @example invalid_timestamp,invalid_status
                 */
                reason?: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rejected lines. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedLines"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `NO_SUCH_SOURCE`: No file of that name was read. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lag, and all logs together. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getAbout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What holds for all answers of this server. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["About"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getBadge: {
        parameters: {
            query?: never;
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
            /** @description The badge. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getBadgeData: {
        parameters: {
            query?: never;
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
            /** @description The badge. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Badge"];
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    streamEvents: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The last id that the client got. If it is not the present one, an event comes at once. `EventSource` sends it by itself.
                 * @example u0YV1qVb3mZ2kq0cW7dXfA
                 */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream that does not end by itself. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            /** @description `NOT_ACCEPTABLE`: The answer has no form that the client accepts. */
            406: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `TOO_MANY_STREAMS`: Too many streams of events are open. `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who asks. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has begun. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description `daymark_session`, over HTTPS `__Host-daymark_session`: `HttpOnly`, `SameSite=Strict`, for as long as the session lasts at the most. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `UNAUTHENTICATED`: The request has no valid key. */
            401: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The key does not read this. `CROSS_ORIGIN`: A page of another server may not change anything here. */
            403: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `SESSION_TOO_LARGE`: The token names too many customers for a session. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The browser has no session any more. */
            204: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description `daymark_session`, over HTTPS `__Host-daymark_session`: `HttpOnly`, `SameSite=Strict`, for as long as the session lasts at the most. */
                    "Set-Cookie"?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `CROSS_ORIGIN`: A page of another server may not change anything here. */
            403: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    listLinks: {
        parameters: {
            query?: {
                /**
                 * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                 * @example cust_40
                 */
                customer_id?: string;
                /**
                 * @description The most entries of a page: 1 to 1000, 100 unless it is given.
                 * @example 100
                 */
                limit?: string;
                /**
                 * @description The `next_cursor` of the page before. All other parameters but `limit` must be the same.
                 * @example WyJzb3VyY2VzIiwiMCIsMF0
                 */
                cursor?: string;
                /**
                 * @description The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.
                 * @example json
                 */
                format?: "json" | "csv" | "ndjson" | "parquet";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of links. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Send it as `If-None-Match` to be told of a change only. */
                    ETag?: string;
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Links"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    ETag: components["headers"]["ETag"];
                    /** @description The next page, with `rel="next"`, relative to this one. Absent on the last page. */
                    Link?: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            406: components["responses"]["Error406"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    createLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The customer id as it stands in the log: 1 to 255 bytes of UTF-8.
                     * @example cust_40
                     */
                    customer_id: string;
                    /**
                     * @description `page`: a page of its own. `embed`: in a frame of another site.
                     * @example page
                     * @enum {string}
                     */
                    kind?: "page" | "embed";
                    /**
                     * @description What it is for, or who gets it. Without it: empty.
                     * @example Acme, for the review
                     */
                    name?: string;
                    /**
                     * Format: int64
                     * @description In how many seconds it ends. Without it: 2592000 (30 days).
                     * @example 604800
                     */
                    expires_in_s?: number;
                };
            };
        };
        responses: {
            /** @description The link, with the token that opens it. */
            201: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLink"];
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `CUSTOMER_UNKNOWN`: There is no such customer. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `API_READS_ONLY`: This API may not write to its database. `LINKS_NEED_AUTH`: Links have no use where everybody may read everything. `CUSTOMER_NOT_PUBLIC`: The customer was not opted in to be shown on other pages. `TOO_MANY_LINKS`: There are too many links. */
            409: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    revokeLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The public id of the link.
                 * @example 5f0c1d2e3a4b5c6d
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. It may have been before. */
            204: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            /** @description `LINK_UNKNOWN`: There is no such link. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `API_READS_ONLY`: This API may not write to its database. `LINKS_NEED_AUTH`: Links have no use where everybody may read everything. */
            409: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All metrics, in the text format of Prometheus. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            /** @description `NOT_ACCEPTABLE`: The answer has no form that the client accepts. */
            406: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            /** @description `INTERNAL`: A bug in daymark. */
            500: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    ingestLines: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Tells this push from all others of this client. Send the same one with each retry.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key": string;
                /**
                 * @description How the body is compressed.
                 * @example gzip
                 */
                "Content-Encoding"?: "gzip" | "zstd" | "deflate" | "br" | "identity";
            };
            path?: never;
            cookie?: never;
        };
        /** @description Lines in the format that `LOG_FORMAT` says; NDJSON, where that is a format of JSON. The last line needs no newline. At most 4194304 bytes as it comes, and 16777216 without compression. */
        requestBody: {
            content: {
                /** @example 2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316 */
                "text/plain": string;
                /** @example 2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316 */
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description What became of the lines. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description `true` where the same lines came before with the same key: they did not count again. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pushed"];
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. `PUSH_UNREADABLE`: The body of the push cannot be read. `IDEMPOTENCY_KEY_REQUIRED`: The push has no usable `Idempotency-Key`. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `UNAUTHENTICATED`: The request has no valid key. */
            401: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The key does not read this. `CROSS_ORIGIN`: A page of another server may not change anything here. `PUSH_OTHER_CUSTOMER`: The push has a line of another customer. */
            403: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `PUSH_OFF`: This API takes no lines. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `NOT_ACCEPTABLE`: The answer has no form that the client accepts. */
            406: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["Error408"];
            /** @description `PUSH_IN_PROGRESS`: A push with this key is being read. */
            409: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `PUSH_TOO_LARGE`: The push is too large. */
            413: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `PUSH_UNSUPPORTED`: The body of the push has a type or an encoding that is not taken. */
            415: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `PUSH_KEY_REUSED`: The key was used for other content. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. `PUSH_BUSY`: Too many pushes at once. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `PUSH_TOO_SLOW`: The push took too long. `STORE_UNWRITABLE`: The database cannot be written. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
    exportLogs: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description As of `POST /v1/ingest`. Without it, the content is the key.
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
                /**
                 * @description How the body is compressed.
                 * @example gzip
                 */
                "Content-Encoding"?: "gzip" | "zstd" | "deflate" | "br" | "identity";
            };
            path?: never;
            cookie?: never;
        };
        /** @description `ExportLogsServiceRequest`. At most 4194304 bytes as it comes, and 16777216 without compression. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "resourceLogs": []
                 *     }
                 */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The log records that were accepted are stored. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description `true` where the same lines came before with the same key: they did not count again. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportedLogs"];
                };
            };
            /** @description `BAD_REQUEST`: The request cannot be read as HTTP. `PUSH_UNREADABLE`: The body of the push cannot be read. `IDEMPOTENCY_KEY_REQUIRED`: The push has no usable `Idempotency-Key`. */
            400: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `UNAUTHENTICATED`: The request has no valid key. */
            401: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-RateLimit-Limit": components["headers"]["X-RateLimit-Limit"];
                    "X-RateLimit-Remaining": components["headers"]["X-RateLimit-Remaining"];
                    "X-RateLimit-Reset": components["headers"]["X-RateLimit-Reset"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The key does not read this. `CROSS_ORIGIN`: A page of another server may not change anything here. `PUSH_OTHER_CUSTOMER`: The push has a line of another customer. */
            403: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `PUSH_OFF`: This API takes no lines. */
            404: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `NOT_ACCEPTABLE`: The answer has no form that the client accepts. */
            406: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["Error408"];
            /** @description `PUSH_IN_PROGRESS`: A push with this key is being read. */
            409: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `PUSH_TOO_LARGE`: The push is too large. */
            413: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `PUSH_UNSUPPORTED`: The body of the push has a type or an encoding that is not taken. */
            415: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            417: components["responses"]["Error417"];
            /** @description `INVALID_REQUEST`: The request has a missing or malformed part. `PUSH_KEY_REUSED`: The key was used for other content. */
            422: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `RATE_LIMITED`: Too many requests. `PUSH_BUSY`: Too many pushes at once. */
            429: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            /** @description `OVERLOADED`: The server is overloaded. `STORE_UNREACHABLE`: The database cannot be reached. `STORE_REFUSED`: The database refuses daymark. `STORE_BUSY`: The database is busy. `STORE_FAILED`: The database refused a statement. `SCHEMA_MISSING`: The database has no tables of daymark. `PUSH_TOO_SLOW`: The push took too long. `STORE_UNWRITABLE`: The database cannot be written. */
            503: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
