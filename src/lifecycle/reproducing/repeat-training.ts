import { existsSync } from "node:fs";

import { Failure } from "../../kernel/failure.ts";
import { packagesToInstall } from "../../model/python/packages-to-install.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import { recordedData } from "../definitions/choose-data-configuration.ts";
import type { Services, Work } from "../services.ts";
import { digestDefinition } from "../training/record-run.ts";
import type { RunChoices } from "../training/run-model-job.ts";
import { subjectOf, type RunSubject } from "../training/run-subject.ts";
import { trainSubject } from "../training/train-model.ts";
import type { LaidOutCode } from "./lay-out-code.ts";

/** Limits and environment of the repetition; the seed is that of the run. */
export type RepeatChoices = Omit<RunChoices, "seed">;

/**
 * Trains once more with what a run recorded: its code, data configuration, parameters, environment and seed. The new run is
 * recorded like any other, and names the one that it repeats.
 * @throws as `trainModel`; `FILE_NOT_FOUND` when a data file is gone.
 */
export async function repeatTraining(
  services: Services,
  { run, code, choices }: { readonly run: RunRecord; readonly code: LaidOutCode; readonly choices: RepeatChoices },
  work: Work,
): Promise<{ readonly run: RunRecord; readonly notes: readonly string[] }> {
  requireData(run);
  const notes: string[] = [];
  const training = {
    choices: { ...choices, seed: seedOf(run) },
    subject: await subjectOfRun(run, code),
    data: recordedData(run.dataConfiguration),
    notes,
    known: { code: run.code, git: run.git, reproduces: run.id },
  };
  return { run: await trainSubject(services, training, work), notes };
}

/** The code as it was, with parameters and packages as they were. */
async function subjectOfRun(run: RunRecord, { definition, source }: LaidOutCode): Promise<RunSubject> {
  const { environment } = run;
  const subject = subjectOf(definition, "train", await digestDefinition(definition));
  const isGiven = environment !== null && environment.lock === null && definition.language !== "typescript";
  return {
    ...subject,
    config: run.parameters,
    projectRoot: source.projectRoot,
    code: source,
    // The packages of an environment that was used as it was are the next best thing to the environment itself.
    requirements: isGiven
      ? [{ path: `the packages of run ${run.id}`, text: packagesToInstall(environment.packages) }]
      : subject.requirements,
    lock: environment?.lock ?? null,
    givenDigest: isGiven ? environment.digest : null,
  };
}

function seedOf({ id, seeds }: RunRecord): number {
  const { seed } = seeds;
  if (typeof seed === "number") return seed;
  throw new Failure("RUN_UNFIT", {
    message: `The run ${id} does not say which seed it had.`,
    hint: "Train again: every training records its seed.",
  });
}

function requireData({ id, dataDigests }: RunRecord): void {
  const gone = Object.keys(dataDigests).filter((path) => !existsSync(path));
  const [first] = gone;
  if (first === undefined) return;
  throw new Failure("FILE_NOT_FOUND", {
    message: `The run ${id} was trained on data that is gone: ${gone.join(", ")}.`,
    hint: `Put the file back where it was (sha256 ${dataDigests[first] ?? ""}), then reproduce again.`,
    details: { run: id, paths: gone },
  });
}
