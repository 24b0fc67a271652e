import { pino, type LevelWithSilent } from "pino";

import { RotatingFile } from "../files/rotation/rotating-file.ts";
import { Failure, messageOf } from "../kernel/failure.ts";
import type { Log } from "../kernel/log.ts";
import type { LogFileSettings } from "../model/server-settings.ts";

/** How much is gathered before it is written: a write for every prediction would halve the throughput. */
const GATHERED_CHARACTERS = 64 * 1024;
const FLUSH_INTERVAL_MS = 500;
/** Where nobody reads standard error, more than this is dropped rather than kept. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** How long the end of a server waits for whoever reads standard error. */
const CLOSE_TIMEOUT_MS = 1_000;

export interface ServerLog {
  readonly log: Log;
  /** Lines that could not be written. */
  readonly lostLines: () => number;
  /** Writes what waits, so that nothing of it comes after what is printed then. */
  readonly close: () => Promise<void>;
}

/** Where a server's log goes. */
export interface LogPlace {
  /** Null: standard error. */
  readonly file: LogFileSettings | null;
  /** Called before standard error is written to: makes room on a terminal. */
  readonly beforeWrite: () => void;
}

/**
 * The log of a server: JSON lines `{"level", "time", "event", …fields}` on standard error, or in a file.
 * @throws Failure `STATE_UNWRITABLE` when the file cannot be opened.
 */
export function serverLog(level: LevelWithSilent, { file, beforeWrite }: LogPlace): ServerLog {
  const sink = file === null ? standardError(beforeWrite) : logFile(file);
  const gathered = gatherLines(sink.write);
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
    lostLines: sink.lostLines,
    close: async () => {
      clearInterval(timer);
      gathered.flush();
      await sink.close();
    },
  };
}

interface Sink {
  readonly write: (text: string) => void;
  readonly lostLines: () => number;
  readonly close: () => Promise<void>;
}

function standardError(beforeWrite: () => void): Sink {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  // A closed standard error must not take the server down.
  destination.on("error", () => undefined);
  // At the end of the process pino would try again and again, for ever where the disk is full or nobody reads. What was
  // logged is written by `close`; whoever ends the process without it does without the last lines.
  destination.flushSync = () => undefined;
  return {
    write: (text) => {
      beforeWrite();
      destination.write(text);
    },
    lostLines: () => 0,
    // Flushing at once would overtake a write that is under way.
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
        destination.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
        destination.end();
      }),
  };
}

function logFile(settings: LogFileSettings): Sink {
  const file = openLogFile(settings);
  const close = (): Promise<void> => {
    file.close();
    return Promise.resolve();
  };
  return { write: (text) => file.write(text), lostLines: () => file.lostLines, close };
}

function openLogFile(settings: LogFileSettings): RotatingFile {
  const tellLost = (lines: number, reason: string): string =>
    `${JSON.stringify({ level: "warn", time: new Date().toISOString(), event: "log.dropped", lines, reason })}\n`;
  try {
    return new RotatingFile({ ...settings, nowMs: Date.now, tellLost });
  } catch (cause) {
    throw new Failure("STATE_UNWRITABLE", {
      message: `The log file ${settings.path} cannot be written: ${messageOf(cause)}.`,
      hint: "Name a file in a folder that can be written with --log-file, or leave it out to log to standard error.",
      cause,
    });
  }
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
