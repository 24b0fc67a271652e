import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { parseModelReference, type ModelReference } from "../../model/version/model-reference.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import { listDefinitions } from "../definitions/list-definitions.ts";
import { isDefinitionFolder, pickDefinition } from "../definitions/pick-definition.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { loadDefinition } from "./load-definition.ts";
import { loadVersion, type VersionRequest } from "./load-version.ts";
import { faceOf, PATIENT_TIMEOUT_MS } from "./start-model.ts";

/** What a user asks to be served or asked: a reference into the store, or a definition folder. */
export interface ModelSource {
  readonly text: string;
  readonly cwd: string;
  readonly choice: EnvironmentChoice;
}

export interface LoadRequest extends ModelSource {
  readonly options: ServingOptions;
}

/** How a model is run while it answers. */
export interface ServingOptions {
  /** Worker processes. */
  readonly workers: number;
  /** Of each worker; null: what the model's definition says, else none. */
  readonly memoryLimitBytes: number | null;
  /** Longest time from a request's arrival to its answer. */
  readonly timeoutMs: number;
  /** What part of the requests is logged with input and output: 0 to 1. */
  readonly loggedShare: number;
  /** Columns whose values are never logged. */
  readonly redact: readonly string[];
}

const SHOWN_DEFINITIONS = 5;

/** One worker, as much time as it takes, and nothing is logged. */
export const PLAIN_SERVING: ServingOptions = {
  ...{ workers: 1, memoryLimitBytes: null, timeoutMs: PATIENT_TIMEOUT_MS },
  ...{ loggedShare: 0, redact: [] },
};

/** The name under which a source will be served, known before it is loaded. */
export async function servedName(services: Services, source: ModelSource): Promise<string> {
  if (!(await isDefinitionFolder(source.text, source.cwd))) return (await readReference(services, source)).name;
  return (await pickDefinition(services, source.text, source.cwd)).storeName;
}

/**
 * Loads a published version and proves it, or a definition folder as it is.
 * @throws Failure of resolving, the environment, the model or its proof.
 */
export async function loadModel(services: Services, request: LoadRequest, work: Work): Promise<LoadedModel> {
  const { text, cwd, choice, options } = request;
  if (await isDefinitionFolder(text, cwd)) {
    const definition = await pickDefinition(services, text, cwd);
    const { started, batchable } = await loadDefinition(services, { definition, choice, options }, work);
    return faceOf(services, started, { batchable, proof: "none", ...options });
  }
  const reference = await readReference(services, request);
  return await loadReference(services, { reference, choice, options }, work);
}

/**
 * The reference that a source is, unless it is a folder that holds no definition itself.
 * @throws Failure `REFERENCE_INVALID`, saying what a folder would have to be.
 */
async function readReference(services: Services, { text, cwd }: ModelSource): Promise<ModelReference> {
  const folder = resolve(cwd, text);
  const isPath = /[/\\]|^\.\.?$/.test(text);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() === true;
  if (!isPath && !(isFolder && (await services.store.versions(text).catch(() => [])).length === 0)) {
    return parseModelReference(text);
  }
  if (!isFolder) {
    throw new Failure("REFERENCE_INVALID", {
      message: isPath ? `There is no folder ${folder}.` : `"${text}" is not a model reference.`,
      hint: "Give a definition folder (one with a model.json), or a reference: name, name@version or name@alias.",
    });
  }
  const { definitions } = await listDefinitions(services, folder);
  const found = definitions.slice(0, SHOWN_DEFINITIONS).map((one) => join(text, one.path));
  throw new Failure("REFERENCE_INVALID", {
    message: `The folder ${text} has no model.json, so it is no definition; and it is no model reference.`,
    hint:
      found.length === 0
        ? "Give a definition folder (one with a model.json), or a reference: name, name@version or name@alias."
        : `Name the definitions in it: ${found.join(" ")}${definitions.length > found.length ? " …" : ""}.`,
  });
}

/**
 * Loads a published version and proves it.
 * @throws Failure as `loadModel`.
 */
export async function loadReference(
  services: Services,
  request: VersionRequest & { readonly options: ServingOptions },
  work: Work,
): Promise<LoadedModel> {
  const { started, batchable, proof } = await loadVersion(services, request, work);
  return faceOf(services, started, { batchable, proof, ...request.options });
}
