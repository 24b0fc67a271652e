import { existsSync } from "node:fs";
import { join } from "node:path";

import type { JsonObject } from "../../kernel/json.ts";
import { isDiskFull } from "../../files/is-disk-full.ts";
import { findMissingData } from "../../model/definition/find-missing-data.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import type { JobOutcome } from "../../model/ports/executor.ts";
import type { Runtime } from "../../model/ports/runtime.ts";
import { printable } from "../../model/run/format-model-error.ts";
import { readTail } from "../../process/read-tail.ts";
import type { ActiveRun } from "../../runs/run-store.ts";
import { placeCode, specOfCode, type PlacedCode } from "../running/place-code.ts";
import { modelVariables, prepareEnvironment, runtimeOf } from "../running/prepare-environment.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { configurationCollector } from "./collect-configurations.ts";
import { explainJobFailure } from "./explain-job-failure.ts";
import { planJob, type JobPlanRequest } from "./plan-job.ts";
import { tellStrayFiles } from "./stray-files.ts";
import { recordedRunEnvironment } from "./record-run.ts";

const LOG_TAIL_BYTES = 4 * 1024;
const MAX_LAST_LINES = 8;
/** Node prints its own insides when it crashes: ` 1: 0xd3a3c0  [node]`. */
const NATIVE_FRAME = /^\s*\d+: 0x[0-9a-f]+ /;

/** Limits of one run. The ones in `model.json` are requests to a cluster and do not bind a local run. */
export interface RunLimits {
  readonly timeoutMs: number | null;
  /** Of the whole process group. */
  readonly memoryLimitBytes: number | null;
}

/** What a user chooses for one run. */
export interface RunChoices extends RunLimits {
  readonly seed: number;
  readonly choice: EnvironmentChoice;
}

/** One training or evaluation to run. */
export interface ModelJob extends Pick<JobPlanRequest, "kind" | "subject" | "identifiers" | "dataConf"> {
  /** The run that the job belongs to. */
  readonly active: ActiveRun;
  readonly choices: RunChoices;
  /** Called once the model's own code runs. */
  readonly onRunning: () => void;
  /** Sentences for the user are added to these. */
  readonly notes: string[];
}

/**
 * Prepares environment and code, and runs the job to its end.
 * @throws Failure of the environment or bundle, or one that explains in the model's own words why the job failed.
 */
export async function runModelJob(services: Services, job: ModelJob, work: Work): Promise<JobOutcome> {
  const { subject, active, choices, notes } = job;
  const runtime = runtimeOf(services, subject.language);
  const environment = await prepareEnvironment(services, { needs: subject, choice: choices.choice }, work);
  await active.update({ environment: recordedRunEnvironment(environment) });
  const { code } = subject;
  const staged = await runtime.stage({ code, cacheFolder: services.folders.cache, ...work });
  const folder = await makeWorkFolder(services);
  try {
    const placed = await placeCode(staged, code, join(folder.path, "code"));
    try {
      return await runPlaced(services, { job, runtime, environment, placed }, work);
    } finally {
      await tellStrayFiles(services, { active, code, mirror: placed.mirror, notes });
    }
  } finally {
    // Last: the copy of the code gives space back when it goes, and a full disk would not be told as one.
    await folder.remove();
  }
}

interface PlacedJob {
  readonly job: ModelJob;
  readonly runtime: Runtime;
  readonly environment: PreparedEnvironment;
  readonly placed: PlacedCode;
}

async function runPlaced(
  services: Services,
  { job, runtime, environment, placed }: PlacedJob,
  work: Work,
): Promise<JobOutcome> {
  const { subject, kind, active, choices } = job;
  const { folders } = active;
  const { seed, choice, timeoutMs, memoryLimitBytes } = choices;
  const { name } = subject.definition;
  const { variables, unset } = modelVariables(services, { own: subject.variables, choice, runtime });
  work.onProgress({ step: "job.running", message: `${kind === "train" ? "Training" : "Evaluating"} ${name}` });
  const plan = planJob({ ...job, runId: active.id, folders, seed, parentPid: services.pid });
  const configurations = configurationCollector();
  const outcome = await services.executor.runJob({
    ...{ timeoutMs, memoryLimitBytes, variables, signal: work.signal },
    spec: { ...plan, ...specOfCode(placed) },
    jobFolder: folders.job,
    command: runtime.jobCommand(environment, `${folders.job}/job.json`),
    onEvent: (event) => {
      if (configurations.take(event)) return;
      work.onProgress({ step: "job.progress", message: progressMessage(name, event), fields: event });
    },
    onStarted: job.onRunning,
  });
  await active.update({
    seeds: { ...active.record().seeds, ...outcome.result?.seeds },
    threads: outcome.result?.threads ?? {},
    ...(configurations.list.length === 0 ? {} : { configurations: configurations.list }),
  });
  await requireSuccess(job, outcome, unset);
  return outcome;
}

/** @throws Failure that explains in the model's own words why the job failed. */
async function requireSuccess(
  { kind, subject, dataConf, active, choices }: ModelJob,
  outcome: JobOutcome,
  unset: readonly string[],
): Promise<void> {
  const { timeoutMs, memoryLimitBytes } = choices;
  const hasDied = outcome.result === null;
  const failure = explainJobFailure(outcome, {
    ...{ kind, modelName: subject.definition.name, unset, timeoutMs, memoryLimitBytes },
    // A training may have its data from elsewhere; an evaluation of a version is given none unless it is named.
    hasNoData: kind === "evaluate" && Object.keys(dataConf).length === 0,
    missingData: findMissingData(dataConf, existsSync),
    lastLines: hasDied ? await lastLinesOf(outcome) : [],
    isDiskFull: hasDied && (await isDiskFull(active.folders.job)),
  });
  if (failure !== null) throw failure;
}

/** Of what a job without a result wrote to standard error, or else to standard output. */
async function lastLinesOf({ stderrFile, stdoutFile }: JobOutcome): Promise<readonly string[]> {
  for (const file of [stderrFile, stdoutFile]) {
    const text = printable((await readTail(file, LOG_TAIL_BYTES)).toString("utf8"));
    const lines = text.split("\n").filter((line) => line.trim() !== "" && !NATIVE_FRAME.test(line));
    if (lines.length > 0) return lines.slice(-MAX_LAST_LINES);
  }
  return [];
}

/** What a model reports while it trains, for example `churn: iter 10, loss 0.23`. */
function progressMessage(name: string, event: JsonObject): string {
  const fields = event["fields"];
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return name;
  const shown = Object.entries(fields)
    .slice(0, 4)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${name}: ${shown.join(", ")}`;
}
