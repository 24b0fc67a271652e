import { Failure } from "../kernel/failure.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C may arrive twice: from the terminal, and once more from an `npm run` that hands it on. */
const ONE_PRESS_MS = 300;

/** A signal that aborts at Ctrl-C or termination; a second one ends the process at once. */
export function interruptSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  let firstMs = 0;
  const onSignal = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      firstMs = performance.now();
      controller.abort(new Failure("INTERRUPTED", { message: `Stopped by ${name}.` }));
    } else if (performance.now() - firstMs > ONE_PRESS_MS) {
      process.exit(130);
    }
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
