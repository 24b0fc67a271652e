import { join } from "node:path";
import { createInterface } from "node:readline";

import { Failure } from "../../kernel/failure.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { OnProgress } from "../../model/ports/progress.ts";
import { collectOutput } from "../../process/collect-output.ts";
import { spawnGroup, type ProcessGroup } from "../../process/spawn-group.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { ProbeContext } from "../interpreter/probe-interpreter.ts";
import { builderEventSchema, describeProgress, type BuilderEnd } from "./builder-events.ts";
import { pipVariables } from "./installer/pip-variables.ts";

export interface BuilderContext extends ProbeContext {
  readonly interpreter: Interpreter;
  readonly onProgress: OnProgress;
}

/** How the builder ended: with its last word, or without one. */
export type BuilderOutcome =
  BuilderEnd | { readonly event: "crashed"; readonly message: string; readonly exitCode: number | null };

/** The builder ends pip and removes what is half made; SIGKILL would leave that to the next builder. */
const GRACE_MS = 10_000;

/**
 * Runs `build_environment.py` to its end, in a process group that dies with the tool.
 * @throws Failure `INTERRUPTED`.
 */
export async function runBuilder(request: JsonObject, context: BuilderContext): Promise<BuilderOutcome> {
  if (context.signal.aborted) throw interrupted();
  const script = join(context.runtimesFolder, "build_environment.py");
  const group = await spawnGroup({
    command: [context.interpreter.baseExecutable, "-I", "-B", script],
    cwd: context.workingFolder,
    variables: pipVariables(context.variables),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    hasChannel: true,
  });
  // `listen` waits for the same end, and hears of it when it fails.
  const stop = (): void => void group.end(GRACE_MS).catch(() => undefined);
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    return await listen(group, request, context);
  } finally {
    context.signal.removeEventListener("abort", stop);
  }
}

async function listen(group: ProcessGroup, request: JsonObject, context: BuilderContext): Promise<BuilderOutcome> {
  const complaints = collectOutput(group.child.stderr, 64 * 1024, "end");
  const lastWord = readEvents(group, context.onProgress);
  // A builder that ended before it read its request says so by its exit.
  group.child.stdin?.on("error", () => undefined);
  group.child.stdin?.end(JSON.stringify(request));
  const { exitCode, signal } = await group.exited;
  // Of a builder that was killed, pip would go on.
  await group.end(context.signal.aborted ? GRACE_MS : 0);
  group.channel?.destroy();
  const said = await lastWord;
  if (context.signal.aborted) throw interrupted();
  if (said !== null) return said;
  const complaint = complaints.text().trim().split("\n").at(-1) ?? "";
  return { event: "crashed", exitCode, message: complaint || `It was ended by ${signal ?? "itself"}.` };
}

async function readEvents(group: ProcessGroup, onProgress: OnProgress): Promise<BuilderEnd | null> {
  if (group.child.stdout === null) return null;
  let end: BuilderEnd | null = null;
  for await (const line of createInterface({ input: group.child.stdout })) {
    const event = parseEvent(line);
    if (event === null) continue;
    if (event.event === "done" || event.event === "failed") end = event;
    else onProgress(describeProgress(event));
  }
  return end;
}

function parseEvent(line: string): BuilderEnd | Parameters<typeof describeProgress>[0] | null {
  try {
    return builderEventSchema.parse(JSON.parse(line));
  } catch {
    // Something in the interpreter's start-up files prints.
    return null;
  }
}

function interrupted(): Failure {
  return new Failure("INTERRUPTED", { message: "Stopped while preparing the Python environment." });
}
