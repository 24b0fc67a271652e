import type { JsonObject } from "../../kernel/json.ts";
import type { RequirementsFile } from "../../model/definition/model-definition.ts";
import type { Signature } from "../../model/definition/signature.ts";
import type { CodeSource } from "../../model/ports/runtime.ts";
import type { Tolerance } from "../../model/prediction/tolerance.ts";
import type { ExampleRows, ServingSpec } from "../../model/version/manifest.ts";

/** A trained file and where a model looks for it. */
export interface PlacedArtifact {
  /** Absolute path of the bytes. */
  readonly source: string;
  /** Name below `models/` and `artifacts/input/`. */
  readonly name: string;
  /** Where files of one name differ between the two folders: the one that this goes to. */
  readonly only?: "models" | "artifacts/input" | undefined;
  /** Digest that the run recorded: other bytes are neither loaded nor published. */
  readonly sha256?: string | undefined;
  /** What the file is for when it is published; `artifact` unless told. */
  readonly role?: "artifact" | "trainingSet" | "testSet" | "transformer" | undefined;
}

/** Everything that is needed to bring a scorer to life, whether it was published or still lies in its folder. */
export interface Loadable {
  /** Name in the store and in URLs. */
  readonly name: string;
  readonly reference: string;
  /** The version label; of an unpublished model the run's id. */
  readonly version: string;
  readonly digest: string | null;
  readonly serving: ServingSpec;
  readonly signature: Signature | null;
  readonly code: CodeSource;
  readonly artifacts: readonly PlacedArtifact[];
  readonly requirements: readonly RequirementsFile[];
  readonly lock: string | null;
  /** See `EnvironmentNeeds.givenDigest`. */
  readonly givenDigest: string | null;
  readonly metrics: JsonObject;
  readonly tolerance: Tolerance | null;
  /** Rows as a client sends them, to find out with how the scorer takes rows. */
  readonly probe: ExampleRows;
  /** A data configuration is not known when serving; the context's `dataset_info` is what training had. */
  readonly datasetInfo: JsonObject;
  /** Of each worker and all that it starts. */
  readonly memoryLimitBytes: number | null;
  /** Worker processes; 1 unless told. */
  readonly workerCount?: number | undefined;
}

/** How many workers a model has, and how large they may become. */
export interface WorkerOptions {
  readonly workers: number;
  /** Null: what the definition says. */
  readonly memoryLimitBytes: number | null;
}

export function withOptions(loadable: Loadable, { workers, memoryLimitBytes }: WorkerOptions): Loadable {
  return { ...loadable, workerCount: workers, memoryLimitBytes: memoryLimitBytes ?? loadable.memoryLimitBytes };
}
