import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";

import type { JsonObject } from "../../kernel/json.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import type { Services } from "../services.ts";
import type { Loadable, PlacedArtifact } from "../serving/loadable.ts";

/** What is known of a model configuration before it runs. */
export interface ConfigLoadable {
  readonly name: string;
  readonly version: string;
  readonly config: JsonObject;
  readonly artifacts: readonly PlacedArtifact[];
  readonly examples: ExampleRows;
}

/**
 * Something to start for a model configuration: its scorer is the part of the Python package that opens the files.
 * @param folder - absolute, of a work folder: the scorer is copied there, since its package must be `model_modules`.
 */
export async function configLoadable(
  { folders }: Services,
  folder: string,
  { name, version, config, artifacts, examples }: ConfigLoadable,
): Promise<Loadable> {
  const codeRoot = join(folder, "code");
  const names = (await readdir(folders.modelFiles)).filter((file) => file.endsWith(".py")).sort();
  for (const file of names) await cp(join(folders.modelFiles, file), join(codeRoot, "model_modules", file));
  return {
    ...{ name, reference: name, version, digest: null },
    serving: {
      ...{ language: "python", layout: "definitions", predictForm: "rows", inputForm: null, batchable: true, config },
      variables: { pass: [], set: {} },
      identifiers: { modelId: name, modelVersion: "pretrained", modelTable: name.replace(/[^A-Za-z0-9_]/g, "_") },
    },
    signature: null,
    code: {
      ...{ codeRoot, projectRoot: codeRoot, definitionFolder: codeRoot },
      codeFiles: names.map((file) => `model_modules/${file}`),
    },
    artifacts,
    requirements: [],
    lock: null,
    givenDigest: null,
    metrics: {},
    tolerance: null,
    probe: examples,
    datasetInfo: {},
    memoryLimitBytes: null,
  };
}
