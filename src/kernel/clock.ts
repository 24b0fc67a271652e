/** Time and randomness are arguments everywhere, so that tests can fix them. */
export interface Clock {
  now(): Date;
  /** Milliseconds from an arbitrary start, never going back. For durations. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
