import { Failure } from "../../kernel/failure.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { listWorkFiles } from "../../runs/outcome/list-work-files.ts";
import { readMetrics } from "../../runs/outcome/read-outcome.ts";
import type { ActiveRun, RunPatch } from "../../runs/run-store.ts";
import type { ChosenData } from "../definitions/choose-data-configuration.ts";
import { evaluateModel } from "../evaluation/evaluate-model.ts";
import { keepEvaluation } from "../evaluation/keep-evaluation.ts";
import { pickleOpener } from "../data/pickle-opener.ts";
import type { OpenPickledRows } from "../data/row-files.ts";
import type { LabelledRow } from "../evaluation/labelled-rows.ts";
import { layOutWorkFolder } from "../running/lay-out-work-folder.ts";
import { writeReportOf } from "../reporting/report-run.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import type { Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";
import { faceOf, startModel } from "../serving/start-model.ts";
import { gatheringFacts } from "./facts/gather-facts.ts";
import { recordRun } from "./record-run.ts";
import { runModelJob, type ModelJob, type RunChoices } from "./run-model-job.ts";
import type { RunSubject } from "./run-subject.ts";

/** What is evaluated: the artifacts of a run with the code of the checkout, or a published version. */
export interface EvaluationTarget {
  readonly subject: RunSubject;
  readonly loadable: Loadable;
  readonly source: NonNullable<RunRecord["source"]>;
  readonly data: ChosenData;
  /** Rows that the platform computes metrics on; null: the definition does not say which, or what the outputs are. */
  readonly labelled: {
    /** Reads them within the run, so that data that is missing fails a run that is recorded. */
    readonly read: (openPickled: OpenPickledRows) => Promise<readonly LabelledRow[]>;
    readonly positive: JsonObject[string] | undefined;
  } | null;
}

export interface EvaluateRequest extends RunChoices {
  readonly target: EvaluationTarget;
}

export interface EvaluateOutcome {
  readonly run: RunRecord;
  readonly notes: readonly string[];
}

/** Types of error with which the foreign halves say that a model has no evaluate function. */
const NO_FUNCTION = ["EntryPointMissing", "MissingExport"];

/**
 * Runs a model's own evaluate function in a fresh process, computes the platform's metrics through the serving path, and
 * records both.
 * @throws Failure of labelled rows, environment, bundle; `EVALUATION_FAILED`, `JOB_…`, `METRICS_MALFORMED`, and those of predicting.
 */
export async function evaluateTarget(
  services: Services,
  request: EvaluateRequest,
  work: Work,
): Promise<EvaluateOutcome> {
  const { subject, data, source } = request.target;
  const notes: string[] = data.resolved.map(({ pointer, to }) => `data_conf${pointer} is ${to}`);
  const start = {
    kind: "evaluate",
    model: subject.model,
    definition: subject.definition,
    parameters: subject.config,
    dataConfiguration: data.value,
    config: subject.config,
    seeds: { seed: request.seed },
    source,
  } as const;
  const body = (active: ActiveRun): Promise<RunPatch> => {
    const evaluate = (onRunning: () => void) => runEvaluation(services, { request, active, onRunning, notes }, work);
    return gatheringFacts(services, { active, folder: subject.projectRoot, data, notes, body: evaluate }, work);
  };
  const run = await recordRun(services, { start, body }, work);
  notes.push(...(await writeReportOf(services, run, work)));
  return { run, notes };
}

interface Evaluation extends Pick<ModelJob, "active" | "onRunning"> {
  readonly request: EvaluateRequest;
  readonly notes: string[];
}

async function runEvaluation(services: Services, evaluation: Evaluation, work: Work): Promise<RunPatch> {
  const { request, active, notes } = evaluation;
  const { subject, loadable } = request.target;
  // Before the model's own evaluation, which may take long.
  const openPickled = pickleOpener(services, request.choice.python, work);
  const rows = (await request.target.labelled?.read(openPickled)) ?? [];
  await layOutWorkFolder(active.folders.work, { config: subject.config, artifacts: loadable.artifacts });
  const own = await runOwnEvaluation(services, evaluation, work);
  const platform = await computeMetrics(services, { evaluation, rows }, work);
  notes.push(...own.notes, ...platform.notes);
  // Where the labelled rows were asked, it was told why nothing came of it.
  if (Object.keys(own.metrics).length + Object.keys(platform.metrics).length + platform.notes.length === 0) {
    notes.push(
      'No metrics: the model wrote none, and without "evaluation" in model.json and outputs in signature.json none can be computed.',
    );
  }
  return {
    metrics: own.metrics,
    platformMetrics: platform.metrics,
    peakMemoryBytes: own.peakMemoryBytes,
  };
}

async function runOwnEvaluation(services: Services, { request, active, onRunning, notes }: Evaluation, work: Work) {
  const { subject, loadable, data, labelled } = request.target;
  const before = await listWorkFiles(active.folders.work);
  try {
    const { peakMemoryBytes } = await runModelJob(
      services,
      {
        kind: "evaluate",
        subject,
        active,
        identifiers: loadable.serving.identifiers,
        dataConf: data.value,
        choices: request,
        onRunning,
        notes,
      },
      work,
    );
    return { ...(await readMetrics(active.folders.work, before)), peakMemoryBytes };
  } catch (error) {
    if (labelled === null || !isMissingFunction(error)) throw error;
    return { metrics: {}, notes: ["The model has no evaluate function of its own."], peakMemoryBytes: null };
  }
}

function isMissingFunction(error: unknown): boolean {
  if (!(error instanceof Failure) || error.code !== "EVALUATION_FAILED") return false;
  const cause = error.details["error"];
  return (
    typeof cause === "object" &&
    cause !== null &&
    "type" in cause &&
    typeof cause.type === "string" &&
    NO_FUNCTION.includes(cause.type)
  );
}

async function computeMetrics(
  services: Services,
  { evaluation, rows }: { readonly evaluation: Evaluation; readonly rows: readonly LabelledRow[] },
  work: Work,
) {
  const { target, choice } = evaluation.request;
  const { labelled, loadable } = target;
  const outputs = loadable.signature?.outputs ?? [];
  if (labelled === null || outputs.length === 0) return { metrics: {}, notes: [] };
  const started = await startModel(services, { loadable, choice }, work);
  try {
    work.onProgress({ step: "evaluate.computing", message: `Computing metrics of ${loadable.name}` });
    const face = faceOf(services, started, { batchable: false, proof: "none" });
    const set = { rows, evaluation: { positive: labelled.positive ?? null }, outputs };
    const measured = await untilInterrupted({ signal: work.signal, stop: started.stop }, () =>
      evaluateModel(face, set),
    );
    await keepEvaluation(services, evaluation.active.folders.run, { rows, measured });
    return measured;
  } finally {
    await started.stop();
  }
}
