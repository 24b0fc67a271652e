/** Lets nothing else happen in this process, as a long computation does, until this is true and so much time is over. */
export function holdUp(isTrue: () => boolean, leastMs: number): void {
  const startMs = performance.now();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (performance.now() < startMs + leastMs || !isTrue()) Atomics.wait(cell, 0, 0, 20);
}
