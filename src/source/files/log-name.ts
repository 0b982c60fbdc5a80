/**
 * The names that logs have in a directory: `app.log`; rotated by number or time, before or behind the ending,
 * `app.log.1`, `app.log-20241002`, `app-2024.log`; and each of them compressed, `app.log.2.gz`. Not the files that editors and
 * people leave beside them, such as `app.log~`, `app.log.swp`, `app.log.bak`.
 */
const LOG_NAME = /^(.*\.log)([.-]\d[\dTZ._-]*)?(?:\.(?:gz|zst|bz2|xz))?$/s;

export function isLogName(name: string): boolean {
  return LOG_NAME.test(name);
}

/** `.1`, `.02`: such a name is given to a log when it is rotated. One with a date may be that of the log itself. */
const NUMBER = /^\.\d{1,3}$/;

/**
 * True where the name is one that a log has after its rotation: `app.log.1`, and `app.log-20241002` where there is an
 * `app.log` as well.
 */
export function isRotatedName(name: string, isThere: (name: string) => boolean): boolean {
  const [, base, rotation] = LOG_NAME.exec(name) ?? [];
  return base !== undefined && rotation !== undefined && (NUMBER.test(rotation) || isThere(base));
}
