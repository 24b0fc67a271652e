import { mapConcurrently } from "../../files/map-concurrently.ts";
import type { ErrorCode } from "../../kernel/error-codes.ts";
import { Failure } from "../../kernel/failure.ts";
import type { CommitRecord } from "../../model/version/manifest.ts";
import { parseName } from "../../model/version/model-reference.ts";
import { newestFirst, type DatedVersion } from "../../model/version/version-label.ts";
import { commitsPrefix, labelOfCommit } from "../keys.ts";
import { listAll } from "../list-all.ts";
import type { StoreContext } from "../store-context.ts";
import { findLegacy, legacyCandidates, modelCandidates } from "./legacy-versions.ts";
import { readCommit } from "./read-commit.ts";

/** One line of `versions`. */
export interface VersionSummary {
  readonly model: string;
  readonly version: string;
  /** ISO time; null where no commit tells it. */
  readonly createdAt: string | null;
  /** True for a version of an older tool: unvalidated, for nothing vouches for its files. */
  readonly legacy: boolean;
  readonly commit: CommitRecord | null;
  /** Why the version cannot be used, when its commit cannot be read. */
  readonly fault: { readonly code: ErrorCode; readonly message: string } | null;
}

// Enough to hide the latency of a bucket, few enough for a laptop's limit of open files.
const CONCURRENT_READS = 32;
// The first commit mostly tells that a model has a version.
const FIRST_PAGE = 16;

/**
 * The versions of a model, newest first; those of older tools, which have no time, last. Which versions exist is known
 * from the listing alone; the small commit records are read for what there is to show.
 */
export async function listVersions(context: StoreContext, model: string): Promise<readonly VersionSummary[]> {
  const listed = await listCommitted(context, parseName(model, "model"));
  const labels = [...listed].filter(([, sizeBytes]) => sizeBytes > 0).map(([label]) => label);
  const committed = await mapConcurrently(labels, CONCURRENT_READS, (label) => summarise(context, model, label));
  const legacy = await listLegacy(context, model, listed);
  return [...committed, ...legacy].sort((a, b) => newestFirst(timed(a), timed(b)));
}

/** Labels under `commits/` with the size of the record: 0 is the mark of an abandoned publication. */
export async function listCommitted(context: StoreContext, model: string): Promise<ReadonlyMap<string, number>> {
  const labels = new Map<string, number>();
  for await (const [label, sizeBytes] of committedLabels(context, model)) labels.set(label, sizeBytes);
  return labels;
}

async function* committedLabels(
  { objects }: StoreContext,
  model: string,
  page?: number,
): AsyncGenerator<readonly [label: string, sizeBytes: number]> {
  for await (const { key, sizeBytes } of listAll(objects, commitsPrefix(model), page)) {
    const label = labelOfCommit(model, key);
    if (label !== null) yield [label, sizeBytes];
  }
}

/** Names of the models that have a version, in order. */
export async function listModels(context: StoreContext): Promise<readonly string[]> {
  const names = await modelCandidates(context);
  const found = await mapConcurrently(names, CONCURRENT_READS, async (name) => {
    return (await hasVersion(context, name)) ? [name] : [];
  });
  return found.flat();
}

/** Whether a model has a version, readable or not. */
export async function hasVersion(context: StoreContext, model: string): Promise<boolean> {
  const abandoned = new Map<string, number>();
  for await (const [label, sizeBytes] of committedLabels(context, model, FIRST_PAGE)) {
    if (sizeBytes > 0) return true;
    abandoned.set(label, sizeBytes);
  }
  return (await listLegacy(context, model, abandoned)).length > 0;
}

async function summarise(context: StoreContext, model: string, version: string): Promise<VersionSummary> {
  try {
    const read = await readCommit(context, model, version);
    const commit = read.state === "committed" ? read.commit : null;
    return { model, version, createdAt: commit?.createdAt ?? null, legacy: false, commit, fault: null };
  } catch (error) {
    // One damaged record must not hide the other versions.
    if (!(error instanceof Failure) || error.code === "STORE_UNAVAILABLE") throw error;
    const fault = { code: error.code, message: error.message };
    return { model, version, createdAt: null, legacy: false, commit: null, fault };
  }
}

async function listLegacy(
  context: StoreContext,
  model: string,
  committed: ReadonlyMap<string, number>,
): Promise<readonly VersionSummary[]> {
  const labels = [...(await legacyCandidates(context, model))].filter((label) => !committed.has(label));
  const found = await mapConcurrently(labels, CONCURRENT_READS, async (version) => {
    if ((await findLegacy(context, model, version)) === null) return [];
    return [{ model, version, createdAt: null, legacy: true, commit: null, fault: null }];
  });
  return found.flat();
}

function timed({ createdAt, version }: VersionSummary): DatedVersion {
  return { createdAt: createdAt ?? "", version };
}
