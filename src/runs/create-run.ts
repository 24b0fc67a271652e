import { mkdir } from "node:fs/promises";

import { explainWriteFault } from "../files/explain-write-fault.ts";
import { makeFolders } from "../files/folders/make-folders.ts";
import { removeFolder } from "../files/folders/remove-folder.ts";
import type { Clock } from "../kernel/clock.ts";
import { hasSystemCode } from "../kernel/failure.ts";
import type { JsonObject } from "../kernel/json.ts";
import type { Log } from "../kernel/log.ts";
import type { RunKind, RunRecord } from "../model/run/run-record.ts";
import { beginRun, type ActiveRun, type RunPatch } from "./active-run.ts";
import { processIdentity } from "./process-identity.ts";
import { layOutRun, runFolders } from "./run-folders.ts";
import { newRunId } from "./run-id.ts";

/** What is known when a run begins. */
export interface RunStart extends RunPatch {
  readonly kind: RunKind;
  /** Store name of the model. */
  readonly model: string;
  readonly definition: RunRecord["definition"];
  readonly parameters: JsonObject;
  readonly dataConfiguration: JsonObject;
  /** `config.json` whole: a copy goes into the work folder. */
  readonly config: JsonObject;
}

interface CreateRunDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly host: string;
  readonly pid: number;
}

const NOTHING_YET = {
  schemaVersion: 1,
  status: "running",
  endedAt: null,
  durationMs: null,
  git: null,
  dataDigests: {},
  environment: null,
  seeds: {},
  threads: {},
  machine: {},
  peakMemoryBytes: null,
  metrics: {},
  platformMetrics: {},
  artifacts: [],
  failure: null,
  source: null,
} as const satisfies Partial<RunRecord>;

/**
 * Makes the folders of a new run and writes its first record. When that fails nothing of it is left.
 * @throws Failure `STATE_UNWRITABLE`.
 */
export async function createRun(runs: string, start: RunStart, deps: CreateRunDependencies): Promise<ActiveRun> {
  const { config, ...known } = start;
  const now = deps.clock.now();
  const id = await claimId(runs, now);
  const folders = runFolders(runs, id);
  const at = now.toISOString();
  const process = { ...processIdentity(deps.pid), host: deps.host };
  const first: RunRecord = { ...NOTHING_YET, ...known, id, process, startedAt: at, heartbeatAt: at };
  try {
    await layOutRun(folders, config);
    // Last, so that a run that can be seen is complete.
    return await beginRun(first, { folders, clock: deps.clock, log: deps.log });
  } catch (error) {
    await removeFolder(folders.run).catch(() => undefined);
    throw explainWriteFault(error, folders.run);
  }
}

/** Making the folder claims the id: of two processes with the same id one goes on with another. */
async function claimId(runs: string, now: Date): Promise<string> {
  await makeFolders(runs);
  for (;;) {
    const id = newRunId(now);
    try {
      await mkdir(runFolders(runs, id).run);
      return id;
    } catch (error) {
      if (!hasSystemCode(error, "EEXIST")) throw explainWriteFault(error, runs);
    }
  }
}
