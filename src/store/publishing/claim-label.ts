import { Failure } from "../../kernel/failure.ts";
import { nextVersionLabel } from "../../model/version/version-label.ts";
import { readAlias } from "../aliases/read-alias.ts";
import { claimSchema, type ClaimRecord } from "../formats/records.ts";
import { openRecord, sealRecord } from "../formats/sealed-record.ts";
import { aliasesPrefix, claimKey, claimsPrefix, labelOfClaim } from "../keys.ts";
import { listAll } from "../list-all.ts";
import { legacyCandidates } from "../reading/legacy-versions.ts";
import { listCommitted } from "../reading/list-versions.ts";
import type { StoreContext } from "../store-context.ts";
import { composeVersion, type ComposedVersion } from "./compose-version.ts";
import type { PublicationPlan } from "./plan-publication.ts";
import { publicationJournal, type PublicationJournal } from "./publication-journal.ts";

/** A label that is ours, with what will be stored under it. */
export interface ClaimedLabel {
  readonly composed: ComposedVersion;
  readonly journal: PublicationJournal;
}

/**
 * Claims the label that was asked for, or the first timestamp that nobody has.
 * @returns null when the label that was asked for is claimed by somebody else.
 */
export async function claimLabel(context: StoreContext, plan: PublicationPlan): Promise<ClaimedLabel | null> {
  const { model, label } = plan.request;
  if (label !== null) return await tryClaim(context, plan, label);
  const taken = await takenLabels(context, model);
  for (;;) {
    const next = nextVersionLabel(context.clock.now(), (candidate) => taken.has(candidate));
    const claimed = await tryClaim(context, plan, next);
    if (claimed !== null) return claimed;
    taken.add(next);
  }
}

async function tryClaim(context: StoreContext, plan: PublicationPlan, version: string): Promise<ClaimedLabel | null> {
  const { clock, newNonce, publisher } = context;
  const nonce = newNonce();
  const createdAt = clock.now().toISOString();
  const composed = composeVersion(plan, { version, createdAt, nonce });
  const key = claimKey(plan.request.model, version);
  const journal = publicationJournal(context, key);
  const claim: ClaimRecord = { publisher, nonce, manifestDigest: composed.commit.manifestDigest, createdAt };
  const isOurs = (bytes: Uint8Array) => readClaimOrNull(bytes, key)?.nonce === nonce;
  return (await journal.createOwn({ key, body: sealRecord({ ...claim }), isOurs })) ? { composed, journal } : null;
}

async function takenLabels(context: StoreContext, model: string): Promise<Set<string>> {
  const taken = new Set<string>();
  for await (const { key } of listAll(context.objects, claimsPrefix(model))) {
    const label = labelOfClaim(model, key);
    if (label !== null) taken.add(label);
  }
  // Abandoned labels whose claim is gone stand here only.
  for (const label of (await listCommitted(context, model)).keys()) taken.add(label);
  for (const label of await legacyCandidates(context, model)) taken.add(label);
  for (const alias of await context.objects.listFolders(aliasesPrefix(model))) taken.add(alias);
  return taken;
}

/** @throws Failure `ALIAS_EXISTS` when the label is the name of an alias. */
export async function requireNoAlias(context: StoreContext, model: string, label: string): Promise<void> {
  const alias = await readAlias(context, model, label);
  if (alias === null || alias.version === null) return;
  throw new Failure("ALIAS_EXISTS", {
    message: `${label} is an alias of ${model}, so no version can be labelled so.`,
    hint: "Choose another label, or remove the alias.",
    details: { model, label },
  });
}

/** The failure to throw when somebody else has claimed a label and has not committed it. */
export async function labelClaimed({ objects }: StoreContext, model: string, version: string): Promise<Failure> {
  const key = claimKey(model, version);
  const bytes = await objects.read(key);
  const claim = bytes === null ? null : readClaimOrNull(bytes, key);
  const by = claim === null ? "another publication" : `${claim.publisher} at ${claim.createdAt}`;
  return new Failure("VERSION_CLAIMED", {
    message: `The label ${version} of ${model} was claimed by ${by}, which has not finished.`,
    hint: "Wait for it, or choose another label. If it was killed, the label stays taken.",
    details: { model, version, publisher: claim?.publisher ?? null, claimedAt: claim?.createdAt ?? null },
  });
}

/** A claim that cannot be read is somebody else's all the same. */
export function readClaimOrNull(bytes: Uint8Array, key: string): ClaimRecord | null {
  try {
    return openRecord(claimSchema, bytes, key);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
