import { Failure } from "../../kernel/failure.ts";
import type { CommitRecord } from "../../model/version/manifest.ts";
import { formatModelReference, parseName, type ModelReference } from "../../model/version/model-reference.ts";
import { readAlias } from "../aliases/read-alias.ts";
import { versionPrefix } from "../keys.ts";
import type { StoreContext } from "../store-context.ts";
import { findLegacy } from "./legacy-versions.ts";
import { listVersions, type VersionSummary } from "./list-versions.ts";
import { readCommit } from "./read-commit.ts";
import { modelNotFound } from "./require-model.ts";

interface Located {
  readonly model: string;
  readonly version: string;
  /** Prefix of the keys of the version's files, with a slash at the end. */
  readonly prefix: string;
}

/** A version that was published through the protocol: every byte of it can be checked. */
export interface CommittedVersion extends Located {
  readonly legacy: false;
  readonly manifestDigest: string;
  readonly contentDigest: string;
  readonly commit: CommitRecord;
}

/** A version of an older tool: it has `metadata.json` and nothing that vouches for its files. */
export interface LegacyVersion extends Located {
  readonly legacy: true;
  readonly manifestDigest: null;
  readonly contentDigest: null;
  readonly commit: null;
}

export type ResolvedVersion = CommittedVersion | LegacyVersion;

/**
 * The version that a reference means: a label, else an alias, else (without selector) the newest version.
 * @throws Failure `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `STORE_CORRUPT`, `FORMAT_TOO_NEW`, `NAME_INVALID`.
 */
export async function resolveVersion(context: StoreContext, reference: ModelReference): Promise<ResolvedVersion> {
  const model = parseName(reference.name, "model");
  if (reference.selector === null) return await resolveNewest(context, model);
  const selector = parseName(reference.selector, "version");
  const labelled = await resolveLabel(context, model, selector);
  if (labelled !== null) return labelled;
  const alias = await readAlias(context, model, selector);
  const target = alias?.version ?? null;
  const aliased = target === null ? null : await resolveLabel(context, model, target);
  if (aliased !== null) return aliased;
  throw await notFound(context, reference);
}

/** The version with this label, or null when there is none or its publication was abandoned. */
export async function resolveLabel(
  context: StoreContext,
  model: string,
  version: string,
): Promise<ResolvedVersion | null> {
  const read = await readCommit(context, model, version);
  if (read.state === "abandoned") return null;
  if (read.state === "committed") return committedVersion(model, version, read.commit);
  const prefix = await findLegacy(context, model, version);
  if (prefix === null) return null;
  return { model, version, prefix, legacy: true, manifestDigest: null, contentDigest: null, commit: null };
}

function committedVersion(model: string, version: string, commit: CommitRecord): CommittedVersion {
  const { manifestDigest, contentDigest } = commit;
  const prefix = versionPrefix(model, version);
  return { model, version, prefix, legacy: false, manifestDigest, contentDigest, commit };
}

async function resolveNewest(context: StoreContext, model: string): Promise<ResolvedVersion> {
  const versions = await listVersions(context, model);
  for (const { fault } of versions) if (fault !== null) throw newestUnknown(model, fault);
  const newest = versions[0];
  const resolved = newest === undefined ? null : await resolveLabel(context, model, newest.version);
  if (resolved === null) throw await notFound(context, { name: model, selector: null });
  return resolved;
}

/** A record that cannot be read may be the newest one: serving an older version in silence would be worse than stopping. */
function newestUnknown(model: string, fault: NonNullable<VersionSummary["fault"]>): Failure {
  return new Failure(fault.code, {
    message: `${fault.message} So it is not known which version of ${model} is the newest.`,
    hint: `Name a version or an alias, for example ${model}@champion, or restore the file from a copy of the store.`,
    details: { model },
  });
}

async function notFound(context: StoreContext, reference: ModelReference): Promise<Failure> {
  const { location } = context.objects;
  const versions = await listVersions(context, reference.name);
  if (versions.length > 0) {
    const newest = versions.slice(0, 5).map(({ version }) => version);
    return new Failure("VERSION_NOT_FOUND", {
      message: `The model ${reference.name} in the store at ${location} has no version or alias ${JSON.stringify(reference.selector)}.`,
      hint: `Its newest versions are ${newest.join(", ")}; modelwright versions ${reference.name} shows all.`,
      details: { reference: formatModelReference(reference), newest },
    });
  }
  return await modelNotFound(context, reference);
}
