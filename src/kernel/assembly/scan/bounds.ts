/** The event times that are taken. A line outside is not plain: the scanner says why it is rejected. */

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
