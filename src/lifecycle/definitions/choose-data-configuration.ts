import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { Failure, messageOf } from "../../kernel/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { parseCommentedJson } from "../../layouts/parse-commented-json.ts";
import type { DataConfiguration, ModelDefinition } from "../../model/definition/model-definition.ts";
import { resolveDataPaths, type ResolvedPath } from "../../model/definition/resolve-data-paths.ts";
import type { RunKind } from "../../model/run/run-record.ts";

/** The `data_conf` of a run, with relative paths made absolute. */
export interface ChosenData {
  readonly value: JsonObject;
  /** File it came from; null when the definition has none. */
  readonly path: string | null;
  readonly resolved: readonly ResolvedPath[];
  /** The local files that it names. */
  readonly files: readonly NamedFile[];
}

/** A local file that a data configuration names. */
export interface NamedFile {
  /** The key under which it stands, for example `train`; of a file in a list, that of the list. */
  readonly key: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * Chooses the data configuration: `--data` (a file, or the name of one beside the definition), else the only one
 * beside the definition, else the one named for the kind of run (`train.json`, `evaluate.json`), else none.
 * @throws Failure `DATASET_NOT_FOUND`, `DATASET_AMBIGUOUS`, `JSON_MALFORMED`, `SCHEMA_MISMATCH`.
 */
export async function chooseDataConfiguration(
  definition: ModelDefinition,
  choice: { readonly data: string | null; readonly kind: RunKind; readonly cwd: string },
): Promise<ChosenData> {
  const chosen =
    choice.data === null
      ? await defaultConfiguration(definition, choice.kind)
      : await named(definition, choice.data, choice.cwd);
  return resolveChosen(chosen, [definition.folder, definition.projectRoot]);
}

/**
 * The data configuration in a file, for what has no definition at hand; without a file an empty one.
 * @throws Failure `DATASET_NOT_FOUND`, `JSON_MALFORMED`, `SCHEMA_MISMATCH`.
 */
export async function readDataFile(data: string | null, projectRoot: string, cwd: string): Promise<ChosenData> {
  if (data === null) return resolveChosen(null, []);
  const chosen = await readConfiguration(resolve(cwd, data));
  const folder = dirname(chosen.path);
  // One that stands beside a definition names the definition's files.
  const beside = folder.endsWith("/.cli/datasets") ? [resolve(folder, "../..")] : [];
  return resolveChosen(chosen, [...beside, projectRoot]);
}

/** The data configuration that a run recorded, in which paths are absolute. */
export function recordedData(value: JsonObject): ChosenData {
  return { value, path: null, resolved: [], files: filesIn(value, "") };
}

function resolveChosen(chosen: Configuration | null, around: readonly string[]): ChosenData {
  if (chosen === null) return { value: {}, path: null, resolved: [], files: [] };
  const folders = [dirname(chosen.path), ...around];
  const { value, paths } = resolveDataPaths(chosen.value, folders, kindOf);
  return { value, path: chosen.path, resolved: paths, files: filesIn(value, "") };
}

/** The data file itself is what is given by mistake. */
const DATA_CONF_HINT =
  'A data configuration is a JSON object that names the data, for example {"train": "data/train.csv"}.';

interface Configuration {
  readonly path: string;
  readonly value: JsonObject;
}

/** One whose file is broken counts: another one in its stead would be a training on other data than was meant. */
async function defaultConfiguration(definition: ModelDefinition, kind: RunKind): Promise<Configuration | null> {
  const all = definition.dataConfigurations;
  const named = all.find((configuration) => configuration.name === kind);
  const only = named ?? (all.length === 1 ? all[0] : undefined);
  if (only !== undefined) return await soundOne(only);
  if (all.length === 0) return null;
  throw new Failure("DATASET_AMBIGUOUS", {
    message: `${definition.name} has ${all.length} data configurations: ${all.map((one) => one.name).join(", ")}.`,
    hint: `Choose one with --data <name>, or name one ${kind}.json.`,
  });
}

/** Read again, a broken file says what is wrong with it. */
async function soundOne(configuration: DataConfiguration): Promise<Configuration> {
  return configuration.isBroken ? await readConfiguration(configuration.path) : configuration;
}

async function named(definition: ModelDefinition, data: string, cwd: string): Promise<Configuration> {
  const beside = definition.dataConfigurations.find((one) => one.name === data || `${one.name}.json` === data);
  const path = resolve(cwd, data);
  if (kindOf(path) !== "file") {
    if (beside !== undefined) return await soundOne(beside);
    const names = definition.dataConfigurations.map((one) => one.name);
    throw new Failure("DATASET_NOT_FOUND", {
      message: `The data configuration ${data} is neither a file nor one of the definition's.`,
      hint:
        names.length === 0
          ? "Give the path of a JSON file that holds a data_conf."
          : `The definition has: ${names.join(", ")}.`,
    });
  }
  return readConfiguration(path);
}

async function readConfiguration(path: string): Promise<Configuration> {
  if (kindOf(path) !== "file") {
    throw new Failure("DATASET_NOT_FOUND", {
      message: `There is no data configuration ${path}.`,
      hint: "Give the path of a JSON file that holds a data_conf.",
    });
  }
  const { value, problems } = parseCommentedJson((await readText(path)).replace(/^\uFEFF/, ""));
  const [problem] = problems;
  if (problem !== undefined) {
    throw new Failure("JSON_MALFORMED", {
      message: `${path}:${problem.line}:${problem.column} is not JSON: ${problem.message}.`,
      hint: DATA_CONF_HINT,
    });
  }
  if (isJsonObject(value)) return { path, value };
  throw new Failure("SCHEMA_MISMATCH", {
    message: `${path} must hold a JSON object: the data_conf of a run.`,
    hint: DATA_CONF_HINT,
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Failure("FILE_NOT_FOUND", {
      message: `The data configuration ${path} cannot be read: ${messageOf(cause)}`,
      cause,
    });
  }
}

function filesIn(value: JsonValue, key: string): readonly NamedFile[] {
  if (typeof value === "string") return value.startsWith("/") && kindOf(value) === "file" ? [{ key, path: value }] : [];
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap((item) => filesIn(item, key));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => filesIn(item, name));
}

function kindOf(path: string): "file" | "folder" | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : null;
}
