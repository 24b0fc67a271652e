import { cpus, totalmem } from "node:os";

import { digestFolder } from "../../files/digest-folder.ts";
import { Failure, messageOf } from "../../kernel/failure.ts";
import { sha256 } from "../../kernel/digest.ts";
import { canonicalJson, type JsonObject } from "../../kernel/json.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import type { ModelError, RunRecord } from "../../model/run/run-record.ts";
import type { ActiveRun, RunPatch, RunStart } from "../../runs/run-store.ts";
import type { Services, Work } from "../services.ts";

export interface RecordedRun {
  readonly start: RunStart;
  /** The run itself; what it returns goes into the record. */
  readonly body: (run: ActiveRun) => Promise<RunPatch>;
}

/**
 * Records a run from its beginning to whatever end it takes.
 * @throws whatever `body` throws, with the run's id in the details.
 */
export async function recordRun(services: Services, { start, body }: RecordedRun, work: Work): Promise<RunRecord> {
  const run = await services.runs.create({ ...start, machine: machineFacts(services) });
  const forget = recordWhenCutShort(run, work.signal);
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
  } finally {
    forget();
  }
}

/** A second Ctrl-C ends the process before the run has ended in order; it was interrupted all the same, and is not lost. */
function recordWhenCutShort(run: ActiveRun, signal: AbortSignal): () => void {
  const onExit = (): void => {
    if (!signal.aborted) return;
    try {
      run.finishNow({ status: "interrupted", failure: recordedFailure(signal.reason) });
    } catch {
      // There is nobody left to tell; the run reads lost.
    }
  };
  process.on("exit", onExit);
  return () => process.off("exit", onExit);
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
