import { pino, type LevelWithSilent } from "pino";

import type { Log } from "../kernel/log.ts";

/** How much may wait in memory before it is written: a write for every prediction would halve the throughput. */
const BUFFERED_BYTES = 4096;
const FLUSH_INTERVAL_MS = 500;

export interface ServerLog {
  readonly log: Log;
  /** Writes what waits. Call it before the process ends. */
  readonly close: () => void;
}

/** The log of a server: JSON lines `{"level", "time", "event", …fields}` on standard error. */
export function serverLog(level: LevelWithSilent): ServerLog {
  const destination = pino.destination({ dest: 2, sync: false, minLength: BUFFERED_BYTES });
  // A closed standard error must not take the server down.
  destination.on("error", () => undefined);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const timer = setInterval(() => destination.flush(), FLUSH_INTERVAL_MS).unref();
  return {
    log: (severity, event, fields) => logger[severity]({ event, ...fields }),
    close: () => {
      clearInterval(timer);
      destination.flushSync();
    },
  };
}
