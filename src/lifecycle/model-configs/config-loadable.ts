import type { JsonObject } from "../../kernel/json.ts";
import type { InputForm } from "../../model/definition/model-definition.ts";
import type { CodeSource } from "../../model/ports/runtime.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import type { Loadable, PlacedArtifact } from "../serving/loadable.ts";

/** What is known of a model configuration before it runs. */
export interface ConfigLoadable {
  readonly name: string;
  readonly version: string;
  readonly code: CodeSource;
  readonly config: JsonObject;
  /** Null: found out with the examples. */
  readonly inputForm: InputForm | null;
  readonly artifacts: readonly PlacedArtifact[];
  readonly examples: ExampleRows;
  readonly metrics?: JsonObject | undefined;
}

/** Something to start for a model configuration; pure. */
export function configLoadable(known: ConfigLoadable): Loadable {
  const { name, version, code, config, inputForm, artifacts, examples, metrics = {} } = known;
  return {
    ...{ name, reference: name, version, digest: null, code, artifacts, metrics },
    serving: {
      ...{ language: "python", layout: "definitions", predictForm: "rows", inputForm, batchable: true, config },
      variables: { pass: [], set: {} },
      identifiers: { modelId: name, modelVersion: "pretrained", modelTable: name.replace(/[^A-Za-z0-9_]/g, "_") },
    },
    signature: null,
    requirements: [],
    lock: null,
    givenDigest: null,
    tolerance: null,
    probe: examples,
    datasetInfo: {},
    memoryLimitBytes: null,
  };
}
