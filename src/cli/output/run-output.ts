import type { RunRecord } from "../../model/run/run-record.ts";
import { duration, metric, size } from "./text.ts";

/** A run as programs read it. */
export function runJson(run: RunRecord) {
  return {
    id: run.id,
    kind: run.kind,
    model: run.model,
    status: run.status,
    durationMs: run.durationMs,
    metrics: { ...run.metrics, ...run.platformMetrics },
    modelMetrics: run.metrics,
    platformMetrics: run.platformMetrics,
    artifacts: run.artifacts.map(({ name, folder, sizeBytes, sha256 }) => ({ name, folder, sizeBytes, sha256 })),
    environment:
      run.environment === null
        ? null
        : { digest: run.environment.digest, interpreter: run.environment.interpreter, unmet: run.environment.unmet },
    git: run.git === null ? null : { ...run.git },
  };
}

/** A run as people read it. */
export function runLines(run: RunRecord): readonly string[] {
  const verb = run.kind === "train" ? "Trained" : "Evaluated";
  const own = Object.entries(run.metrics).map(([name, value]) => `${name} ${metric(value)}`);
  const computed = Object.entries(run.platformMetrics).map(([name, value]) => `${name} ${metric(value)}`);
  const artifacts = run.artifacts.map(({ name, sizeBytes }) => `${name} (${size(sizeBytes)})`);
  return [
    `${verb} ${run.definition.name} in ${duration(run.durationMs ?? 0)} (run ${run.id}).`,
    ...labelled("artifacts", run.kind === "train" ? artifacts : []),
    ...labelled("metrics of the model", own),
    ...labelled("metrics computed", computed),
    ...labelled("unmet requirements", run.environment?.unmet ?? []),
  ];
}

function labelled(label: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`  ${label}: ${values.join(", ")}`];
}
