import { sha256 } from "../../kernel/digest.ts";
import { Failure } from "../../kernel/failure.ts";
import { commitSchema } from "../formats/records.ts";
import { openRecord, sealRecord } from "../formats/sealed-record.ts";
import { requireNotInterrupted } from "../interrupted.ts";
import { commitKey, MANIFEST_FILE, METADATA_FILE, versionPrefix } from "../keys.ts";
import { readCommit } from "../reading/read-commit.ts";
import { runAll } from "../run-all.ts";
import type { StoreContext } from "../store-context.ts";
import { claimLabel, labelClaimed, requireNoAlias, type ClaimedLabel } from "./claim-label.ts";
import { findPublished } from "./find-published.ts";
import { ownName, requireName } from "./own-name.ts";
import { planPublication, type PlannedFile, type PublicationPlan } from "./plan-publication.ts";
import type { PublishedVersion, PublishRequest } from "./publish-request.ts";

const CONCURRENT_WRITES = 8;

/**
 * Publishes a version: claim, files, manifest, metadata, commit, each created once and never changed. Only the commit
 * makes the version exist, so a process that is killed anywhere leaves a whole version or none.
 * A publication that fails takes back what it wrote, as long as it is sure that nothing of it can still arrive.
 */
export async function publishVersion(context: StoreContext, request: PublishRequest): Promise<PublishedVersion> {
  const plan = await planPublication(request);
  await requireName(context, request);
  const existing = await findPublished(context, plan);
  if (existing !== null) return existing;
  requireNotInterrupted(request.signal);
  await ownName(context, request);
  const claimed = await claimLabel(context, plan);
  if (claimed === null) return await loseLabel(context, plan);
  try {
    await writeVersion(context, plan, claimed);
    return await commitVersion(context, plan, claimed);
  } catch (error) {
    await claimed.journal.withdraw();
    throw error;
  }
}

/** The winner may have committed the same thing by now; else the label is not to be had. */
async function loseLabel(context: StoreContext, plan: PublicationPlan): Promise<PublishedVersion> {
  const existing = await findPublished(context, plan);
  if (existing !== null) return existing;
  throw await labelClaimed(context, plan.request.model, plan.request.label ?? "");
}

async function writeVersion(context: StoreContext, plan: PublicationPlan, claimed: ClaimedLabel): Promise<void> {
  const { model, label, signal, onProgress } = plan.request;
  const { composed } = claimed;
  // After the claim: whoever sets an alias of this name from now on sees the claim.
  if (label !== null) await requireNoAlias(context, model, label);
  const prefix = versionPrefix(model, composed.version);
  const write = async ({ entry, body }: PlannedFile) => {
    requireNotInterrupted(signal);
    const file = { key: `${prefix}${entry.path}`, body, signal };
    await writeFile(claimed, file, entry.sha256);
  };
  onProgress({
    step: "store.writing",
    message: `Storing ${model}@${composed.version}.`,
    fields: { files: plan.files.length, sizeBytes: composed.commit.sizeBytes },
  });
  await runAll(plan.files, CONCURRENT_WRITES, write);
  for (const [path, body] of [
    [MANIFEST_FILE, composed.manifest],
    // Last: older tools take it for the sign that a version is there.
    [METADATA_FILE, composed.metadata],
  ] as const) {
    requireNotInterrupted(signal);
    await writeFile(claimed, { key: `${prefix}${path}`, body, signal }, sha256(body));
  }
}

async function writeFile(
  { journal }: ClaimedLabel,
  file: { readonly key: string; readonly body: PlannedFile["body"]; readonly signal: AbortSignal },
  digest: string,
): Promise<void> {
  if (await journal.create(file)) return;
  if (await journal.holdsSame(file.key, digest)) return;
  throw new Failure("VERSION_EXISTS", {
    message: `The store already holds another file as ${file.key}, though nothing was published under that label.`,
    hint: "Choose another label, or see who writes into the store besides this tool.",
    details: { key: file.key },
  });
}

async function commitVersion(
  context: StoreContext,
  { request: { model, signal }, contentDigest }: PublicationPlan,
  { composed: { version, commit }, journal }: ClaimedLabel,
): Promise<PublishedVersion> {
  requireNotInterrupted(signal);
  const key = commitKey(model, version);
  const isOurs = (bytes: Uint8Array) => bytes.length > 0 && openRecord(commitSchema, bytes, key).nonce === commit.nonce;
  if (!(await journal.createOwn({ key, body: sealRecord({ ...commit }), isOurs }))) {
    const { state } = await readCommit(context, model, version);
    if (state === "abandoned") await journal.discard();
    // Somebody else's version stands under our label: its files may be those that we wrote.
    journal.keep();
    throw publicationLost(model, version, state);
  }
  const { manifestDigest } = commit;
  context.log("info", "store.published", { model, version, manifestDigest });
  return { model, version, manifestDigest, contentDigest, created: true, commit };
}

function publicationLost(model: string, version: string, state: string): Failure {
  if (state === "abandoned")
    return new Failure("PUBLICATION_ABANDONED", {
      message: `The collector gave up the publication of ${model}@${version} before it was finished.`,
      hint: "Publish again; let the collector wait longer if publications take long.",
      details: { model, version },
    });
  return new Failure("VERSION_EXISTS", {
    message: `${model}@${version} was published by somebody else meanwhile.`,
    hint: "Publish again under another label.",
    details: { model, version },
  });
}
