import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { messageOf } from "../../kernel/failure.ts";
import { createFoldersSync } from "../folders/make-folders.ts";

export interface RotatingFileFields {
  /** Absolute. Files that were put aside have `.1` (the newest), `.2`, … behind it. */
  readonly path: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Files that are kept beside the one that is written. */
  readonly keep: number;
  readonly nowMs: () => number;
  /** Makes the line that tells how many were lost, once lines can be written again. */
  readonly tellLost: (count: number, reason: string) => string;
}

/**
 * A file of lines that is begun anew by size and age. Writing never throws: while the disk is full, or whatever else is
 * wrong, lines are dropped and counted, and the first thing that is written afterwards says how many.
 * Several processes may write into one file: each sees when another has put it aside.
 */
export class RotatingFile {
  readonly #fields: RotatingFileFields;
  #descriptor: number | null = null;
  #sizeBytes = 0;
  #begunMs = 0;
  /** What is left of a line that the disk took only in part: it is finished first. */
  #rest: Buffer = Buffer.alloc(0);
  #lostCount = 0;
  #lostSinceTold = 0;
  #reason = "";

  /** @throws the system's error when the file cannot be opened: better told at the start than found out later. */
  constructor(fields: RotatingFileFields) {
    this.#fields = fields;
    this.#open();
  }

  /** Lines that were dropped since the beginning. */
  get lostLines(): number {
    return this.#lostCount;
  }

  /** @param text - whole lines. */
  write(text: string): void {
    for (const part of partsOf(text, this.#fields.maxBytes)) this.#writePart(part);
  }

  #writePart(text: string): void {
    try {
      this.#follow();
      if (this.#isDue(Buffer.byteLength(text))) this.#rotate();
      if (this.#rest.length > 0) this.#append(this.#rest);
      if (this.#lostSinceTold > 0) {
        this.#append(Buffer.from(this.#fields.tellLost(this.#lostSinceTold, this.#reason)));
        this.#lostSinceTold = 0;
      }
    } catch (error) {
      this.#lose(text, error);
      return;
    }
    const bytes = Buffer.from(text);
    const before = this.#sizeBytes;
    try {
      this.#append(bytes);
    } catch (error) {
      const written = this.#sizeBytes - before;
      // The rest of the line that was cut is in #rest; those after it are lost.
      this.#lose(bytes.subarray(written + this.#rest.length).toString(), error);
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #open(): void {
    const { path, nowMs } = this.#fields;
    createFoldersSync(dirname(path));
    this.#descriptor = openSync(path, "a", 0o640);
    const { size, birthtimeMs } = fstatSync(this.#descriptor);
    this.#sizeBytes = size;
    // Where a file system does not know when a file was made it says 0, or when it was changed.
    this.#begunMs = size > 0 && birthtimeMs > 0 ? birthtimeMs : nowMs();
  }

  /** Opens the file anew when another process has put it aside, or somebody has removed it. */
  #follow(): void {
    if (this.#descriptor === null) {
      this.#open();
      return;
    }
    const own = fstatSync(this.#descriptor);
    const there = statSync(this.#fields.path, { throwIfNoEntry: false });
    this.#sizeBytes = own.size;
    if (there !== undefined && there.ino === own.ino && there.dev === own.dev) return;
    this.close();
    this.#open();
  }

  #isDue(moreBytes: number): boolean {
    const { maxBytes, maxAgeMs, nowMs } = this.#fields;
    if (this.#sizeBytes === 0) return false;
    return this.#sizeBytes + moreBytes > maxBytes || nowMs() - this.#begunMs > maxAgeMs;
  }

  /** A line that was cut is finished in the file that it began in. */
  #rotate(): void {
    const { path, keep } = this.#fields;
    // First of all, because on a disk that is full of logs nothing else makes room for what follows.
    if (keep > 0) rmSync(aside(path, keep), { force: true });
    if (this.#rest.length > 0) this.#append(this.#rest);
    this.close();
    for (let number = keep; number > 0; number--) renameIfThere(aside(path, number - 1), aside(path, number));
    if (keep === 0) rmSync(path, { force: true });
    this.#open();
  }

  /** Throws what the system throws; `#rest` is then what is missing of the line that was begun. */
  #append(bytes: Buffer): void {
    const isRest = bytes === this.#rest;
    let from = 0;
    try {
      while (from < bytes.length) {
        const written = writeSync(this.#descriptor ?? -1, bytes, from);
        from += written;
        this.#sizeBytes += written;
      }
      if (isRest) this.#rest = Buffer.alloc(0);
    } catch (error) {
      const isWithinLine = from > 0 && bytes[from - 1] !== LINE_FEED;
      const lineEnd = bytes.indexOf(LINE_FEED, from) + 1;
      if (isRest) this.#rest = bytes.subarray(from);
      else if (isWithinLine) this.#rest = Buffer.from(bytes.subarray(from, lineEnd === 0 ? undefined : lineEnd));
      throw error;
    }
  }

  #lose(text: string, error: unknown): void {
    const lines = text.split("\n").length - 1;
    this.#lostCount += lines;
    this.#lostSinceTold += lines;
    this.#reason = messageOf(error);
  }
}

const LINE_FEED = 10;

/** Lines that come together, in parts that fit into one file each; a line is never divided. */
function partsOf(text: string, maxBytes: number): readonly string[] {
  if (Buffer.byteLength(text) <= maxBytes) return [text];
  const parts: string[] = [];
  let part = "";
  let partBytes = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const lineBytes = Buffer.byteLength(line);
    if (part !== "" && partBytes + lineBytes > maxBytes) {
      parts.push(part);
      part = "";
      partBytes = 0;
    }
    part += line;
    partBytes += lineBytes;
  }
  return [...parts, part];
}

function aside(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to);
}
