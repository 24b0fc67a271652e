import type { ArtifactRecord } from "../../model/run/run-record.ts";
import type { WorkFile } from "./list-work-files.ts";

/** Where a model writes metrics, in the order in which they count. */
const METRICS_FILES: readonly Pick<ArtifactRecord, "folder" | "name">[] = [
  { folder: "models", name: "evaluation.json" },
  { folder: "artifacts/output", name: "metrics.json" },
  { folder: "artifacts/output", name: "evaluation.json" },
];

/**
 * The files that a run made: those that were not there before, or were written since. Metrics files are among them,
 * because older models read them from beside the model; see `isMetricsFile` for whether there is anything else.
 */
export function producedFiles(before: readonly WorkFile[], after: readonly WorkFile[]): readonly WorkFile[] {
  const stamps = new Map(before.map((file) => [`${file.folder}/${file.name}`, file.stamp]));
  return after.filter((file) => stamps.get(`${file.folder}/${file.name}`) !== file.stamp);
}

/** True for a file that holds metrics: a training that made nothing else made no model. */
export function isMetricsFile(file: Pick<ArtifactRecord, "folder" | "name">): boolean {
  return METRICS_FILES.some(({ folder, name }) => file.folder === folder && file.name === name);
}

/** The metrics files among `files`, those that count more first. */
export function metricsFilesAmong(files: readonly WorkFile[]): readonly WorkFile[] {
  return METRICS_FILES.flatMap(({ folder, name }) =>
    files.filter((file) => file.folder === folder && file.name === name),
  );
}
