import { Failure } from "../../kernel/failure.ts";
import { provesAtLeast, type CommitRecord } from "../../model/version/manifest.ts";
import { findLegacy } from "../reading/legacy-versions.ts";
import { listVersions } from "../reading/list-versions.ts";
import { readCommit } from "../reading/read-commit.ts";
import type { StoreContext } from "../store-context.ts";
import type { PublicationPlan } from "./plan-publication.ts";
import type { PublishedVersion } from "./publish-request.ts";

/**
 * The version that holds the same thing already, proven no less: that of the label that was asked for, else any.
 * Somebody who asks for a new label gets it, even for the same thing.
 * @throws Failure `VERSION_EXISTS`, `VERSION_ABANDONED` when the label cannot be had.
 */
export async function findPublished(context: StoreContext, plan: PublicationPlan): Promise<PublishedVersion | null> {
  const { model, label } = plan.request;
  if (label !== null) return await findLabelled(context, plan, label);
  const versions = await listVersions(context, model);
  const same = versions.find(({ commit }) => commit !== null && holds(commit, plan));
  return same === undefined || same.commit === null ? null : alreadyPublished(model, same.version, same.commit);
}

async function findLabelled(
  context: StoreContext,
  plan: PublicationPlan,
  label: string,
): Promise<PublishedVersion | null> {
  const { model } = plan.request;
  const read = await readCommit(context, model, label);
  if (read.state === "abandoned") throw versionAbandoned(model, label);
  if (read.state === "absent") {
    if ((await findLegacy(context, model, label)) === null) return null;
    throw versionExists(model, label);
  }
  if (holds(read.commit, plan)) return alreadyPublished(model, label, read.commit);
  throw versionExists(model, label, read.commit.contentDigest === plan.contentDigest ? "a weaker proof" : undefined);
}

function holds({ contentDigest, proofLevel }: CommitRecord, plan: PublicationPlan): boolean {
  return contentDigest === plan.contentDigest && provesAtLeast(proofLevel, plan.request.proofLevel);
}

function alreadyPublished(model: string, version: string, commit: CommitRecord): PublishedVersion {
  const { manifestDigest, contentDigest } = commit;
  return { model, version, manifestDigest, contentDigest, created: false, commit };
}

export function versionExists(model: string, version: string, difference = "other content"): Failure {
  return new Failure("VERSION_EXISTS", {
    message: `${model}@${version} exists already, with ${difference}.`,
    hint: "A version never changes. Choose another label, or leave it out to get a timestamp.",
    details: { model, version },
  });
}

function versionAbandoned(model: string, version: string): Failure {
  return new Failure("VERSION_ABANDONED", {
    message: `The label ${version} of ${model} belongs to a publication that was given up.`,
    hint: "Such a label is never used again. Choose another one, or leave it out to get a timestamp.",
    details: { model, version },
  });
}
