import { dirname, relative, resolve } from "node:path";

import { isJsonObject, type JsonObject } from "../kernel/json.ts";
import { parseMemorySize } from "../model/definition/memory-size.ts";
import type { ModelJson } from "../model/definition/model-json-schema.ts";
import type { DataConfiguration, ModelDefinition, ReadDefinition } from "../model/definition/model-definition.ts";
import type { FolderSnapshot } from "../model/ports/folder-snapshot.ts";
import type { Tolerance } from "../model/prediction/tolerance.ts";
import { storeName } from "../model/version/model-reference.ts";
import { findCodeRoot } from "./definitions/find-code-root.ts";
import { hasOwnCode } from "./definitions/has-own-code.ts";
import { listCodeFiles, type DataNaming } from "./definitions/list-code-files.ts";
import { readConfig } from "./definitions/read-config.ts";
import { readDataConfigurations } from "./definitions/read-data-configurations.ts";
import { isForeignFile, readModelJson, type ReadModelJson } from "./definitions/read-model-json.ts";
import { readRequirements } from "./definitions/requirements/read-requirements.ts";
import { readSamples } from "./definitions/read-samples.ts";
import { readSignature } from "./definitions/read-signature.ts";
import { Reading } from "./definitions/reading.ts";

export { wantsText } from "./definitions/definition-paths.ts";

/** What surrounds a definition folder. */
export interface DefinitionSurroundings {
  /** Absolute. */
  readonly projectRoot: string;
  /** The folder relative to the one searched, as faults name it. */
  readonly displayPath: string;
  /** Fields of `model.json` that the project says for all definitions. */
  readonly defaults?: { readonly tolerance?: Tolerance | undefined; readonly owner?: string | undefined } | undefined;
}

/**
 * Reads a model definition of the layout `definitions` (CONTRACTS §1) from a snapshot of its folder: the definition,
 * or every fault at once. The snapshot must hold the texts of all files that `wantsText` wants. All that is waited for
 * are the parsers of rare files, which are loaded when such a file is there.
 */
export async function readDefinition(
  snapshot: FolderSnapshot,
  surroundings: DefinitionSurroundings,
): Promise<ReadDefinition> {
  const reading = new Reading(snapshot, surroundings.displayPath);
  const modelJson = readModelJson(reading);
  const parts = await readParts(reading, modelJson);
  const { fields, language } = modelJson;
  if (reading.faults.length > 0 || fields === null || language === null || parts === null)
    return invalid(reading, modelJson);
  const definition: ModelDefinition = {
    ...parts,
    ...identify(fields, modelJson),
    ...describeServing(fields),
    owner: fields.owner ?? surroundings.defaults?.owner ?? null,
    tolerance: toleranceOf(fields.tolerance) ?? surroundings.defaults?.tolerance ?? null,
    language,
    layout: "definitions",
    folder: snapshot.root,
    projectRoot: surroundings.projectRoot,
    memoryLimitBytes: memoryLimit(fields.resources?.training),
    servingMemoryLimitBytes: memoryLimit(fields.resources?.serving),
    raw: modelJson.raw,
  };
  return { valid: true, definition, faults: [], warnings: [...reading.warnings, ...reading.sideFaults] };
}

type Parts = Pick<
  ModelDefinition,
  "codeRoot" | "config" | "requirements" | "dataConfigurations" | "samples" | "signature" | "codeFiles"
>;

/** Everything beside `model.json`, read also when that is broken, so that all faults come at once. */
async function readParts(reading: Reading, { raw, language }: ReadModelJson): Promise<Parts | null> {
  // Of a folder that is no definition at all, nothing more can be said.
  if (!reading.paths.has("model.json")) return null;
  const signature = readSignature(reading, raw["signature"]);
  const dataConfigurations = readDataConfigurations(reading);
  const samples = readSamples(reading, signature !== null);
  const codeRoot = findCodeRoot(reading, language);
  if (codeRoot === null) return null;
  const config = readConfig(reading, codeRoot);
  return {
    codeRoot: resolve(reading.snapshot.root, codeRoot),
    config: config ?? {},
    requirements: language === null ? { train: [], predict: [] } : await readRequirements(reading, codeRoot, language),
    dataConfigurations,
    samples,
    signature,
    codeFiles: listCodeFiles(reading, codeRoot, dataNamings(reading, raw["evaluation"], dataConfigurations)),
  };
}

/**
 * Where the definition names data files, each with the folders that runs look for them in. Whatever stands between quotation
 * marks in a broken data configuration may name one: data must not become code because a bracket is missing.
 */
function dataNamings(
  { snapshot: { root, texts } }: Reading,
  evaluation: JsonObject[string] | undefined,
  configurations: readonly DataConfiguration[],
): readonly DataNaming[] {
  return [
    ...configurations.map(({ path, value, isBroken }) => ({
      value: isBroken ? { quoted: quotedIn(texts.get(relative(root, path)) ?? "") } : value,
      folders: [dirname(path), root],
    })),
    { value: isJsonObject(evaluation) ? { data: evaluation["data"] ?? null } : {}, folders: [root] },
  ];
}

function quotedIn(text: string): readonly string[] {
  return [...text.matchAll(/"([^"\n]*)"/g)].map(([, quoted = ""]) => quoted);
}

function identify(
  fields: ModelJson,
  { id, name }: ReadModelJson,
): Pick<ModelDefinition, "id" | "name" | "storeName" | "description" | "framework"> {
  return {
    id: id ?? name,
    name,
    storeName: storeName(name),
    description: fields.description ?? null,
    framework: fields.framework ?? null,
  };
}

function describeServing(
  fields: ModelJson,
): Pick<ModelDefinition, "evaluation" | "variables" | "predictForm" | "inputForm" | "mainArtifact"> {
  const set = Object.entries(fields.env?.set ?? {}).map(([name, value]) => [name, String(value)] as const);
  return {
    evaluation: fields.evaluation ?? null,
    variables: { pass: fields.env?.pass ?? [], set: Object.fromEntries(set) },
    predictForm: fields.predict ?? null,
    inputForm: fields.input ?? null,
    mainArtifact: fields.model ?? null,
  };
}

function toleranceOf(field: ModelJson["tolerance"]): Tolerance | null {
  if (field === undefined || field === null) return null;
  if (typeof field === "number") return { relative: field, absolute: 0, labels: 0 };
  return { relative: field.relative, absolute: field.absolute ?? 0, labels: field.labels ?? 0 };
}

type Limited = { readonly limits?: { readonly memory?: string | number | null | undefined } | null | undefined };

function memoryLimit(resources: Limited | null | undefined): number | null {
  const memory = resources?.limits?.memory ?? null;
  return memory === null ? null : parseMemorySize(memory);
}

function invalid(reading: Reading, modelJson: ReadModelJson): ReadDefinition {
  const { id, name, languageText, language, raw } = modelJson;
  const isForeign = isForeignFile(raw) && !hasOwnCode(reading);
  return {
    valid: false,
    faults: [...reading.faults, ...reading.sideFaults],
    partial: {
      ...{ id, name, isForeign, language: language ?? languageText },
      ...{ layout: "definitions", folder: reading.snapshot.root },
    },
  };
}
