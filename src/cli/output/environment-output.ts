import type { EnvironmentUses } from "../../lifecycle/environments/find-uses.ts";
import type { UsedEnvironment } from "../../lifecycle/environments/list-kept-environments.ts";

/** One environment as `env list` and `env show` print it with `--json`. */
export function environmentJson(environment: UsedEnvironment) {
  const { name, folder, python, interpreterVersion, packages, lockDigest, lastUsedAt, uses } = environment;
  return {
    ...{ name, folder, python, interpreter: interpreterVersion, packages, lockDigest },
    lastUsedAt: lastUsedAt.toISOString(),
    usedBy: { definitions: uses.definitions, runs: uses.runs, versions: uses.versions },
    digests: uses.digests,
  };
}

/** `churn, 3 runs, 1 version`; `nothing` where nothing uses it. */
export function usesText({ definitions, runs, versions }: EnvironmentUses): string {
  const counted = (count: number, noun: string) => (count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`]);
  const parts = [...definitions, ...counted(runs.length, "run"), ...counted(versions.length, "version")];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
