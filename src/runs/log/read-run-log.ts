import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StringDecoder } from "node:string_decoder";

import { hasSystemCode } from "../../kernel/failure.ts";
import type { RunFolders } from "../run-folders.ts";

export const LOG_STREAMS = ["stdout", "stderr"] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

/** Whole lines that a model printed, without the last line's end. */
export interface LogPart {
  readonly stream: LogStream;
  readonly text: string;
}

export interface LogRequest {
  readonly streams: readonly LogStream[];
  /** Whether nothing more will come; null: what is there now is enough. */
  readonly isOver: (() => Promise<boolean>) | null;
  readonly signal: AbortSignal;
}

const CHUNK_BYTES = 256 * 1024;
const POLL_MS = 200;
/** A line that is longer is given in pieces. */
const MAX_HELD_CHARACTERS = 64 * 1024;

/** Where the output of a run's job is kept. */
export function logFile({ job }: RunFolders, stream: LogStream): string {
  return join(job, `${stream}.log`);
}

/**
 * What the model of a run printed, one stream after the other, and then, as long as the run is not over, what it goes on
 * to print.
 * @throws the reason of `signal` when it is aborted.
 */
export async function* readRunLog(folders: RunFolders, request: LogRequest): AsyncGenerator<LogPart> {
  const readers = request.streams.map((stream) => ({ stream, reader: new LineReader(logFile(folders, stream)) }));
  for (;;) {
    // Asked before reading, so that the last words of a run that has just ended are read too.
    const isLast = request.isOver === null || (await request.isOver());
    for (const { stream, reader } of readers)
      for await (const text of reader.read(isLast)) {
        request.signal.throwIfAborted();
        yield { stream, text };
      }
    if (isLast) return;
    await sleep(POLL_MS, undefined, { signal: request.signal });
  }
}

/** Reads a file that grows, in whole lines. One that was cut meanwhile is read from its beginning. */
class LineReader {
  readonly #path: string;
  readonly #decoder = new StringDecoder("utf8");
  #offset = 0;
  #held = "";

  constructor(path: string) {
    this.#path = path;
  }

  /** @param isLast - a line that has not ended is given too. */
  async *read(isLast: boolean): AsyncGenerator<string> {
    const file = await openIfThere(this.#path);
    if (file === null) return;
    try {
      if ((await file.stat()).size < this.#offset) this.#offset = 0;
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        this.#held += this.#decoder.write(buffer.subarray(0, bytesRead));
        const end = this.#held.lastIndexOf("\n");
        if (end !== -1) yield this.#take(end, end + 1);
        else if (this.#held.length > MAX_HELD_CHARACTERS) yield this.#take(this.#held.length, this.#held.length);
      }
    } finally {
      await file.close();
    }
    if (isLast && this.#held !== "") yield this.#take(this.#held.length, this.#held.length);
  }

  #take(end: number, next: number): string {
    const text = this.#held.slice(0, end);
    this.#held = this.#held.slice(next);
    return text;
  }
}

/** Null for a job that has not begun, or that was never begun. */
async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (hasSystemCode(error, "ENOENT")) return null;
    throw error;
  }
}
