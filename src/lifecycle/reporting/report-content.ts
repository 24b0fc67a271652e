import type { ReportData } from "../../model/report/report-data.ts";
import { MAX_LISTED_FILES } from "../../model/run/code-record.ts";
import { describeCode, describeLeftOut } from "../../model/run/describe-code.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type { Manifest } from "../../model/version/manifest.ts";
import type { ReportContent } from "../../reports/report-content.ts";
import type { ProfiledTable } from "./profile-training-data.ts";

/** What a page about a run is made of. */
export interface RunReport {
  readonly run: RunRecord;
  readonly data: ReportData | null;
  /** Of a training: the table that it was trained on. */
  readonly table: ProfiledTable;
  /** Evaluations of a training. */
  readonly evaluations: readonly string[];
}

/** Pure. @param madeBy - time of writing and the tool's version. */
export function contentOfRun({ run, data, table, evaluations }: RunReport, madeBy: string): ReportContent {
  const { failure } = run;
  const isTraining = run.kind === "train";
  return {
    title: `${run.definition.name}: run ${run.id}`,
    subject: isTraining ? "Training" : "Evaluation",
    status: { word: run.status, failure: failure === null ? null : { code: failure.code, message: failure.message } },
    facts: [
      ["model", `${run.model} (${run.definition.language})`],
      ["definition", `${run.definition.folder} (sha256 ${run.definition.digest})`],
      ...(run.source === null ? [] : [["evaluated", run.source.version ?? run.source.run ?? ""] as const]),
      ...(evaluations.length === 0 ? [] : [["evaluated by", evaluations.join(", ")] as const]),
      ["started", run.startedAt],
      ["duration", run.durationMs === null ? "it has not ended" : `${(run.durationMs / 1000).toFixed(2)} s`],
      ["peak memory", run.peakMemoryBytes === null ? "not known" : `${(run.peakMemoryBytes / 1e6).toFixed(1)} MB`],
    ],
    data,
    absence: absenceOf(run),
    modelMetrics: data === null ? { ...run.metrics, ...run.platformMetrics } : run.metrics,
    columnsTitle: isTraining
      ? `Columns of the training data${table.name === null ? "" : `, ${table.name}`}`
      : "Columns of the test data",
    columns: isTraining ? table.columns : (data?.columns ?? []),
    columnsAbsence: isTraining ? table.absence : NO_COLUMNS,
    parameters: run.parameters,
    record: recordOfRun(run),
    madeBy,
  };
}

function recordOfRun(run: RunRecord): ReportContent["record"] {
  const { environment, git, code } = run;
  return {
    git,
    code: code === undefined ? null : describeCode(code),
    leftOut: code === undefined || code === null ? [] : describeLeftOut(code, MAX_LISTED_FILES),
    interpreter: environment?.interpreter ?? null,
    environmentDigest: environment?.digest ?? null,
    packages: environment?.packages ?? [],
    unmet: environment?.unmet ?? [],
    seeds: run.seeds,
    threads: run.threads,
    machine: { ...run.machine, host: run.process.host },
    dataDigests: run.dataDigests,
    dataRows: run.dataRows ?? {},
    dataQueries: run.dataQueries ?? [],
    files: run.artifacts.map(({ folder, name, sizeBytes, sha256 }) => ({
      name: `${folder}/${name}`,
      sizeBytes,
      sha256,
    })),
  };
}

/** Why a run has nothing to draw from. */
function absenceOf({ kind, status, platformMetrics }: RunRecord): string {
  if (kind === "train") return "A training has no test data. `modelwright evaluate` makes a run that has.";
  if (Object.keys(platformMetrics).length > 0)
    return "The numbers behind the figures are not kept: the run is of an older version of the tool, or they were deleted.";
  if (status === "running") return "The evaluation has not ended.";
  if (status !== "succeeded") return "The evaluation ended before the labelled rows were asked.";
  return 'There is no test data: without "evaluation" in model.json and "outputs" in signature.json, nobody knows which rows are labelled and what a prediction is.';
}

const NO_COLUMNS = "There are no profiles of columns: no labelled rows were kept.";

/** What a page about a version is made of. Pure. */
export function contentOfVersion(
  {
    manifest,
    digest,
    data,
  }: { readonly manifest: Manifest; readonly digest: string; readonly data: ReportData | null },
  madeBy: string,
): ReportContent {
  const { run, proof, serving } = manifest;
  const measured = Object.fromEntries(proof.metrics.map(({ name, value }) => [name, value]));
  return {
    title: `${manifest.model}@${manifest.version}`,
    subject: "Model version",
    status: { word: `proven by ${proof.level}`, failure: null },
    facts: [
      ["model", `${manifest.model} (${serving.language})`],
      ["published", manifest.createdAt],
      ["digest", digest],
      ["framework", manifest.framework ?? "not told"],
      ["run", run?.id ?? "none: trained elsewhere"],
      ["recorded rows", String(proof.recorded?.rows.length ?? 0)],
    ],
    data,
    absence:
      "This version keeps no evaluation: it was published without labelled rows, or by an older version of the tool.",
    modelMetrics: data === null ? { ...manifest.modelMetrics, ...measured } : manifest.modelMetrics,
    columnsTitle: "Columns of the test data",
    columns: data?.columns ?? [],
    columnsAbsence: NO_COLUMNS,
    parameters: manifest.parameters,
    record: recordOfVersion(manifest),
    madeBy,
  };
}

function recordOfVersion(manifest: Manifest): ReportContent["record"] {
  const { environment, run } = manifest;
  return {
    git: run?.git ?? null,
    // A version holds its code.
    code: null,
    leftOut: [],
    interpreter: environment.interpreter,
    environmentDigest: environment.digest,
    packages: environment.packages,
    unmet: [],
    seeds: run?.seeds ?? {},
    threads: run?.threads ?? {},
    machine: { architecture: environment.architecture, modelwright: manifest.toolVersion },
    dataDigests: manifest.dataDigests,
    dataRows: manifest.dataRows ?? {},
    dataQueries: manifest.dataQueries ?? [],
    files: manifest.files.map(({ path, sizeBytes, sha256 }) => ({ name: path, sizeBytes, sha256 })),
  };
}
