/** Longest delay that timers take, 24 days; with a longer one they fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Like `setTimeout`, but a delay that is too long for it means never, and whatever came in time is heard first. Where the
 * tool was held up past the time (it was busy, or stopped with Ctrl-Z), timers fire before anything else is looked at: also
 * before the end of a process that ended long ago.
 * @returns a function that ends this.
 */
export function startTimer(delayMs: number, onTime: () => void): () => void {
  if (delayMs > MAX_TIMER_MS) return () => undefined;
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // After one look at all that waits.
    last = setImmediate(onTime);
  }, delayMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
