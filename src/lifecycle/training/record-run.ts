import { cpus, totalmem } from "node:os";

import { digestFile } from "../../files/digest-file.ts";
import { digestFolder } from "../../files/digest-folder.ts";
import { readGitState } from "../../git/read-git-state.ts";
import { Failure, messageOf } from "../../kernel/failure.ts";
import { sha256 } from "../../kernel/digest.ts";
import { canonicalJson, type JsonObject } from "../../kernel/json.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import type { ModelError, RunRecord } from "../../model/run/run-record.ts";
import type { ActiveRun, RunPatch, RunStart } from "../../runs/run-store.ts";
import type { ChosenData } from "../definitions/choose-data-configuration.ts";
import { makeWorkFolder } from "../running/temporary-folders.ts";
import type { Services, Work } from "../services.ts";

/**
 * Records a run from its beginning to whatever end it takes.
 * @param body - the run itself; what it returns goes into the record.
 * @throws whatever `body` throws, with the run's id in the details.
 */
export async function recordRun(
  services: Services,
  start: RunStart,
  work: Work,
  body: (run: ActiveRun) => Promise<RunPatch>,
): Promise<RunRecord> {
  const run = await services.runs.create({ ...start, machine: machineFacts(services) });
  try {
    const patch = await body(run);
    return await run.finish({ ...patch, status: "succeeded" });
  } catch (error) {
    const failure = withRun(error, run.id);
    const isInterrupted = work.signal.aborted || (failure instanceof Failure && failure.code === "INTERRUPTED");
    const end = { status: isInterrupted ? "interrupted" : "failed", failure: recordedFailure(failure) } as const;
    await run.finish(end).catch((unrecorded: unknown) => {
      // On a full disk the cause is worth more than the fault of writing it down; the run then reads lost.
      services.log("error", "run.unrecorded", { run: run.id, reason: messageOf(unrecorded) });
    });
    throw failure;
  }
}

function withRun(error: unknown, run: string): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, message, hint, details } = error;
  return new Failure(code, { message, hint: hint ?? undefined, details: { ...details, run }, cause: error });
}

function recordedFailure(error: unknown): RunRecord["failure"] {
  if (!(error instanceof Failure)) return { code: "INTERNAL", message: String(error), hint: null, error: null };
  const { code, message, hint, details } = error;
  return { code, message, hint, error: (details["error"] as ModelError | undefined) ?? null };
}

/** What the record says about the environment that a run had. */
export function recordedRunEnvironment(environment: PreparedEnvironment): NonNullable<RunRecord["environment"]> {
  const { digest, interpreterVersion, lock, packages, unmet } = environment;
  return { digest, interpreter: interpreterVersion, lock, packages, unmet };
}

/** Whose facts are gathered: the repository around `folder`, and the files that `data` names. */
export interface FactsRequest {
  readonly active: ActiveRun;
  readonly folder: string;
  readonly data: ChosenData;
}

/**
 * Gathers facts while `body` runs, because they cost time that nobody should wait for, and records them at once, so
 * that a run that fails has them too. Only digests that are not done by then are given up: nobody waits for gigabytes
 * to be read only to hear that a training failed.
 */
export async function gatheringFacts<T>(
  services: Services,
  { active, folder, data }: FactsRequest,
  work: Work,
  body: () => Promise<T>,
): Promise<T> {
  const failed = new AbortController();
  const git = readGit(services, folder, work).then((state) => active.update({ git: state }));
  const digests = digestData(data, AbortSignal.any([work.signal, failed.signal])).then((dataDigests) =>
    active.update({ dataDigests }),
  );
  // Both are awaited below; what fails earlier must not end the tool as a rejection that nobody handles.
  for (const fact of [git, digests]) fact.catch(() => undefined);
  try {
    const result = await body();
    await Promise.all([git, digests]);
    return result;
  } catch (error) {
    failed.abort();
    // The first error is the news; these have theirs recorded, or fail for the same reason.
    await Promise.allSettled([git, digests]);
    throw error;
  }
}

async function readGit(services: Services, folder: string, { signal }: Work): Promise<RunRecord["git"]> {
  const { processVariables: variables, log } = services;
  const temporary = await makeWorkFolder(services);
  try {
    return await readGitState(folder, { variables, temporaryFolder: temporary.path, log, signal });
  } finally {
    await temporary.remove();
  }
}

async function digestData(data: ChosenData, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const digests = await Promise.all(
    data.files.map(async ({ path }) => [path, (await digestFile(path, signal)).sha256] as const),
  );
  return Object.fromEntries(digests);
}

/** The digest of everything that makes a definition what it is. */
export async function digestDefinition({ raw, codeRoot, codeFiles }: ModelDefinition): Promise<string> {
  return sha256(canonicalJson({ model: raw, code: await digestFolder(codeRoot, codeFiles) }));
}

function machineFacts({ architecture, toolVersion }: Services): JsonObject {
  const processors = cpus();
  return {
    architecture,
    processor: processors[0]?.model ?? null,
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    modelwright: toolVersion,
  };
}
