import { join } from "node:path";

import { makeFolders } from "../files/folders/make-folders.ts";
import { writeFileAtomically } from "../files/write-file-atomically.ts";
import type { JsonObject } from "../kernel/json.ts";

/** The folders of one run. All absolute. */
export interface RunFolders {
  /** Holds `run.json` and the other two. */
  readonly run: string;
  /** `job.json`, `result.json`, `events.jsonl` and the logs. */
  readonly job: string;
  /** The working directory of the model: `config.json`, `models/`, `artifacts/input/`, `artifacts/output/`. */
  readonly work: string;
}

/** Where a run's folders are, whether or not there is such a run. */
export function runFolders(runs: string, id: string): RunFolders {
  const run = join(runs, id);
  return { run, job: join(run, "job"), work: join(run, "work") };
}

/** Fills the new folder of a run. */
export async function layOutRun({ job, work }: RunFolders, config: JsonObject): Promise<void> {
  for (const folder of [job, ...["models", "artifacts/input", "artifacts/output"].map((name) => join(work, name))])
    await makeFolders(folder);
  await writeFileAtomically(join(work, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
}
