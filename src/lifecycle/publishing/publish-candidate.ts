import type { ProofLevel } from "../../model/version/manifest.ts";
import type { PublishedVersion } from "../../store/model-store.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { startModel, type StartedModel } from "../serving/start-model.ts";
import { classicMetadata, contentOf, draftManifest, type ExaminedCandidate } from "./describe-version.ts";
import { examineCandidate, proofLevel, type Candidate, type Findings } from "./examine-candidate.ts";
import { copyCode } from "./copied-code.ts";
import { warnOfImports } from "./warn-of-imports.ts";
import { planVersionFiles } from "./plan-version-files.ts";

/** What is asked of every publication. */
export interface PublicationRequest {
  /** Label of the version; null: the time. */
  readonly label: string | null;
  /** Alias that the caller will point at the version: that it can is found out before anything is published. */
  readonly alias?: string | null | undefined;
  /** The author's e-mail address; null or absent: the project's, else git's. */
  readonly authorEmail?: string | null | undefined;
  readonly choice: EnvironmentChoice;
}

export interface CandidatePublication extends PublicationRequest {
  readonly candidate: Candidate;
}

export interface PublishOutcome {
  readonly published: PublishedVersion;
  readonly proof: ProofLevel;
  readonly metrics: Readonly<Record<string, number>>;
  readonly recordedRows: number;
  readonly batchable: boolean;
  readonly notes: readonly string[];
  /** What its files would import and no model should need. */
  readonly warnings: readonly string[];
}

/**
 * Starts a candidate from what its version will hold, records its answers and metrics through the serving path, and
 * publishes it.
 * @throws Failure of the environment, the model, or the store; nothing is published then.
 */
export async function publishCandidate(
  services: Services,
  request: CandidatePublication,
  work: Work,
): Promise<PublishOutcome> {
  const { candidate, alias = null } = request;
  if (alias !== null) await services.store.requireAliasName(candidate.loadable.name, alias);
  const copied = await copyCode(services, candidate.loadable, work);
  try {
    return await publishStarted(services, { ...request, candidate: { ...candidate, loadable: copied.loadable } }, work);
  } catch (error) {
    throw copied.retell(error);
  } finally {
    await copied.remove();
  }
}

async function publishStarted(
  services: Services,
  { candidate, label, choice }: CandidatePublication,
  work: Work,
): Promise<PublishOutcome> {
  const warnings = await warnOfImports(services, candidate.loadable, work);
  const started = await startModel(services, { loadable: candidate.loadable, choice }, work);
  try {
    const { stop } = started;
    const examining = () => examineCandidate(services, { candidate, started }, work);
    const findings = await untilInterrupted({ signal: work.signal, stop }, examining);
    const { toolVersion, architecture } = services;
    const examined = { candidate, started, findings, toolVersion, architecture };
    const published = await storeVersion(services, { examined, label }, work);
    const outcome = await outcomeOf(services, published, findings);
    return { ...outcome, notes: [...outcome.notes, ...unmetNotes(started.environment)], warnings };
  } finally {
    await started.stop();
  }
}

function unmetNotes({ unmet }: StartedModel["environment"]): readonly string[] {
  return unmet.length === 0 ? [] : [`unmet requirements: ${unmet.join(", ")}`];
}

async function storeVersion(
  services: Services,
  { examined, label }: { readonly examined: ExaminedCandidate; readonly label: string | null },
  work: Work,
): Promise<PublishedVersion> {
  const { candidate, findings } = examined;
  work.onProgress({ step: "publish.storing", message: `Storing ${candidate.loadable.name}` });
  const draft = draftManifest(examined);
  return services.store.publish({
    ...work,
    model: candidate.loadable.name,
    label,
    definitionId: candidate.definition?.id ?? null,
    files: [
      ...planVersionFiles({
        artifacts: candidate.loadable.artifacts,
        code: findings.staged.files,
        definition: candidate.kept,
        testSet: findings.testSet,
        reportData: findings.reportData,
      }),
      ...(candidate.configuration?.files ?? []),
    ],
    content: contentOf(draft),
    proofLevel: proofLevel(findings),
    describe: (stored) => ({
      manifest: draft,
      metrics: { ...candidate.modelMetrics, ...metricValues(findings) },
      metadata: classicMetadata(examined, stored),
    }),
  });
}

/** What the version holds; where it was published before, that may be a stronger proof than the one found now. */
async function outcomeOf(
  { store }: Services,
  published: PublishedVersion,
  findings: Findings,
): Promise<Omit<PublishOutcome, "warnings">> {
  if (published.created) {
    return {
      published,
      proof: proofLevel(findings),
      metrics: metricValues(findings),
      recordedRows: findings.recorded?.rows.length ?? 0,
      batchable: findings.batchable,
      notes: findings.notes,
    };
  }
  const { model: name, version: selector } = published;
  const { proof, serving } = await store.readManifest(await store.resolve({ name, selector }));
  return {
    published,
    proof: proof.level,
    metrics: metricValues(proof),
    recordedRows: proof.recorded?.rows.length ?? 0,
    batchable: serving.batchable,
    notes: [],
  };
}

function metricValues({ metrics }: Pick<Findings, "metrics">): Readonly<Record<string, number>> {
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
