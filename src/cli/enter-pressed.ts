/** Resolves when Enter is pressed on standard input, when that ends (Ctrl-D, a closed terminal), or when `signal` aborts. */
export function enterPressed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      process.stdin.off("data", done).off("end", done);
      process.stdin.pause();
      signal.removeEventListener("abort", done);
      resolve();
    };
    // A terminal that is gone cannot be read, which must not end the process before its work is put in order.
    process.stdin.once("data", done).once("end", done).once("error", done);
    process.stdin.resume();
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
