import { commitKey, claimKey, claimsPrefix, labelOfClaim, MODELS_PREFIX, versionPrefix } from "./keys.ts";
import { isName } from "../model/version/model-reference.ts";
import { listAll } from "./list-all.ts";
import { readClaimOrNull } from "./publishing/claim-label.ts";
import { listCommitted } from "./reading/list-versions.ts";
import type { StoreContext } from "./store-context.ts";

export interface CollectRequest {
  /** Publications that were begun longer ago are given up. Longer than the longest publication: 24 hours do. */
  readonly olderThanMs: number;
  /** True: say what would be done, and do nothing. */
  readonly dryRun: boolean;
}

/** What the collector did, or would do. */
export interface CollectReport {
  /** Publications that were given up. */
  readonly abandoned: readonly { readonly model: string; readonly version: string; readonly publisher: string }[];
  /** Files of abandoned publications that were deleted. */
  readonly deletedFiles: number;
  /** Temporary files of killed processes that were removed. */
  readonly sweptTemporaries: number;
  /** Keys of claims that cannot be read, so that their age is not known. They are left alone. */
  readonly unreadable: readonly string[];
}

/**
 * Gives up publications that were begun and not finished, and deletes what they wrote. The label is first marked
 * abandoned by an empty commit, which only one can create: either the publisher has committed before, or it never will.
 */
export async function collectStore(context: StoreContext, request: CollectRequest): Promise<CollectReport> {
  const abandoned: { model: string; version: string; publisher: string }[] = [];
  const unreadable: string[] = [];
  let deletedFiles = 0;
  for (const model of (await context.objects.listFolders(MODELS_PREFIX)).filter(isName)) {
    for await (const { version, publisher } of staleClaims(context, { model, request, unreadable })) {
      if (!request.dryRun && !(await abandon(context, model, version))) continue;
      abandoned.push({ model, version, publisher });
    }
    deletedFiles += await deleteAbandonedFiles(context, model, request);
  }
  const sweptTemporaries = request.dryRun ? 0 : ((await context.objects.sweep?.(request.olderThanMs)) ?? 0);
  return { abandoned, deletedFiles, sweptTemporaries, unreadable };
}

interface ClaimSearch {
  readonly model: string;
  readonly request: CollectRequest;
  readonly unreadable: string[];
}

async function* staleClaims(
  { objects, clock, ...context }: StoreContext,
  { model, request, unreadable }: ClaimSearch,
): AsyncGenerator<{ readonly version: string; readonly publisher: string }> {
  const committed = await listCommitted({ objects, clock, ...context }, model);
  for await (const { key } of listAll(objects, claimsPrefix(model))) {
    const version = labelOfClaim(model, key);
    if (version === null || committed.has(version)) continue;
    const bytes = await objects.read(claimKey(model, version));
    if (bytes === null) continue;
    const claim = readClaimOrNull(bytes, key);
    if (claim === null) unreadable.push(key);
    else if (clock.now().getTime() - Date.parse(claim.createdAt) > request.olderThanMs)
      yield { version, publisher: claim.publisher };
  }
}

/** False when the publisher has committed after all. */
async function abandon({ objects, log }: StoreContext, model: string, version: string): Promise<boolean> {
  const isOurs = await objects.create(commitKey(model, version), new Uint8Array());
  if (isOurs) log("warn", "store.abandoned", { model, version });
  return isOurs;
}

/** Of all abandoned labels, not only of those just given up: an earlier collector may have been killed, a late write arrived. */
async function deleteAbandonedFiles(context: StoreContext, model: string, { dryRun }: CollectRequest): Promise<number> {
  const { objects } = context;
  let deleted = 0;
  for (const [version, sizeBytes] of await listCommitted(context, model)) {
    if (sizeBytes > 0) continue;
    for await (const { key } of listAll(objects, versionPrefix(model, version))) {
      if (!dryRun) await objects.delete(key);
      deleted++;
    }
  }
  return deleted;
}
