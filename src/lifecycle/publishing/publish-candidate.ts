import { Failure } from "../../kernel/failure.ts";
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { EvaluationSpec } from "../../model/definition/model-definition.ts";
import type { RunRecord } from "../../model/run/run-record.ts";
import type { ExampleRows, Manifest, ProofLevel, RecordedMetric, ServingSpec } from "../../model/version/manifest.ts";
import { recordEnvironment } from "../../model/version/place.ts";
import type { StagedCode } from "../../model/ports/runtime.ts";
import type { PublishedVersion } from "../../store/model-store.ts";
import type { ManifestDraft } from "../../store/publishing/publish-request.ts";
import { evaluateModel } from "../evaluation/evaluate-model.ts";
import { formatTestSet, keepRows, type LabelledRow } from "../evaluation/labelled-rows.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";
import { recordAnswers, type RecordedAnswers } from "../serving/record-answers.ts";
import { faceOf, startModel, type StartedModel } from "../serving/start-model.ts";
import { mainArtifactPath, planVersionFiles, TEST_SET_PATH, type KeptFile } from "./plan-version-files.ts";

/** Rows of the test set that stand in for examples where there are none. */
const ROWS_WITHOUT_EXAMPLES = 50;
/** How far a metric may lie off in the same place: it is computed from the same answers. */
const METRIC_TOLERANCE = 1e-9;

/** Something that could become a version: from a run of a definition, or from a file that was trained elsewhere. */
export interface Candidate {
  readonly loadable: Loadable;
  readonly definition: { readonly id: string; readonly name: string; readonly description: string | null } | null;
  readonly framework: string | null;
  readonly run: RunRecord | null;
  readonly kept: readonly KeptFile[];
  readonly mainArtifact: string | null;
  readonly evaluation: EvaluationSpec | null;
  readonly labelled: readonly LabelledRow[];
  readonly examples: ExampleRows;
  /** Metrics that the model itself wrote. */
  readonly modelMetrics: JsonObject;
  readonly authorEmail: string | null;
}

/** What is asked of every publication. */
export interface PublicationRequest {
  /** Label of the version; null: the time. */
  readonly label: string | null;
  /** Alias that the caller will point at the version: that it can is found out before anything is published. */
  readonly alias?: string | null | undefined;
  readonly choice: EnvironmentChoice;
}

export interface PublishOutcome {
  readonly published: PublishedVersion;
  readonly proof: ProofLevel;
  readonly metrics: Readonly<Record<string, number>>;
  readonly recordedRows: number;
  readonly batchable: boolean;
  readonly notes: readonly string[];
}

/** What asking the candidate gave. */
interface Findings extends RecordedAnswers {
  readonly metrics: readonly RecordedMetric[];
  readonly testSet: string | null;
  readonly staged: StagedCode;
  readonly notes: readonly string[];
}

/**
 * Starts a candidate, records its answers and metrics through the serving path, and publishes it.
 * @throws Failure of the environment, the model, or the store; nothing is published then.
 */
export async function publishCandidate(
  services: Services,
  candidate: Candidate,
  request: PublicationRequest,
  work: Work,
): Promise<PublishOutcome> {
  const { alias = null } = request;
  if (alias !== null) await services.store.requireAliasName(candidate.loadable.name, alias);
  const started = await startModel(services, candidate.loadable, request.choice, work);
  try {
    const { stop } = started;
    const examining = () => examine(services, candidate, started, work);
    const findings = await untilInterrupted({ signal: work.signal, stop }, examining);
    const published = await store(services, { candidate, started, findings, label: request.label }, work);
    return {
      published,
      proof: proofLevel(findings),
      metrics: Object.fromEntries(findings.metrics.map(({ name, value }) => [name, value])),
      recordedRows: findings.recorded?.rows.length ?? 0,
      batchable: findings.batchable,
      notes: findings.notes,
    };
  } finally {
    await started.stop();
  }
}

