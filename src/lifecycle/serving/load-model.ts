import { parseModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { isDefinitionFolder, pickDefinition } from "../definitions/pick-definition.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { loadDefinition } from "./load-definition.ts";
import { loadVersion, type VersionRun } from "./load-version.ts";
import { faceOf } from "./start-model.ts";

/** What a user asks to be served or asked: a reference into the store, or a definition folder. */
export interface ModelSource {
  readonly text: string;
  readonly cwd: string;
  readonly choice: EnvironmentChoice;
}

/** How a model is run while it answers. */
export interface ServingOptions {
  /** Worker processes. */
  readonly workers: number;
  /** Of each worker; null: what the model's definition says, else none. */
  readonly memoryLimitBytes: number | null;
  /** What part of the requests is logged with input and output: 0 to 1. */
  readonly loggedShare: number;
  /** Columns whose values are never logged. */
  readonly redact: readonly string[];
}

/** One worker, and nothing is logged. */
export const PLAIN_SERVING: ServingOptions = { workers: 1, memoryLimitBytes: null, loggedShare: 0, redact: [] };

/** The name under which a source will be served, known before it is loaded. */
export async function servedName(services: Services, source: ModelSource): Promise<string> {
  if (!(await isDefinitionFolder(source.text, source.cwd))) return parseModelReference(source.text).name;
  return (await pickDefinition(services, source.text, source.cwd)).storeName;
}

/**
 * Loads a published version and proves it, or a definition folder as it is.
 * @throws Failure of resolving, the environment, the model or its proof.
 */
export async function loadModel(
  services: Services,
  source: ModelSource,
  options: ServingOptions,
  work: Work,
): Promise<LoadedModel> {
  const { text, cwd, choice } = source;
  const run = { choice, options };
  if (await isDefinitionFolder(text, cwd)) {
    const definition = await pickDefinition(services, text, cwd);
    const { started, batchable } = await loadDefinition(services, definition, run, work);
    return faceOf(services, started, { batchable, proof: "none", ...options });
  }
  return await loadReference(services, parseModelReference(text), run, work);
}

/**
 * Loads a published version and proves it.
 * @throws Failure as `loadModel`.
 */
export async function loadReference(
  services: Services,
  reference: ModelReference,
  run: VersionRun & { readonly options: ServingOptions },
  work: Work,
): Promise<LoadedModel> {
  const { started, batchable, proof } = await loadVersion(services, reference, run, work);
  return faceOf(services, started, { batchable, proof, ...run.options });
}
