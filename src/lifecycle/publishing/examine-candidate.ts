import type { JsonObject } from "../../kernel/json.ts";
import type { EvaluationSpec } from "../../model/definition/model-definition.ts";
import type { StagedCode } from "../../model/ports/runtime.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type {
  ClassicMetadata,
  DefinitionIdentity,
  ExampleRows,
  ProofLevel,
  RecordedMetric,
} from "../../model/version/manifest.ts";
import type { PublishFile } from "../../store/publishing/publish-request.ts";
import { evaluateModel } from "../evaluation/evaluate-model.ts";
import { formatReportData, reportDataOf } from "../evaluation/keep-evaluation.ts";
import { formatTestSet, keepRows, type LabelledRow } from "../evaluation/labelled-rows.ts";
import type { Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";
import { recordAnswers, type RecordedAnswers } from "../serving/record-answers.ts";
import { faceOf, type StartedModel } from "../serving/start-model.ts";
import { TEST_SET_PATH, type KeptFile } from "./plan-version-files.ts";

/** Rows of the test set that stand in for examples where there are none. */
const ROWS_WITHOUT_EXAMPLES = 50;
/** How far a metric may lie off in the same place: it is computed from the same answers. */
const METRIC_TOLERANCE = 1e-9;
/** Sums in another order, as of several threads, untie equal scores, and each such pair counts half. */
const RANK_TOLERANCE = 1e-3;

/** Something that could become a version: from a run of a definition, or from a file that was trained elsewhere. */
export interface Candidate {
  readonly loadable: Loadable;
  readonly definition: DefinitionIdentity | null;
  readonly framework: string | null;
  readonly run: RunRecord | null;
  readonly kept: readonly KeptFile[];
  readonly mainArtifact: string | null;
  readonly evaluation: EvaluationSpec | null;
  readonly labelled: readonly LabelledRow[];
  readonly examples: ExampleRows;
  /** Metrics that the model itself wrote. */
  readonly modelMetrics: JsonObject;
  readonly authorEmail: string | null;
  /** What a model configuration of an author has besides. */
  readonly configuration?: CandidateConfiguration | undefined;
}

/** A model configuration: data sets and column transformer beside the model, which its scorer opens itself. */
export interface CandidateConfiguration {
  readonly metadata: Omit<ClassicMetadata, "author_email" | "version">;
  /** Metrics that its scorer repeats whenever it starts, so that a scorer that has started has repeated them. */
  readonly repeated: readonly RecordedMetric[];
  /** Files that are only kept. */
  readonly files: readonly PublishFile[];
}

/** What asking the candidate gave. */
export interface Findings extends RecordedAnswers {
  readonly metrics: readonly RecordedMetric[];
  readonly testSet: string | null;
  readonly reportData: string | null;
  readonly staged: StagedCode;
  readonly notes: readonly string[];
}

export interface StartedCandidate {
  readonly candidate: Candidate;
  readonly started: StartedModel;
}

/** Asks a candidate through the serving path, and records its answers and metrics. */
export async function examineCandidate(
  services: Services,
  { candidate, started }: StartedCandidate,
  work: Work,
): Promise<Findings> {
  work.onProgress({ step: "publish.recording", message: `Recording the answers of ${candidate.loadable.name}` });
  const face = faceOf(services, started, { batchable: false, proof: "none" });
  const examples =
    candidate.examples.rows.length > 0
      ? candidate.examples
      : { rows: candidate.labelled.slice(0, ROWS_WITHOUT_EXAMPLES).map(({ row }) => row) };
  const answers = await recordAnswers(face, examples, candidate.loadable.tolerance);
  const kept = keepRows(candidate.labelled, services.settings.storeTestSet);
  const { evaluation } = candidate;
  const outputs = candidate.loadable.signature?.outputs ?? [];
  const measured =
    evaluation === null || kept.length === 0 ? null : await evaluateModel(face, { rows: kept, evaluation, outputs });
  const metrics = (measured?.list ?? []).map(({ name, value, direction }) => ({
    ...{ name, value, direction },
    dataSet: TEST_SET_PATH,
    tolerance: name === "roc_auc" ? RANK_TOLERANCE : METRIC_TOLERANCE,
  }));
  return {
    ...answers,
    metrics: [...metrics, ...(candidate.configuration?.repeated ?? [])],
    testSet: metrics.length === 0 ? null : formatTestSet(kept),
    reportData: measured === null ? null : formatReportData(reportDataOf(kept, measured, true)),
    staged: started.staged,
    notes: [...(measured?.notes ?? []), ...notesOn(answers)],
  };
}

function notesOn({ recorded, batchable, unrepeated }: RecordedAnswers): readonly string[] {
  const notes: string[] = [];
  if (recorded === null) {
    notes.push(
      "There were no rows to prove the version with: only digests will be checked. Add samples/rows.json or examples in signature.json, or give --examples.",
    );
  }
  if (unrepeated !== null) {
    const { row, expected, actual } = unrepeated;
    notes.push(
      `The model answered the same rows otherwise when asked again (row ${row}: ${JSON.stringify(expected)}, then ${JSON.stringify(actual)}), so the proof of this version will fail whenever it is loaded. Let predict repeat itself (a fixed seed, nothing kept between calls), or allow the difference with "tolerance" in model.json, and publish again.`,
    );
  } else if (!batchable)
    notes.push("The model answers rows together otherwise than one by one: its requests will not be batched.");
  return notes;
}

/** The strongest proof that the findings allow. */
export function proofLevel({ metrics, recorded }: Findings): ProofLevel {
  return metrics.length > 0 ? "metrics" : recorded === null ? "digests" : "predictions";
}
