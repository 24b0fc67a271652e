import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { makeFolders } from "../../files/folders/make-folders.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import type { JsonValue } from "../../kernel/json.ts";
import {
  comparePredictions,
  OTHER_ENVIRONMENT,
  type Difference,
  type Tolerance,
} from "../../model/prediction/tolerance.ts";
import type { Manifest, RecordedMetric } from "../../model/version/manifest.ts";
import { isSamePlace } from "../../model/version/place.ts";
import { evaluateModel } from "../evaluation/evaluate-model.ts";
import { readTestSet, type LabelledRow } from "../evaluation/labelled-rows.ts";
import type { Services, Work } from "../services.ts";
import { predictAll, toleranceInOneEnvironment } from "./record-answers.ts";
import { faceOf, type StartedModel } from "./start-model.ts";

const SHOWN_DIFFERENCES = 5;

export interface ProofRequest {
  readonly started: StartedModel;
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  /** Folder in which every file of the version lies, digests checked. */
  readonly versionFolder: string;
}

/**
 * Repeats everything that a version stored: its recorded predictions always; its metrics unless this tool has repeated
 * them before in the same place.
 * @throws Failure `PROOF_FAILED` with the rows, both values, and the setting that would loosen the proof.
 */
export async function proveModel(services: Services, request: ProofRequest, work: Work): Promise<void> {
  const { started, manifest } = request;
  work.onProgress({ step: "model.proving", message: `Proving ${manifest.model}@${manifest.version}` });
  const isSame = isSamePlace(manifest.environment, started.environment, services.architecture);
  await repeatPredictions(services, request, isSame);
  const remembered = rememberedProof(services, request);
  if (manifest.proof.metrics.length === 0 || (await isThere(remembered))) return;
  await repeatMetrics(services, request, isSame);
  await makeFolders(dirname(remembered));
  await writeFileAtomically(remembered, JSON.stringify({ provenAt: services.clock.now().toISOString() }));
}

async function repeatPredictions(services: Services, request: ProofRequest, isSame: boolean): Promise<void> {
  const { started, manifest } = request;
  const { recorded, tolerance } = manifest.proof;
  if (recorded === null) return;
  const face = faceOf(services, started, { batchable: false, proof: "predictions" });
  const actual = await predictAll(face, recorded, "the recorded proof");
  const allowed = tolerance ?? (isSame ? toleranceInOneEnvironment(recorded.predictions) : OTHER_ENVIRONMENT);
  const { equal, differences } = comparePredictions(recorded.predictions, actual, allowed);
  if (equal) return;
  throw new Failure("PROOF_FAILED", {
    message: `${manifest.model}@${manifest.version} answers ${differences.length} of ${recorded.rows.length} recorded rows differently:\n${differences.slice(0, SHOWN_DIFFERENCES).map(differenceLine).join("\n")}`,
    hint: loosen(request, allowed, isSame),
    details: { differences: differences.slice(0, SHOWN_DIFFERENCES).map((difference) => ({ ...difference })) },
  });
}

function differenceLine({ row, expected, actual }: Difference): string {
  return `  row ${row}: ${JSON.stringify(expected)} when published, ${JSON.stringify(actual)} now`;
}

function loosen({ manifest, started }: ProofRequest, allowed: Tolerance, isSame: boolean): string {
  const place = isSame
    ? "The environment is the same as when it was published."
    : `It was published in ${manifest.environment.interpreter} (${manifest.environment.architecture}, environment ${manifest.environment.digest.slice(0, 12)}) and runs in ${started.environment.interpreterVersion} (environment ${started.environment.digest.slice(0, 12)}).`;
  return `${place} If the difference is harmless, publish again with "tolerance": {"relative": …} in model.json (now ${allowed.relative}).`;
}

async function repeatMetrics(services: Services, request: ProofRequest, isSame: boolean): Promise<void> {
  const { started, manifest, versionFolder } = request;
  const { evaluation, metrics } = manifest.proof;
  const [first] = metrics;
  if (evaluation === null || first === undefined || manifest.signature === null) return;
  const rows = await readTestSet(join(versionFolder, first.dataSet));
  const face = faceOf(services, started, { batchable: false, proof: "metrics" });
  const computed = await evaluateModel(face, { rows, evaluation, outputs: manifest.signature.outputs });
  const share = isSame ? 0 : movedShare(rows);
  const wrong = metrics.filter((metric) => !isRepeated(metric, computed.metrics[metric.name], { isSame, share }));
  if (wrong.length === 0) return;
  const lines = wrong.map(
    (metric) => `  ${metric.name}: ${metric.value} when published, ${computed.metrics[metric.name] ?? "none"} now`,
  );
  throw new Failure("PROOF_FAILED", {
    message: `${manifest.model}@${manifest.version} does not repeat its metrics on the stored test set:\n${lines.join("\n")}`,
    hint: loosen(request, manifest.proof.tolerance ?? OTHER_ENVIRONMENT, isSame),
  });
}

/** Metrics in which a class counts by itself, however few rows it has. */
const BY_CLASS = ["balanced_accuracy", "precision", "recall", "f1"];

/** By how much labels that may differ in another place move a share of the rarest class: more than a share of all rows. */
function movedShare(rows: readonly LabelledRow[]): number {
  const counts = new Map<JsonValue, number>();
  for (const { truth } of rows) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  const rarest = [...counts.values()].reduce((least, count) => Math.min(least, count), rows.length);
  return (OTHER_ENVIRONMENT.labels * rows.length) / rarest;
}

/** In another place up to 0.1 % of labels may differ, which moves a share by as much. */
function isRepeated(
  metric: RecordedMetric,
  actual: number | undefined,
  { isSame, share }: { readonly isSame: boolean; readonly share: number },
): boolean {
  if (actual === undefined) return false;
  const relative = isSame ? metric.tolerance : Math.max(metric.tolerance, OTHER_ENVIRONMENT.relative);
  const elsewhere = BY_CLASS.includes(metric.name) ? share : OTHER_ENVIRONMENT.labels;
  const absolute = isSame ? 1e-12 : elsewhere;
  return Math.abs(actual - metric.value) <= Math.max(absolute, relative * Math.abs(metric.value));
}

/** Remembered under everything that could change the outcome. */
function rememberedProof(services: Services, { started, manifestDigest }: ProofRequest): string {
  const key = sha256(
    [manifestDigest, started.environment.digest, services.architecture, services.toolVersion].join("\n"),
  );
  return join(services.folders.cache, "proofs", `${key}.json`);
}

async function isThere(path: string): Promise<boolean> {
  return (await readFile(path).catch(() => null)) !== null;
}
