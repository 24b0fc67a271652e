import { Failure } from "../../kernel/failure.ts";
import { runBuilder, type BuilderContext } from "../built/run-builder.ts";

/** A folder that was not removed, and why. */
export interface SparedFolder {
  readonly folder: string;
  /** `building`: somebody holds its lock. `running`: a process runs with its interpreter. */
  readonly reason: "building" | "running";
}

/**
 * Removes environments, but none that is being built or that a process runs in. Python does it, since Node cannot hold
 * the locks of the builders.
 * @param folders - absolute.
 * @throws Failure `STATE_UNWRITABLE`, `ENVIRONMENT_FAILED`, `INTERRUPTED`.
 */
export async function removeEnvironments(
  folders: readonly string[],
  context: BuilderContext,
): Promise<readonly SparedFolder[]> {
  const spared: SparedFolder[] = [];
  const outcome = await runBuilder(
    { action: "remove", folders },
    {
      ...context,
      onProgress: (event) => {
        const { folder, reason } = event.fields ?? {};
        if (event.step === "environment.spared" && typeof folder === "string")
          spared.push({ folder, reason: reason === "building" ? "building" : "running" });
      },
    },
  );
  if (outcome.event === "done") return spared;
  throw new Failure(
    outcome.event === "failed" && outcome.reason === "system" ? "STATE_UNWRITABLE" : "ENVIRONMENT_FAILED",
    {
      message: `The environments could not be removed: ${outcome.message}`,
      hint: "Check who owns the folder of environments, and try again.",
    },
  );
}
