import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { PredictReply } from "../../model/prediction/predict-reply.ts";
import type { ModelReference } from "../../model/version/model-reference.ts";
import { formatModelReference } from "../../model/version/model-reference.ts";
import { readTestSet } from "../evaluation/labelled-rows.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import type { FetchedVersion } from "../serving/load-version.ts";
import { askSide, type NamedRows, type Side } from "./ask-side.ts";
import { compareAnswers, type AnswersComparison } from "./compare-answers.ts";
import { withSide, withVersionSide, type SideName, type VersionSide } from "./find-side.ts";

/** Two models are equal when every prediction lies within this of the other, relatively. */
export const DEFAULT_TOLERANCE = 0.05;
/** Below this, numbers are as good as zero and any relative difference is noise. */
const ABSOLUTE_TOLERANCE = 1e-9;

export interface CompareRequest {
  readonly reference: ModelReference;
  readonly candidate: SideName;
  /** Absolute path of a file of rows; null: the rows that the reference stores. */
  readonly rows: string | null;
  /** Relative, of numbers. */
  readonly tolerance: number;
  readonly choice: EnvironmentChoice;
}

export interface ComparedModels extends AnswersComparison {
  readonly reference: Pick<Side, "label" | "kind">;
  readonly candidate: Pick<Side, "label" | "kind">;
  readonly sets: readonly string[];
}

/**
 * The differential test: asks a published version and a candidate the same rows, and compares what they say.
 * @throws Failure of either side; `SCHEMA_MISMATCH` when there is nothing to compare; `DATA_MALFORMED` without rows.
 */
export async function compareModels(services: Services, request: CompareRequest, work: Work): Promise<ComparedModels> {
  const { candidate, choice } = request;
  const askVersion = async ({ side, fetched }: VersionSide) => {
    const sets = request.rows === null ? await storedRows(fetched) : [{ name: request.rows, rows: request.rows }];
    requireRows(sets, request.reference);
    const { replies } = await askSide(services, { side, sets, choice }, work);
    requireAnswers(replies, sets);
    return { side, sets, replies };
  };
  const asked = await withVersionSide(services, { reference: request.reference, use: askVersion }, work);
  const { sets, side } = asked;
  const askCandidate = async (other: Side): Promise<ComparedModels> => {
    const { replies } = await askSide(services, { side: other, sets, choice }, work);
    const tolerance = { relative: request.tolerance, absolute: ABSOLUTE_TOLERANCE, labels: 0 };
    const outputs = side.loadable.signature?.outputs;
    const comparison = compareAnswers(sets, { expected: asked.replies, actual: replies }, { tolerance, outputs });
    return {
      ...comparison,
      reference: { label: side.label, kind: side.kind },
      candidate: { label: other.label, kind: other.kind },
      sets: sets.map(({ name }) => name),
    };
  };
  return withSide(services, { name: candidate, use: askCandidate }, work);
}

/** The rows that a version was proven with. */
async function storedRows({ manifest, folder }: FetchedVersion): Promise<readonly NamedRows[]> {
  const { recorded, metrics } = manifest.proof;
  const [metric] = metrics;
  const examples =
    recorded === null ? [] : [{ name: "the examples", rows: { rows: recorded.rows, names: recorded.names } }];
  if (metric === undefined) return examples;
  const labelled = await readTestSet(join(folder, metric.dataSet));
  return [...examples, { name: "the test set", rows: { rows: labelled.map(({ row }) => row) } }];
}

function requireRows(sets: readonly NamedRows[], reference: ModelReference): void {
  if (sets.some(({ rows }) => typeof rows === "string" || rows.rows.length > 0)) return;
  throw new Failure("DATA_MALFORMED", {
    message: `${formatModelReference(reference)} stores no rows to compare with.`,
    hint: "Give some: --rows file.",
  });
}

/** A file may turn out to hold none. Models that were asked nothing do not agree. */
function requireAnswers(replies: readonly PredictReply[], sets: readonly NamedRows[]): void {
  if (replies.some(({ predictions, errors }) => predictions.length > 0 || errors !== null)) return;
  throw new Failure("DATA_MALFORMED", {
    message: `There are no rows in ${sets.map(({ name }) => name).join(", ")}, so there is nothing to compare.`,
    hint: "Fill the file, or give another: --rows file.",
  });
}
