import { isJsonObject, type JsonObject } from "../../kernel/json.ts";
import type { InputForm } from "../../model/definition/model-definition.ts";
import type { CodeSource } from "../../model/ports/runtime.ts";
import type { ExampleRows } from "../../model/version/manifest.ts";
import type { Trust } from "../../model/version/trust.ts";
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

/**
 * What may be started of a version that nobody vouches for; pure. Its manifest may be anybody's, and variables (`PYTHONPATH`,
 * `LD_PRELOAD`), packages and another language would run code before the worker can refuse a pickle: the tool's own
 * code runs with none of them, in an interpreter as it is.
 * @param own - the code of the tool, laid out as a Python scorer.
 */
export function untrustedLoadable(
  whole: Loadable,
  own: { readonly code: CodeSource; readonly trust: Trust },
): Loadable {
  const { name, version, reference, digest, metrics, signature, tolerance, probe, artifacts, serving } = whole;
  const { inputForm, batchable, identifiers } = serving;
  const config = withTrust(serving.config, own.trust);
  const plain = configLoadable({
    name,
    version,
    code: own.code,
    config,
    inputForm,
    artifacts,
    examples: probe,
    metrics,
  });
  return {
    ...{ ...plain, reference, digest, signature, tolerance, memoryLimitBytes: whole.memoryLimitBytes },
    serving: { ...plain.serving, batchable, identifiers },
  };
}

/** The configuration of the tool's scorer with what pickles may import. */
export function withTrust({ modelConfig }: JsonObject, trust: Trust): JsonObject {
  return { modelConfig: { ...(isJsonObject(modelConfig) ? modelConfig : {}), trust } };
}
