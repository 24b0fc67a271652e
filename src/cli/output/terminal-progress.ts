import type { OnProgress } from "../../model/ports/progress.ts";

const REDRAW_MS = 100;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** One line on standard error that says what goes on and for how long, redrawn in place. */
export interface TerminalProgress {
  readonly onProgress: OnProgress;
  /** Takes the line away, so that something else can be printed. The next event brings it back. */
  clear(): void;
}

/** A progress line for a terminal of `columns` columns. */
export function terminalProgress(stream: NodeJS.WriteStream, nowMs: () => number): TerminalProgress {
  let message = "";
  let since = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | null = null;
  const draw = () => {
    frame = (frame + 1) % FRAMES.length;
    const seconds = ((nowMs() - since) / 1000).toFixed(1);
    const line = `${FRAMES[frame] ?? ""} ${message} ${seconds} s`;
    stream.write(`\r\u001b[2K${line.slice(0, Math.max(20, stream.columns - 1))}`);
  };
  const clear = () => {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    stream.write("\r\u001b[2K");
  };
  return {
    onProgress: (event) => {
      // A second event of the same message must not set the clock back.
      if (event.message !== message || timer === null) since = nowMs();
      message = event.message;
      if (timer === null) timer = setInterval(draw, REDRAW_MS).unref();
      draw();
    },
    clear,
  };
}
