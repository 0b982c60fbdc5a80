/** The present time, for what changes at midnight. */

const TICK_MS = 5000;

class Clock {
  now = $state.raw(new Date());

  constructor() {
    const tick = (): void => {
      if (!document.hidden) this.now = new Date();
    };
    setInterval(tick, TICK_MS);
    // Timers of a hidden tab are late.
    document.addEventListener('visibilitychange', tick);
  }
}

export const clock = new Clock();
