import type { Clock } from "../kernel/clock.ts";
import { startTimer } from "../process/start-timer.ts";

/**
 * One timer for many deadlines: set to the earliest, and set anew when it has rung.
 * A timer of its own for every request would cost more than serialising its answer.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #stopTimer: () => void = () => undefined;
  #atMs = Infinity;

  /** @param ring - called at or after the time set; it may set the alarm again. */
  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `atMs` on the monotonic clock, or earlier when it was set earlier. */
  set(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.clear();
    this.#atMs = atMs;
    this.#stopTimer = startTimer(Math.max(1, Math.ceil(atMs - this.#clock.monotonicMs())), () => {
      this.clear();
      this.#ring();
    });
  }

  clear(): void {
    this.#stopTimer();
    this.#atMs = Infinity;
  }
}
