import { posix } from "node:path";

import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { resolveDataPath } from "../../model/definition/resolve-data-paths.ts";
import { CODE_FOLDER, CONFIG_JSON, isBeside, MODEL_JSON } from "./definition-paths.ts";
import type { Reading } from "./reading.ts";

/** Larger files outside of `model_modules/` are data, which a version of the model does not carry along. */
const MAX_SIDE_FILE_BYTES = 50_000_000;

/** Folders beside the code that hold data, or what was tried with it. */
const DATA_FOLDER = /^(?:data|notebooks)\//;

/** A JSON object in which data files may be named, and the folders that its paths are relative to. */
export interface DataNaming {
  readonly value: JsonObject;
  /** Absolute, in the order in which they are tried. */
  readonly folders: readonly string[];
}

/**
 * Paths, relative to the code root, of the files that a version keeps as its code.
 * Data is none, unless it lies in `model_modules/` (docs/decisions/0012-data-is-no-code.md).
 */
export function listCodeFiles(reading: Reading, codeRoot: string, namings: readonly DataNaming[]): readonly string[] {
  const prefix = codeRoot === "" ? "" : `${codeRoot}/`;
  const environments = [...reading.paths]
    .filter((path) => posix.basename(path) === "pyvenv.cfg")
    .map((path) => `${posix.dirname(path)}/`);
  const data = dataFiles(reading, namings);
  const files: string[] = [];
  for (const { path, sizeBytes } of reading.snapshot.entries) {
    if (!path.startsWith(prefix)) continue;
    const file = path.slice(prefix.length);
    if (isBeside(file) || environments.some((folder) => path.startsWith(folder))) continue;
    if (file.startsWith(`${CODE_FOLDER}/`)) files.push(file);
    else if (DATA_FOLDER.test(file) || data.has(path)) continue;
    else if (sizeBytes > MAX_SIDE_FILE_BYTES) warnOfSize(reading, path, sizeBytes);
    else files.push(file);
  }
  return files.sort();
}

/** Files of the definition that a data configuration or the evaluation names, relative to the definition. */
function dataFiles({ snapshot, paths }: Reading, namings: readonly DataNaming[]): ReadonlySet<string> {
  const inside = (path: string): string => posix.relative(snapshot.root, path);
  const exists = (path: string): "file" | null => (paths.has(inside(path)) ? "file" : null);
  const found = namings.flatMap(({ value, folders }) =>
    textsIn(value).flatMap((text) => resolveDataPath(text, folders, exists) ?? []),
  );
  return new Set(found.map(inside).filter((path) => ![MODEL_JSON, CONFIG_JSON].includes(posix.basename(path))));
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function warnOfSize(reading: Reading, path: string, sizeBytes: number): void {
  reading.warn("CODE_FILE_LEFT_OUT", path, {
    message: `${path} has ${Math.round(sizeBytes / 1e6)} MB and is not kept with versions of the model.`,
    remedy: "Move data out of the definition; put a file that the scorer needs into model_modules.",
  });
}
