/**
 * Calls `stop` at the first SIGINT or SIGTERM. A second one ends the process at once, and loses only the work since the
 * last commit. @returns a function that removes the handlers.
 */
export function onStopSignal(stop: () => void): () => void {
  let isStopping = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    isStopping = true;
    stop();
  };
  process.on('SIGINT', handle).on('SIGTERM', handle);
  return () => process.off('SIGINT', handle).off('SIGTERM', handle);
}
