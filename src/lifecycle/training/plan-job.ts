import type { JsonObject } from "../../kernel/json.ts";
import { PROTOCOL, type JobSpec } from "../../model/ports/job.ts";
import type { RunKind } from "../../model/run/run-record.ts";
import type { RunIdentifiers } from "../../model/version/manifest.ts";
import type { RunFolders } from "../../runs/run-store.ts";
import type { RunSubject } from "./run-subject.ts";

/** What decides a job. */
export interface JobPlanRequest {
  readonly kind: RunKind;
  readonly subject: RunSubject;
  readonly runId: string;
  readonly folders: RunFolders;
  readonly identifiers: RunIdentifiers;
  readonly dataConf: JsonObject;
  readonly seed: number;
  readonly parentPid: number;
}

/** Decides what a job is told; pure. The code root is put in when the code is staged. */
export function planJob({ kind, subject, runId, folders, ...request }: JobPlanRequest): Omit<JobSpec, "codeRoot"> {
  return {
    protocol: PROTOCOL,
    kind,
    workFolder: folders.work,
    modelConf: subject.config,
    dataConf: request.dataConf,
    identifiers: request.identifiers,
    context: { jobId: runId, projectId: subject.projectRoot, datasetInfo: request.dataConf },
    parentPid: request.parentPid,
    resultFile: `${folders.job}/result.json`,
    eventsFile: `${folders.job}/events.jsonl`,
    seed: request.seed,
  };
}
