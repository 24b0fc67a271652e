import type { RunRecord } from "./run-record.ts";

/** What a list of runs shows of one: little, because there may be ten thousand. */
export type RunSummary = Pick<
  RunRecord,
  | "id"
  | "kind"
  | "model"
  | "status"
  | "process"
  | "startedAt"
  | "heartbeatAt"
  | "durationMs"
  | "metrics"
  | "platformMetrics"
  | "source"
> & {
  readonly definition: Pick<RunRecord["definition"], "id" | "name">;
  readonly git: { readonly describe: string | null } | null;
  readonly failure: { readonly code: string } | null;
};

/** The summary of a record. */
export function summariseRun(record: RunRecord): RunSummary {
  const { id, kind, model, status, process, startedAt, heartbeatAt, durationMs } = record;
  const { metrics, platformMetrics, source, definition, git, failure } = record;
  return {
    ...{ id, kind, model, status, process, startedAt, heartbeatAt, durationMs, metrics, platformMetrics, source },
    definition: { id: definition.id, name: definition.name },
    git: git === null ? null : { describe: git.describe },
    failure: failure === null ? null : { code: failure.code },
  };
}
