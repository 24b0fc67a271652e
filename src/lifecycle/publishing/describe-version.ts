import type { JsonValue } from "../../kernel/json.ts";
import type { ClassicMetadata, FileEntry, Manifest, ServingSpec } from "../../model/version/manifest.ts";
import { recordEnvironment } from "../../model/version/place.ts";
import type { ManifestDraft } from "../../store/publishing/publish-request.ts";
import type { Loadable } from "../serving/loadable.ts";
import type { StartedModel } from "../serving/start-model.ts";
import { proofLevel, type Candidate, type Findings } from "./examine-candidate.ts";
import { mainArtifactPath, TEST_SET_PATH } from "./plan-version-files.ts";

/** A candidate that was asked. */
export interface ExaminedCandidate {
  readonly candidate: Candidate;
  readonly started: StartedModel;
  readonly findings: Findings;
  readonly toolVersion: string;
  readonly architecture: string;
}

/** All of the manifest that is known before the files are stored; pure. */
export function draftManifest(examined: ExaminedCandidate): ManifestDraft {
  const { candidate, started, findings, toolVersion, architecture } = examined;
  const { loadable, run, evaluation } = candidate;
  return {
    toolVersion,
    definition: candidate.definition,
    framework: candidate.framework,
    signature: loadable.signature,
    serving: servingSpec(loadable, started, findings.batchable),
    environment: recordEnvironment(started.environment, architecture),
    run: run === null ? null : { id: run.id, git: run.git, seeds: run.seeds, threads: run.threads },
    parameters: run?.parameters ?? {},
    dataDigests: run?.dataDigests ?? {},
    ...(run?.dataRows === undefined ? {} : { dataRows: run.dataRows }),
    ...(run?.dataQueries === undefined ? {} : { dataQueries: run.dataQueries }),
    modelMetrics: candidate.modelMetrics,
    proof: {
      level: proofLevel(findings),
      recorded: findings.recorded,
      metrics: findings.metrics,
      evaluation:
        evaluation === null || findings.metrics.length === 0
          ? null
          : { target: evaluation.target, positive: evaluation.positive ?? null },
      tolerance: loadable.tolerance,
    },
  };
}

function servingSpec(loadable: Loadable, started: StartedModel, batchable: boolean): ServingSpec {
  return { ...loadable.serving, ...started.engine.forms, batchable };
}

/** What makes two publications different besides their files. Numbers that vary from run to run are no difference. */
export function contentOf(draft: ManifestDraft): JsonValue {
  const { serving, signature, parameters, environment } = draft satisfies Partial<Manifest>;
  return JSON.parse(
    JSON.stringify({ serving, signature, parameters, environment: environment.lock ?? environment.digest }),
  ) as JsonValue;
}

/** The eight classic keys. */
export function classicMetadata(
  { candidate, findings }: ExaminedCandidate,
  { version, files }: { readonly version: string; readonly files: readonly FileEntry[] },
): ClassicMetadata {
  if (candidate.configuration !== undefined)
    return { ...candidate.configuration.metadata, author_email: candidate.authorEmail, version };
  return {
    model_name: candidate.loadable.name,
    model_filename: mainArtifactPath(files, candidate.mainArtifact),
    model_class: candidate.framework,
    training_set_filenames: [],
    test_set_filenames: findings.testSet === null ? [] : [TEST_SET_PATH],
    column_transformer_filename: null,
    author_email: candidate.authorEmail,
    version,
  };
}
