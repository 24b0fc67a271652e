import { findInterpreter } from "../../environments/interpreter/find-interpreter.ts";
import { removeEnvironments } from "../../environments/kept/remove-environments.ts";
import { probeContext } from "../running/prepare-environment.ts";
import type { Services, Work } from "../services.ts";
import type { UsedEnvironment, UsedEnvironments } from "./list-kept-environments.ts";

const DAY_MS = 24 * 3_600_000;

/** What is to be removed, and why. */
export interface Removal {
  /** Absolute. */
  readonly folder: string;
  readonly reason: "unused" | "old" | "broken";
  /** Null for what is broken. */
  readonly environment: UsedEnvironment | null;
}

/** What was not removed after all. */
export interface Spared extends Removal {
  readonly because: "building" | "running";
}

export interface PruneRules {
  readonly now: Date;
  /** Environments that were not used for so many days go even where something names them; null: however long. */
  readonly olderThanDays: number | null;
}

/** Decides what goes: what nothing names, what was not used for long, and what is broken. */
export function planPruning({ environments, broken }: UsedEnvironments, rules: PruneRules): readonly Removal[] {
  const reasonOf = (one: UsedEnvironment): Removal["reason"] | null => {
    const { definitions, runs, versions } = one.uses;
    if (definitions.length + runs.length + versions.length === 0) return "unused";
    const ageMs = rules.now.getTime() - one.lastUsedAt.getTime();
    return rules.olderThanDays !== null && ageMs > rules.olderThanDays * DAY_MS ? "old" : null;
  };
  const removals = environments.flatMap((environment): readonly Removal[] => {
    const reason = reasonOf(environment);
    return reason === null ? [] : [{ folder: environment.folder, reason, environment }];
  });
  return [...removals, ...broken.map((folder) => ({ folder, reason: "broken" as const, environment: null }))];
}

/**
 * Removes what was planned, but nothing that is being built or that a process runs in. Locks and logs stay.
 * @returns what was spared.
 * @throws Failure `INTERPRETER_NOT_FOUND`, `STATE_UNWRITABLE`, `ENVIRONMENT_FAILED`, `INTERRUPTED`.
 */
export async function carryOutPruning(
  services: Services,
  removals: readonly Removal[],
  work: Work,
): Promise<readonly Spared[]> {
  if (removals.length === 0) return [];
  const context = { ...probeContext(services, work), onProgress: work.onProgress };
  const interpreter = await findInterpreter({ ...context, interpreter: services.settings.python });
  const folders = removals.map(({ folder }) => folder);
  const spared = await removeEnvironments(folders, { ...context, interpreter });
  return removals.flatMap((removal) => {
    const found = spared.find(({ folder }) => folder === removal.folder);
    return found === undefined ? [] : [{ ...removal, because: found.reason }];
  });
}
