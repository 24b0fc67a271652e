import { join } from "node:path";

import { digestFile } from "../../files/digest-file.ts";
import { Failure } from "../../kernel/failure.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type { Services } from "../services.ts";

/**
 * Makes sure that the artifacts of a run are still what it made.
 * @throws Failure `FILE_NOT_FOUND`, `FILE_CHANGED`.
 */
export async function requireArtifacts({ runs }: Services, run: RunRecord, signal: AbortSignal): Promise<void> {
  const { work } = runs.foldersOf(run.id);
  for (const { folder, name, sha256 } of run.artifacts) {
    const path = join(work, folder, name);
    const found = await digestFile(path, signal).catch((cause: unknown) => {
      if (!(cause instanceof Failure)) throw cause;
      throw new Failure("FILE_NOT_FOUND", {
        message: `The artifact ${name} of run ${run.id} is gone: ${path}.`,
        hint: "Train again, or restore the run's folder from a backup.",
        details: { path, run: run.id },
        cause,
      });
    });
    if (found.sha256 === sha256) continue;
    throw new Failure("FILE_CHANGED", {
      message: `The artifact ${name} of run ${run.id} is not what the run made: ${path} was changed since.`,
      hint: "Train again, or restore the run's folder from a backup.",
      details: { path, run: run.id },
    });
  }
}
