import { readGitState } from "../../../git/read-git-state.ts";
import type { ModelDefinition } from "../../../model/definition/model-definition.ts";
import type { ActiveRun } from "../../../runs/run-store.ts";
import type { ChosenData } from "../../definitions/choose-data-configuration.ts";
import { makeWorkFolder } from "../../running/temporary-folders.ts";
import type { Services, Work } from "../../services.ts";
import { describeData } from "./describe-data.ts";
import { keepCode } from "./keep-code.ts";

/** Whose facts are gathered: the repository around `folder`, and the files that `data` names. */
export interface FactsRequest {
  readonly active: ActiveRun;
  /** Null: the repository is not asked. */
  readonly folder: string | null;
  readonly data: ChosenData;
  /** Whose code is kept with the run; absent for runs of code that is kept already. */
  readonly definition?: ModelDefinition | undefined;
  /** Sentences for the user are added to these. */
  readonly notes: string[];
}

export interface GatheringRequest<T> extends FactsRequest {
  /** Calls `gather` once the model's own code runs: until then every moment that facts take is waited for. */
  readonly body: (gather: () => void) => Promise<T>;
}

/**
 * Gathers facts while `body` runs, because they cost time that nobody should wait for, and records them at once, so
 * that a run that fails has them too. Only digests that are not done by then are given up: nobody waits for gigabytes
 * to be read only to hear that a training failed.
 */
export async function gatheringFacts<T>(
  services: Services,
  { body, ...request }: GatheringRequest<T>,
  work: Work,
): Promise<T> {
  const failed = new AbortController();
  let facts: readonly Promise<void>[] | null = null;
  const gather = (): readonly Promise<void>[] => {
    facts ??= startFacts(services, request, { ...work, failed: failed.signal });
    return facts;
  };
  try {
    const result = await body(gather);
    await Promise.all(gather());
    return result;
  } catch (error) {
    failed.abort();
    // The first error is the news; these have theirs recorded, or fail for the same reason.
    await Promise.allSettled(gather());
    throw error;
  }
}

function startFacts(
  services: Services,
  request: FactsRequest,
  work: Work & { readonly failed: AbortSignal },
): readonly Promise<void>[] {
  const { active, data } = request;
  const facts = [
    recordGit(services, request, work),
    recordCode(services, request, work),
    describeData(services, data, AbortSignal.any([work.signal, work.failed])).then((found) => active.update(found)),
  ];
  // All are awaited later; what fails earlier must not end the tool as a rejection that nobody handles.
  for (const fact of facts) fact.catch(() => undefined);
  return facts;
}

async function recordCode(services: Services, { definition, active, notes }: FactsRequest, work: Work): Promise<void> {
  if (definition === undefined) return;
  const kept = await keepCode(services, definition, work.signal);
  notes.push(...kept.notes);
  await active.update({ code: kept.code });
}

async function recordGit(services: Services, { active, folder }: FactsRequest, { signal }: Work): Promise<void> {
  if (folder === null) return;
  const { processVariables: variables, log } = services;
  const temporary = await makeWorkFolder(services);
  try {
    const git = await readGitState(folder, { variables, temporaryFolder: temporary.path, log, signal });
    await active.update({ git });
  } finally {
    await temporary.remove();
  }
}
