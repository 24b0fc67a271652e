import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

import { PROTOCOL, type JobResult } from "../../../src/model/ports/job.ts";
import type { ModelError } from "../../../src/model/run/run-record.ts";

/**
 * Writes `result.json` once: the first outcome is the one that counts. Everything is synchronous, because the last
 * chance to write is the process's `exit` event.
 */
export class ResultWriter {
  readonly #file: string;
  readonly #seeds: JobResult["seeds"];
  #isWritten = false;

  /** @param seeds - what was seeded with what. */
  constructor(file: string, seeds: JobResult["seeds"]) {
    this.#file = file;
    this.#seeds = seeds;
  }

  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** @param error - null when the model succeeded. */
  write(error: ModelError | null): void {
    if (this.#isWritten) return;
    this.#isWritten = true;
    const result: JobResult = {
      protocol: PROTOCOL,
      status: error === null ? "succeeded" : "failed",
      error,
      // The kernel counts in KiB.
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      seeds: this.#seeds,
    };
    writeAtomically(this.#file, JSON.stringify(result));
  }
}

function writeAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, "wx");
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