async function examine(services: Services, candidate: Candidate, started: StartedModel, work: Work): Promise<Findings> {
  work.onProgress({ step: "publish.recording", message: `Recording the answers of ${candidate.loadable.name}` });
  const face = faceOf(services, started, { batchable: false, proof: "none" });
  const examples =
    candidate.examples.rows.length > 0
      ? candidate.examples
      : { rows: candidate.labelled.slice(0, ROWS_WITHOUT_EXAMPLES).map(({ row }) => row) };
  const answers = await recordAnswers(face, examples, candidate.loadable.tolerance);
  const kept = keepRows(candidate.labelled, services.settings.storeTestSet);
  const { evaluation } = candidate;
  const outputs = candidate.loadable.signature?.outputs ?? [];
  const measured =
    evaluation === null || kept.length === 0 ? null : await evaluateModel(face, { rows: kept, evaluation, outputs });
  const metrics = (measured?.list ?? []).map((metric) => ({
    ...metric,
    dataSet: TEST_SET_PATH,
    tolerance: METRIC_TOLERANCE,
  }));
  return {
    ...answers,
    metrics,
    testSet: metrics.length === 0 ? null : formatTestSet(kept),
    staged: started.staged,
    notes: [...(measured?.notes ?? []), ...notesOn(answers)],
  };
}

function notesOn({ recorded, batchable }: RecordedAnswers): readonly string[] {
  const notes: string[] = [];
  if (recorded === null) {
    notes.push(
      "There were no rows to prove the version with: only digests will be checked. Add samples/rows.json or examples in signature.json, or give --examples.",
    );
  }
  if (!batchable)
    notes.push("The model answers rows together otherwise than one by one: its requests will not be batched.");
  return notes;
}

function proofLevel({ metrics, recorded }: Findings): ProofLevel {
  return metrics.length > 0 ? "metrics" : recorded === null ? "digests" : "predictions";
}

interface Storing {
  readonly candidate: Candidate;
  readonly started: StartedModel;
  readonly findings: Findings;
  readonly label: string | null;
}

async function store(services: Services, storing: Storing, work: Work): Promise<PublishedVersion> {
  const { candidate, findings, label } = storing;
  work.onProgress({ step: "publish.storing", message: `Storing ${candidate.loadable.name}` });
  const draft = manifestDraft(services, storing);
  return services.store.publish({
    ...work,
    model: candidate.loadable.name,
    label,
    definitionId: candidate.definition?.id ?? null,
    files: planVersionFiles({
      artifacts: candidate.loadable.artifacts,
      code: findings.staged.files,
      definition: candidate.kept,
      testSet: findings.testSet,
    }),
    content: contentOf(draft),
    describe: ({ version, files }) => ({
      manifest: draft,
      metrics: {
        ...candidate.modelMetrics,
        ...Object.fromEntries(findings.metrics.map(({ name, value }) => [name, value])),
      },
      metadata: {
        model_name: candidate.loadable.name,
        model_filename: mainArtifactPath(files, candidate.mainArtifact),
        model_class: candidate.framework,
        training_set_filenames: [],
        test_set_filenames: findings.testSet === null ? [] : [TEST_SET_PATH],
        column_transformer_filename: null,
        author_email: candidate.authorEmail,
        version,
      },
    }),
  });
}

function manifestDraft(services: Services, { candidate, started, findings }: Storing): ManifestDraft {
  const { loadable, run, evaluation } = candidate;
  return {
    toolVersion: services.toolVersion,
    definition: candidate.definition,
    framework: candidate.framework,
    signature: loadable.signature,
    serving: servingSpec(loadable, started, findings.batchable),
    environment: recordEnvironment(started.environment, services.architecture),
    run: run === null ? null : { id: run.id, git: run.git, seeds: run.seeds, threads: run.threads },
    parameters: run?.parameters ?? {},
    dataDigests: run?.dataDigests ?? {},
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
function contentOf(draft: ManifestDraft): JsonValue {
  const { serving, signature, parameters, environment } = draft satisfies Partial<Manifest>;
  return JSON.parse(
    JSON.stringify({ serving, signature, parameters, environment: environment.lock ?? environment.digest }),
  ) as JsonValue;
}

/** @throws Failure `CONFIG_INVALID` when the project wants addresses of other domains. */
export function requireAllowedEmail(email: string | null, domains: readonly string[]): string | null {
  if (
    domains.length === 0 ||
    (email !== null && domains.some((domain) => email.toLowerCase().endsWith(`@${domain.toLowerCase()}`)))
  )
    return email;
  throw new Failure("CONFIG_INVALID", {
    message:
      email === null
        ? "The author's e-mail address is not known."
        : `The author's e-mail address ${email} is of none of the allowed domains.`,
    hint: `The project allows ${domains.join(", ")}. Set "authorEmail" in modelwright.json or git's user.email.`,
  });
}
