const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 10_000;
/** A worker that lived this long was no part of the trouble before it. */
const SETTLED_MS = 10_000;

/** How long to wait before a worker is started again: 100 ms, doubling to 10 s while workers keep dying early. */
export function restartDelay(): (livedMs: number) => number {
  let failures = 0;
  return (livedMs) => {
    if (livedMs >= SETTLED_MS) failures = 0;
    return Math.min(FIRST_DELAY_MS * 2 ** failures++, LAST_DELAY_MS);
  };
}
