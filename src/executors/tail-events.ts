import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

import { messageOf } from "../kernel/failure.ts";
import { isJsonObject, type JsonObject } from "../kernel/json.ts";
import type { Log } from "../kernel/log.ts";
import { lineSplitter } from "./split-lines.ts";

export interface EventTail {
  /** Call it when nobody writes any more: reads what is left, and resolves when every event was handed on. */
  finish(): Promise<void>;
}

const INTERVAL_MS = 100;
const CHUNK_BYTES = 64 * 1024;
const MAX_LINE_BYTES = 1024 * 1024;

/**
 * Follows a file of JSON lines that another process appends to, and hands on each object as it appears. Lines that are
 * not JSON objects are left out: the file is the model's to spoil, and progress is not worth failing a run for.
 */
export function tailEvents(file: string, onEvent: (event: JsonObject) => void, log: Log): EventTail {
  const splitter = lineSplitter(MAX_LINE_BYTES, (line) => {
    const event = parseEvent(line);
    if (event === null) return;
    try {
      onEvent(event);
    } catch (error) {
      log("error", "job.event.unheard", { reason: messageOf(error) });
    }
  });
  const reader = fileReader(file, (bytes) => splitter.push(bytes));
  const read = (): Promise<void> =>
    reader.readNew().catch((error: unknown) => log("warn", "job.events.unread", { file, reason: messageOf(error) }));
  let reading: Promise<void> | null = null;
  // Looking again and again: not every file system tells when a file changes.
  const timer = setInterval(() => {
    reading ??= read().finally(() => (reading = null));
  }, INTERVAL_MS);
  return {
    finish: async () => {
      clearInterval(timer);
      await reading;
      await read();
      splitter.end();
      await reader.close();
    },
  };
}

function parseEvent(line: Buffer): JsonObject | null {
  try {
    const value: unknown = JSON.parse(line.toString("utf8"));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Reads a file from where it stopped the last time. A file that is not there yet has nothing new. */
function fileReader(file: string, onBytes: (bytes: Buffer) => void) {
  let handle: FileHandle | null = null;
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  return {
    readNew: async (): Promise<void> => {
      // Not blocking: a model could have put a pipe there.
      handle ??= await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
      if (handle === null) return;
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES);
        if (bytesRead === 0) return;
        onBytes(chunk.subarray(0, bytesRead));
      }
    },
    close: async (): Promise<void> => {
      await handle?.close();
      handle = null;
    },
  };
}
