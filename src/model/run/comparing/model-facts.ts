import type { JsonObject } from "../../../kernel/json.ts";
import type { Signature } from "../../definition/signature.ts";
import type { Manifest } from "../../version/manifest.ts";
import type { DataQuery } from "../find-queries.ts";
import type { RowsRecord, RunRecord } from "../run-record.ts";

/** What is known about how a model came to be, whether it is a run or a published version. Null: it is not known. */
export interface ModelFacts {
  /** As sentences name it. */
  readonly label: string;
  /** Digest of the definition; a version does not have it. */
  readonly definitionDigest: string | null;
  /** Code files: path below the code root → digest. */
  readonly codeFiles: ReadonlyMap<string, string> | null;
  /** Code files that are not kept as the model had them, and of which `codeFiles` therefore says nothing. */
  readonly notKept: readonly string[];
  readonly commit: string | null;
  readonly parameters: JsonObject;
  readonly dataDigests: Readonly<Record<string, string>>;
  readonly dataRows: Readonly<Record<string, RowsRecord>>;
  readonly dataQueries: readonly DataQuery[] | null;
  readonly environment: {
    readonly digest: string;
    readonly interpreter: string;
    readonly packages: readonly string[];
  } | null;
  readonly seeds: JsonObject | null;
  readonly machine: JsonObject;
  readonly metrics: JsonObject;
  readonly signature: Signature | null | undefined;
  /** Name → digest. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** What has to be read besides a record: code files and signature. */
export interface ReadCode {
  readonly codeFiles: ModelFacts["codeFiles"];
  readonly notKept: ModelFacts["notKept"];
  /** Undefined: it is not known. */
  readonly signature: ModelFacts["signature"];
}

/** The facts of a run. */
export function factsOfRun(run: RunRecord, read: ReadCode): ModelFacts {
  return {
    label: `run ${run.id}`,
    definitionDigest: run.definition.digest,
    commit: run.code?.commit ?? run.git?.commit ?? null,
    parameters: run.parameters,
    dataDigests: run.dataDigests,
    dataRows: run.dataRows ?? {},
    dataQueries: run.dataQueries ?? null,
    environment: run.environment,
    seeds: run.seeds,
    machine: withThreads(run.machine, run.threads),
    metrics: { ...run.metrics, ...run.platformMetrics },
    artifacts: new Map(run.artifacts.map(({ folder, name, sha256 }) => [`${folder}/${name}`, sha256])),
    ...read,
  };
}

/** The facts of a version. */
export function factsOfVersion(manifest: Manifest, codeFiles: ModelFacts["codeFiles"]): ModelFacts {
  const { environment, proof, run, serving } = manifest;
  return {
    label: `${manifest.model}@${manifest.version}`,
    definitionDigest: null,
    codeFiles,
    notKept: [],
    commit: run?.git?.commit ?? null,
    // Without a run (a model that was trained elsewhere) there are none; `config.json` is served with in any case.
    parameters: run === null ? serving.config : manifest.parameters,
    dataDigests: manifest.dataDigests,
    dataRows: manifest.dataRows ?? {},
    dataQueries: manifest.dataQueries ?? null,
    environment,
    seeds: run?.seeds ?? null,
    machine: withThreads({ architecture: environment.architecture }, run?.threads ?? {}),
    metrics: { ...manifest.modelMetrics, ...Object.fromEntries(proof.metrics.map(({ name, value }) => [name, value])) },
    signature: manifest.signature,
    artifacts: new Map(
      manifest.files.flatMap(({ role, target, sha256, only }) =>
        role === "artifact" && target !== null ? [[`${artifactFolder(only)}/${target}`, sha256] as const] : [],
      ),
    ),
  };
}

/** Where a run had the artifact; which of the two it was is only told where it matters. */
function artifactFolder(only: "models" | "artifacts/input" | undefined): string {
  return only === "artifacts/input" ? "artifacts/output" : "models";
}

/** Older records, and those of other languages, do not tell the threads. */
function withThreads(machine: JsonObject, threads: JsonObject): JsonObject {
  return Object.keys(threads).length === 0 ? machine : { ...machine, threads };
}
