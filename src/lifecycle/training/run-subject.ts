import type { JsonObject } from "../../kernel/json.ts";
import type {
  Language,
  ModelDefinition,
  RequirementsFile,
  VariablesSpec,
} from "../../model/definition/model-definition.ts";
import { codeOf, type CodeSource } from "../../model/ports/runtime.ts";
import type { RunKind, RunRecord } from "../../model/run/run-record.ts";
import type { RunIdentifiers } from "../../model/version/manifest.ts";

/** What a job runs: the code of a definition as it stands, or that of a published version. */
export interface RunSubject {
  /** Store name. */
  readonly model: string;
  /** As the run record keeps it. */
  readonly definition: RunRecord["definition"];
  readonly language: Language;
  readonly config: JsonObject;
  readonly variables: VariablesSpec;
  readonly projectRoot: string;
  readonly code: CodeSource;
  readonly requirements: readonly RequirementsFile[];
  /** Hash-pinned lines of a published version. */
  readonly lock: string | null;
  /** See `EnvironmentNeeds.givenDigest`. */
  readonly givenDigest?: string | null | undefined;
}

/** A definition as the subject of a run. */
export function subjectOf(definition: ModelDefinition, kind: RunKind, digest: string): RunSubject {
  const { id, name, language, folder, storeName, config, variables, projectRoot, requirements } = definition;
  return {
    model: storeName,
    definition: { id, name, language, folder, digest },
    language,
    config,
    variables,
    projectRoot,
    code: codeOf(definition),
    requirements: kind === "train" ? requirements.train : requirements.predict,
    lock: null,
  };
}

/** What old code is told about itself. The version label exists only at publish, so these derive from the run. */
export function runIdentifiers(
  subject: { readonly model: string; readonly definitionId: string },
  runId: string,
): RunIdentifiers {
  const table = `${subject.model}_${runId}`.replace(/[^A-Za-z0-9_]/g, "_");
  return { modelId: subject.definitionId, modelVersion: runId, modelTable: table };
}
