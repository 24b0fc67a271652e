/** Resolves when Enter is pressed on standard input, or when `signal` aborts. */
export function enterPressed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      process.stdin.off("data", done);
      process.stdin.pause();
      signal.removeEventListener("abort", done);
      resolve();
    };
    process.stdin.once("data", done);
    process.stdin.resume();
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
