/** What browsers may do on the pages of this server. */

/** The directives that all pages share: only what this server sends, nothing inline, and no page in a frame. */
export const SAME_SERVER_ONLY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
} as const;

/** Options of helmet for a page with these directives. */
export function helmetOptions(directives: Readonly<Record<string, readonly string[]>>) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: Object.fromEntries(Object.entries(directives).map(([name, values]) => [name, [...values]])),
    },
    // It would hold for all ports of the host, also for those that speak plain HTTP, such as METRICS_PORT.
    strictTransportSecurity: false,
  } as const;
}
