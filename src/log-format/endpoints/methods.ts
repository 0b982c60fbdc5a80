/**
 * The methods of requests that have an endpoint: those of RFC 9110, PATCH and QUERY. CONNECT asks for no path. The kernel
 * knows them by their numbers in this list.
 */
export const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'QUERY',
] as const;

export type Method = (typeof METHODS)[number];

export function isMethod(text: string): text is Method {
  return METHODS.some((method) => method === text);
}
