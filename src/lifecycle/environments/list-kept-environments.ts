import { listEnvironments, type KeptEnvironment } from "../../environments/kept/list-environments.ts";
import { Failure } from "../../kernel/failure.ts";
import { isDefinitionFolder, pickDefinition } from "../definitions/pick-definition.ts";
import type { Services, Work } from "../services.ts";
import { findUses, locksOf, type EnvironmentUses } from "./find-uses.ts";

/** An environment with who uses it. */
export interface UsedEnvironment extends KeptEnvironment {
  readonly uses: EnvironmentUses;
}

export interface UsedEnvironments {
  readonly environments: readonly UsedEnvironment[];
  /** Absolute folders of what was never finished, or whose interpreter is gone. */
  readonly broken: readonly string[];
}

const NO_USES: EnvironmentUses = { definitions: [], runs: [], versions: [], digests: [] };
const SHORTEST_DIGEST = 4;

/** The environments that the tool has built, the one that was used last first. */
export async function listKeptEnvironments(services: Services, work: Work): Promise<UsedEnvironments> {
  const { environments, broken } = await listEnvironments(services.folders.environments);
  const uses = await findUses(services, work);
  return { broken, environments: environments.map((one) => ({ ...one, uses: uses.get(one.lockDigest) ?? NO_USES })) };
}

/**
 * The environments of a model definition, or those whose digest or folder begins with `text`.
 * @throws Failure `ENVIRONMENT_NOT_FOUND`, and what `pickDefinition` throws.
 */
export async function findKeptEnvironments(
  services: Services,
  text: string,
  work: Work & { readonly cwd: string },
): Promise<readonly UsedEnvironment[]> {
  const { environments } = await listKeptEnvironments(services, work);
  const byDigest = environments.filter((one) => isNamed(one, text));
  if (byDigest.length > 0 && !(await isDefinitionFolder(text, work.cwd))) return byDigest;
  const definition = await pickDefinition(services, text, work.cwd);
  const locks = await locksOf(services, definition, work);
  const found = environments.filter(({ lockDigest }) => locks.includes(lockDigest));
  if (found.length > 0) return found;
  throw new Failure("ENVIRONMENT_NOT_FOUND", {
    message:
      definition.language === "python"
        ? `No environment has been built for ${definition.name} as it stands now.`
        : `${definition.name} is written in ${definition.language}, for which no environments are built.`,
    hint: `modelwright env create ${definition.storeName} prepares one; modelwright env list shows what there is.`,
  });
}

function isNamed({ name, lockDigest, uses }: UsedEnvironment, text: string): boolean {
  return (
    text.length >= SHORTEST_DIGEST && [name, lockDigest, ...uses.digests].some((digest) => digest.startsWith(text))
  );
}
