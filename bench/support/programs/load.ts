import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runToEnd } from "./child-process.ts";
import type { Workspace } from "../harness/workspace.ts";

/** How long load is put on. */
export interface LoadTimes {
  /** Before what counts. */
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** What the load generator is told. */
export interface Load {
  /** POSTed to, as JSON. */
  readonly url: string;
  /** Sent in turn. */
  readonly bodies: readonly string[];
  /** Each is kept, and sends its next request when it has the answer to the last. */
  readonly connections: number;
}

/** What it saw after warming up. Any answer but 200 would have made it fail. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** From writing a request to having read its answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const GENERATOR = fileURLToPath(new URL("load-generator.mjs", import.meta.url));
const LONG: LoadTimes = { warmUpMs: 500, durationMs: 3_000 };

/** For many rounds, where the machine's speed changes within seconds. */
export const SHORT: LoadTimes = { warmUpMs: 150, durationMs: 800 };

/** Puts load on a server from a process of its own. */
export async function putLoad({ folder }: Workspace, load: Load, times = LONG): Promise<LoadResult> {
  const file = join(folder, "load.json");
  await writeFile(file, JSON.stringify({ ...load, ...times }));
  const { stdout } = await runToEnd([process.execPath, GENERATOR, file], { cwd: folder });
  return JSON.parse(stdout) as LoadResult;
}
