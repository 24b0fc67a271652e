import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Prints a line of progress. */
export type Say = (line: string) => void;

/** Where a benchmark works; everything in it ends with the benchmark. */
export interface Workspace {
  /** Absolute, empty at first, removed at the end. */
  readonly folder: string;
  readonly say: Say;
  /** Called at the end, the last one first. */
  readonly defer: (cleanUp: () => Promise<void>) => void;
}

/** Works in a temporary folder that goes when the work is done, however it ends. */
export async function withWorkspace<T>(say: Say, work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "modelwright-bench-"));
  const cleanUps = [() => rm(folder, { recursive: true, force: true })];
  try {
    return await work({ folder, say, defer: (cleanUp) => cleanUps.push(cleanUp) });
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}
