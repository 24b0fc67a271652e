import type { Clock } from "../kernel/clock.ts";

/**
 * One timer for many deadlines: set to the earliest, and set anew when it has rung.
 * A timer of its own for every request would cost more than serialising its answer.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | null = null;
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
    this.#timer = setTimeout(
      () => {
        this.clear();
        this.#ring();
      },
      Math.max(1, Math.ceil(atMs - this.#clock.monotonicMs())),
    );
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#atMs = Infinity;
  }
}
