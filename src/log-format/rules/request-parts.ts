/** Takes the method and the path from a request or a URL. All texts are byte text. */

/** What stands before the first space of `GET /path HTTP/1.1`. */
export function methodOf(request: string): string {
  return request.split(' ', 1)[0];
}

/** What stands between the first and the last space; behind the only space if there is one (HTTP/0.9). */
export function targetOf(request: string): string {
  const first = request.indexOf(' ');
  if (first < 0) return '';
  const last = request.lastIndexOf(' ');
  return request.slice(first + 1, last > first ? last : undefined);
}

/** The path of a path or URL as the log writes it: without the query, the fragment, and the scheme and host of a URL. */
export function pathOfTarget(target: string): string {
  return target.replace(/[?#].*$/s, '').replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/, '');
}
