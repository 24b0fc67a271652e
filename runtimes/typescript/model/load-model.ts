import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import type { JsonObject } from "../../../src/kernel/json.ts";
import { PROTOCOL, type JobSpec, type WorkerSpec } from "../../../src/model/ports/job.ts";
import { readBundleTrailer } from "../../../src/runtimes/typescript/bundle-trailer.ts";
import type { ModelContext } from "../model-types.ts";

/** The model's entry file lacks what the tool has to call. Its name is the `type` that users see. */
class MissingExport extends Error {
  override readonly name = "MissingExport";
}

/** What the tool calls. The parameters are the contract's concern: a model written in JavaScript has no types. */
export type JobFunction = (dataConf: JsonObject, modelConf: JsonObject, context: ModelContext) => unknown;
export type ScorerClass = new (config: JsonObject, context: ModelContext) => unknown;

/** Reads `job.json` or `worker.json`. Both are written by the tool, so only the protocol number is checked. */
export async function readSpec<T extends JobSpec | WorkerSpec>(file: string | undefined): Promise<T> {
  if (file === undefined) throw new Error("The path of the job or worker file is missing.");
  const spec = JSON.parse(await readFile(file, "utf8")) as T;
  // A tool of another version may have written the file.
  if ((spec.protocol as number) !== PROTOCOL)
    throw new Error(`${file} has protocol ${spec.protocol}; this runtime speaks ${PROTOCOL}.`);
  return spec;
}

/**
 * Imports the bundle and takes one function or class from it.
 * @throws whatever the model's code throws while it is imported, and MissingExport.
 */
export async function loadExport(bundle: string, name: "train" | "evaluate"): Promise<JobFunction>;
export async function loadExport(bundle: string, name: "ModelScorer"): Promise<ScorerClass>;
export async function loadExport(bundle: string, name: string): Promise<unknown> {
  const module = (await import(pathToFileURL(bundle).href)) as Record<string, unknown>;
  // A CommonJS entry file (`exports.train = …`) comes out of the bundler as a default export.
  const found = module[name] ?? fieldOf(module["default"], name);
  if (typeof found === "function") return found;
  const entry = readBundleTrailer(await readFile(bundle, "utf8"))?.entry ?? bundle;
  const what = name === "ModelScorer" ? "class ModelScorer" : `function ${name}`;
  throw new MissingExport(
    found === undefined ? `${entry} does not export a ${what}.` : `${entry} exports ${name}, but not as a ${what}.`,
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
