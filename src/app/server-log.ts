import { pino, type LevelWithSilent } from "pino";

import type { Log } from "../kernel/log.ts";

/** How much is gathered before it is written: a write for every prediction would halve the throughput. */
const GATHERED_CHARACTERS = 64 * 1024;
const FLUSH_INTERVAL_MS = 500;
/** Where nobody reads standard error, more than this is dropped rather than kept. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface ServerLog {
  readonly log: Log;
  /** Writes what waits. Call it before the process ends. */
  readonly close: () => void;
}

/** The log of a server: JSON lines `{"level", "time", "event", …fields}` on standard error. */
export function serverLog(level: LevelWithSilent): ServerLog {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  // A closed standard error must not take the server down.
  destination.on("error", () => undefined);
  const gathered = gatherLines((text) => destination.write(text));
  const logger = pino(
    {
      level,
      base: null,
      timestamp: timeField(),
      formatters: { level: (label) => ({ level: label }) },
    },
    gathered,
  );
  const timer = setInterval(() => gathered.flush(), FLUSH_INTERVAL_MS).unref();
  return {
    log: (severity, event, fields) => logger[severity]({ event, ...fields }),
    close: () => {
      clearInterval(timer);
      gathered.flush();
      destination.flushSync();
    },
  };
}

/** The destination gathers too, but measures all that it has gathered again with every line. */
function gatherLines(write: (text: string) => void): { write: (line: string) => void; flush: () => void } {
  let lines: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (lines.length > 0) write(lines.join(""));
    lines = [];
    characters = 0;
  };
  return {
    write: (line) => {
      lines.push(line);
      characters += line.length;
      if (characters >= GATHERED_CHARACTERS) flush();
    },
    flush,
  };
}

/** The time as pino wants it. Of thousands of events a second many have the same one, which is then written out once. */
function timeField(): () => string {
  let atMs = Number.NaN;
  let field = "";
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) {
      atMs = nowMs;
      field = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return field;
  };
}
