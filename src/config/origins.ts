/** A scheme and a host with an optional port, as browsers send it in `Origin`. */
function isOrigin(text: string): boolean {
  // A pattern such as `https://*.example.com` would be taken for a host that no browser ever names.
  if (!URL.canParse(text) || text.includes('*')) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && /^https?:$/.test(protocol);
}

/** Reads a list of origins that is separated by commas: `*`, or exact origins. @returns undefined if it is none. */
export function parseOrigins(text: string): readonly string[] | undefined {
  const origins = text.split(',').map((origin) => origin.trim());
  if (origins.length === 1 && origins[0] === '*') return origins;
  return origins.every(isOrigin) ? origins : undefined;
}
