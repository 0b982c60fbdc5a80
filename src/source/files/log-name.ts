/**
 * The names that logs have in a directory: `app.log`; rotated by number or time, before or behind the ending,
 * `app.log.1`, `app.log-20241002`, `app-2024.log`; and each of them compressed, `app.log.2.gz`. Not what editors and
 * people leave beside them, such as `app.log~`, `app.log.swp`, `app.log.bak`.
 */
const LOG_NAME = /^(.*\.log)([.-]\d[\dTZ._-]*)?(?:\.(?:gz|zst|bz2|xz))?$/;

export function isLogName(name: string): boolean {
  return LOG_NAME.test(name);
}

/** `app.log` of `app.log.1`: the name of the log that was rotated; undefined where the name is none of a rotated log. */
export function nameBeforeRotation(name: string): string | undefined {
  const [, base, rotation] = LOG_NAME.exec(name) ?? [];
  return rotation === undefined ? undefined : base;
}
