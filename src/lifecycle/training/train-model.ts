import { readdir } from "node:fs/promises";

import { Failure } from "../../kernel/failure.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { listLeftOut, listWorkFiles } from "../../runs/outcome/list-work-files.ts";
import { isMetricsFile } from "../../runs/outcome/produced-files.ts";
import { readArtifacts, readMetrics } from "../../runs/outcome/read-outcome.ts";
import type { ActiveRun, RunPatch } from "../../runs/run-store.ts";
import { chooseDataConfiguration, type ChosenData } from "../definitions/choose-data-configuration.ts";
import type { Services, Work } from "../services.ts";
import { keepProposal, proposeSignatureFor } from "./propose-signature-for.ts";
import { gatheringFacts } from "./facts/gather-facts.ts";
import { digestDefinition, recordRun } from "./record-run.ts";
import { runModelJob, type ModelJob, type RunChoices } from "./run-model-job.ts";
import { besideCodeNote } from "./stray-files.ts";
import { runIdentifiers, subjectOf, type RunSubject } from "./run-subject.ts";

export interface TrainRequest extends RunChoices {
  readonly definition: ModelDefinition;
  /** `--data`: a file, or the name of a data configuration beside the definition. */
  readonly data: string | null;
  readonly cwd: string;
}

export interface TrainOutcome {
  readonly run: RunRecord;
  /** Sentences for the user: what was odd, what is to be reviewed. */
  readonly notes: readonly string[];
}

/** What `train --dry-run` shows: everything that is decided before anything runs. */
export async function describeTraining(request: TrainRequest): Promise<JsonObject> {
  const { definition } = request;
  const data = await chooseDataConfiguration(definition, { data: request.data, kind: "train", cwd: request.cwd });
  return {
    definition: definition.folder,
    language: definition.language,
    codeRoot: definition.codeRoot,
    requirements: definition.requirements.train.map(({ path }) => path),
    interpreter: request.choice.python ?? "found on the PATH",
    dataConfiguration: data.path ?? "none",
    dataConf: data.value,
    modelConf: definition.config,
    variables: {
      pass: [...definition.variables.pass, ...request.choice.passVariables],
      set: Object.keys(definition.variables.set),
    },
    seed: request.seed,
    timeoutMs: request.timeoutMs,
    memoryLimitBytes: request.memoryLimitBytes,
  };
}

/**
 * Trains a model in a fresh process and records the run, however it ends.
 * @throws Failure of data configuration, environment, bundle; `TRAINING_FAILED`, `JOB_…`, `NO_ARTIFACTS`, `METRICS_MALFORMED`.
 */
export async function trainModel(services: Services, request: TrainRequest, work: Work): Promise<TrainOutcome> {
  const { definition } = request;
  const data = await chooseDataConfiguration(definition, { data: request.data, kind: "train", cwd: request.cwd });
  const subject = subjectOf(definition, "train", await digestDefinition(definition));
  const notes: string[] = data.resolved.map(({ pointer, to }) => `data_conf${pointer} is ${to}`);
  // Reading all the data takes as long as many a training does, so it is read meanwhile.
  const abandoned = new AbortController();
  const signal = AbortSignal.any([work.signal, abandoned.signal]);
  const proposing = proposeSignatureFor(services, { definition, data, python: request.choice.python }, signal);
  proposing.catch(() => undefined);
  try {
    const training = { choices: request, subject, data, notes, definition, known: {} };
    const run = await trainSubject(services, training, work);
    notes.push(...(await keepProposal(services, { definition, run, proposal: await proposing })));
    return { run, notes };
  } finally {
    abandoned.abort();
  }
}

/** One training to run and record. */
export interface Training {
  readonly choices: RunChoices;
  readonly subject: RunSubject;
  readonly data: ChosenData;
  /** Sentences for the user are added to these. */
  readonly notes: string[];
  /** Whose code is kept with the run; absent where it is kept already. */
  readonly definition?: ModelDefinition | undefined;
  /** What is known about the run beforehand. */
  readonly known: RunPatch;
}

/**
 * Trains and records the run, however it ends.
 * @throws as `trainModel`, but for the data configuration.
 */
export function trainSubject(services: Services, training: Training, work: Work): Promise<RunRecord> {
  const { subject, data, choices, definition, notes, known } = training;
  const start = {
    kind: "train",
    model: subject.model,
    definition: subject.definition,
    parameters: subject.config,
    dataConfiguration: data.value,
    config: subject.config,
    seeds: { seed: choices.seed },
    ...known,
  } as const;
  const body = (active: ActiveRun): Promise<RunPatch> => {
    const train = (onRunning: () => void) => runTraining(services, { ...training, active, onRunning }, work);
    const folder = definition?.folder ?? null;
    return gatheringFacts(services, { active, folder, data, definition, notes, body: train }, work);
  };
  return recordRun(services, { start, body }, work);
}

interface TrainingJob extends Training, Pick<ModelJob, "active" | "onRunning"> {}

async function runTraining(
  services: Services,
  { choices, subject, data, notes, active, onRunning }: TrainingJob,
  work: Work,
): Promise<RunPatch> {
  const before = await listWorkFiles(active.folders.work);
  const job = await runModelJob(
    services,
    {
      kind: "train",
      subject,
      active,
      identifiers: runIdentifiers({ model: subject.model, definitionId: subject.definition.id }, active.id),
      dataConf: data.value,
      choices,
      onRunning,
      notes,
    },
    work,
  );
  const artifacts = await readArtifacts(active.folders.work, before, work.signal);
  if (artifacts.every(isMetricsFile)) throw await noArtifacts(subject, active, job.stdoutFile);
  const { metrics, notes: metricNotes } = await readMetrics(active.folders.work, before);
  notes.push(...metricNotes, ...(await listLeftOut(active.folders.work)));
  return { artifacts, metrics, peakMemoryBytes: job.peakMemoryBytes };
}

/** What stands in a work folder from the beginning. */
const LAID_OUT = new Set(["config.json", "models", "artifacts"]);

async function noArtifacts(subject: RunSubject, active: ModelJob["active"], stdoutFile: string): Promise<Failure> {
  // Its working directory is gone where the code removed it.
  const names = await readdir(active.folders.work).catch(() => null);
  const elsewhere = (names ?? []).filter((name) => !LAID_OUT.has(name));
  const besideCode = active.record().besideCode ?? [];
  const found = [
    ...(names === null ? [" It removed its working directory."] : []),
    ...(await listLeftOut(active.folders.work)).map((sentence) => ` ${sentence}`),
    ...(elsewhere.length === 0 ? [] : [` It wrote ${elsewhere.join(", ")} into the working directory itself.`]),
    ...(besideCode.length === 0 ? [] : [` ${besideCodeNote(besideCode, active)}`]),
  ].join("");
  return new Failure("NO_ARTIFACTS", {
    message: `Training ${subject.definition.name} ended well but wrote no model into models/ or artifacts/output/.${found}`,
    hint: `Write the trained model into models/ (relative to the working directory).\nWhat it printed: ${stdoutFile}`,
    details: { stdoutFile, elsewhere, besideCode },
  });
}
