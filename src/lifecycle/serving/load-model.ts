import { parseModelReference } from "../../model/version/model-reference.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { isDefinitionFolder, pickDefinition } from "../definitions/pick-definition.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { loadDefinition } from "./load-definition.ts";
import { loadVersion } from "./load-version.ts";
import { faceOf } from "./start-model.ts";

/** What a user asks to be served or asked: a reference into the store, or a definition folder. */
export interface ModelSource {
  readonly text: string;
  readonly cwd: string;
  /** What part of the requests is logged with input and output: 0 to 1. */
  readonly loggedShare: number;
  readonly choice: EnvironmentChoice;
}

/** The name under which a source will be served, known before it is loaded. */
export async function servedName(services: Services, source: ModelSource): Promise<string> {
  if (!(await isDefinitionFolder(source.text, source.cwd))) return parseModelReference(source.text).name;
  return (await pickDefinition(services, source.text, source.cwd)).storeName;
}

/**
 * Loads a published version and proves it, or a definition folder as it is.
 * @throws Failure of resolving, the environment, the model or its proof.
 */
export async function loadModel(services: Services, source: ModelSource, work: Work): Promise<LoadedModel> {
  const { text, cwd, choice, loggedShare } = source;
  if (await isDefinitionFolder(text, cwd)) {
    const definition = await pickDefinition(services, text, cwd);
    const { started, batchable } = await loadDefinition(services, definition, choice, work);
    return faceOf(services, started, { batchable, proof: "none", loggedShare });
  }
  const { started, batchable, proof } = await loadVersion(services, parseModelReference(text), choice, work);
  return faceOf(services, started, { batchable, proof, loggedShare });
}
