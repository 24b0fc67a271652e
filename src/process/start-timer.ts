/** Longest delay that timers take, 24 days; with a longer one they fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Like `setTimeout`, but a delay that is too long for it means never. `clearTimeout` takes what is returned. */
export function startTimer(delayMs: number, onTime: () => void): NodeJS.Timeout | undefined {
  return delayMs > MAX_TIMER_MS ? undefined : setTimeout(onTime, delayMs);
}
