/** Time and randomness are arguments everywhere, so that tests can fix them. */
export interface Clock {
  readonly now: () => Date;
  /** Milliseconds from an arbitrary start, never going back. For durations. */
  readonly monotonicMs: () => number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
