import { lockDigestOf, lockDigestsFor, readKeptLocks } from "../../environments/kept/find-lock-digests.ts";
import { mapConcurrently } from "../../files/map-concurrently.ts";
import { messageOf } from "../../kernel/failure.ts";
import type { ModelDefinition } from "../../model/definition/model-definition.ts";
import { listDefinitions } from "../definitions/list-definitions.ts";
import { probeContext } from "../running/prepare-environment.ts";
import type { Services, Work } from "../services.ts";

/** Who uses the environments of a lock. */
export interface EnvironmentUses {
  /** Names of definitions of this project. */
  readonly definitions: readonly string[];
  /** Ids of runs. */
  readonly runs: readonly string[];
  /** `name@version`. */
  readonly versions: readonly string[];
  /** Digests of the environments, as runs and versions record them. */
  readonly digests: readonly string[];
}

const NO_USES: EnvironmentUses = { definitions: [], runs: [], versions: [], digests: [] };
const CONCURRENT_READS = 16;

/** Everything that uses an environment of the tool's own, by the digest of its lock. */
export async function findUses(services: Services, work: Work): Promise<ReadonlyMap<string, EnvironmentUses>> {
  const uses = new Map<string, EnvironmentUses>();
  const add = (lockDigest: string | null, use: Partial<EnvironmentUses>): void => {
    if (lockDigest === null) return;
    const known = uses.get(lockDigest) ?? NO_USES;
    const both = (key: keyof EnvironmentUses) => [...new Set([...known[key], ...(use[key] ?? [])])];
    uses.set(lockDigest, {
      definitions: both("definitions"),
      runs: both("runs"),
      versions: both("versions"),
      digests: both("digests"),
    });
  };
  for (const { read } of (await listDefinitions(services, null)).definitions) {
    if (!read.valid) continue;
    for (const digest of await locksOf(services, read.definition, work))
      add(digest, { definitions: [read.definition.name] });
  }
  for (const { id, environment } of await services.runs.list())
    if (environment !== null) add(digestOf(environment.lock), { runs: [id], digests: [environment.digest] });
  for (const { reference, lock, digest } of await versionLocks(services))
    add(digestOf(lock), { versions: [reference], digests: [digest] });
  return uses;
}

/** Digests of the locks that a definition's environments are made from; none where it was never prepared. */
export async function locksOf(services: Services, definition: ModelDefinition, work: Work): Promise<readonly string[]> {
  if (definition.language !== "python") return [];
  const locks = await readKeptLocks(services.folders.environments);
  const resolving = { variables: probeContext(services, work).variables, wheels: services.settings.wheels };
  const { train, predict } = definition.requirements;
  const found = await Promise.all([train, predict].map((files) => lockDigestsFor(files, locks, resolving)));
  return [...new Set(found.flat())];
}

function digestOf(lock: string | null): string | null {
  return lock === null ? null : lockDigestOf(lock);
}

async function versionLocks(services: Services) {
  const models = await services.store.models();
  const listed = await Promise.all(models.map((model) => services.store.versions(model)));
  const usable = listed.flat().filter(({ legacy, fault }) => !legacy && fault === null);
  const found = await mapConcurrently(usable, CONCURRENT_READS, async ({ model, version }) => {
    const reference = `${model}@${version}`;
    try {
      const resolved = await services.store.resolve({ name: model, selector: version });
      const { environment } = await services.store.readManifest(resolved);
      return { reference, lock: environment.lock, digest: environment.digest };
    } catch (error) {
      // A damaged version cannot be served, and hides no environment of another one.
      services.log("warn", "environment.versionUnreadable", { version: reference, reason: messageOf(error) });
      return null;
    }
  });
  return found.filter((one) => one !== null);
}
