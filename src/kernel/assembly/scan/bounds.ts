/**
 * The range of event times that are accepted. A line outside it is not plain: the scanner finds out why to reject it.
 */

export let leastTime: f64 = -Infinity;
export let greatestTime: f64 = Infinity;

export function setTimes(least: f64, greatest: f64): void {
  leastTime = least;
  greatestTime = greatest;
}

// @ts-ignore: decorator
@inline
export function isTaken(time: f64): bool {
  return time >= leastTime && time <= greatestTime;
}
