import { Failure } from "../../kernel/failure.ts";
import { parseName } from "../../model/version/model-reference.ts";
import { sealRecord } from "../formats/sealed-record.ts";
import { aliasEntryKey, claimKey } from "../keys.ts";
import { readManifest } from "../reading/read-version.ts";
import { resolveLabel, resolveVersion } from "../reading/resolve-version.ts";
import type { StoreContext } from "../store-context.ts";
import { noAlias } from "./no-alias.ts";
import { latestNumber, readAliasEntry, readAliasRecord, type AliasEntry } from "./read-alias.ts";

/** What moving an alias did. */
export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  /** Null when the alias was removed. */
  readonly version: string | null;
  /** Where it pointed before; null when nowhere. */
  readonly previous: string | null;
  /** False when it pointed there already, and nothing was written. */
  readonly changed: boolean;
}

export interface Move {
  readonly model: string;
  readonly alias: string;
  readonly version: string | null;
}

/**
 * Points an alias to a version. Of two moves at once, both happen, one after the other.
 * @throws Failure `NAME_INVALID`, `MODEL_NOT_FOUND`, `VERSION_NOT_FOUND`; `VERSION_EXISTS` when a version has the name;
 * `STORE_CORRUPT` when the version's manifest is damaged: nobody could serve what the alias would point to.
 */
export async function setAlias(
  context: StoreContext,
  request: Move & { readonly version: string },
): Promise<AliasMove> {
  const { model, alias, version } = request;
  parseName(model, "model");
  parseName(alias, "alias");
  parseName(version, "version");
  // An alias of an alias would move with it: only labels are pointed to.
  const target = await resolveLabel(context, model, version);
  if (target === null) await refuseTarget(context, model, version);
  else if (!target.legacy) await readManifest(context, target);
  await requireAliasName(context, model, alias);
  return await move(context, request);
}

/**
 * Removes an alias; its history stays.
 * @throws Failure `NAME_INVALID`, `VERSION_NOT_FOUND` when there is none, `MODEL_NOT_FOUND`.
 */
export async function removeAlias(context: StoreContext, model: string, alias: string): Promise<AliasMove> {
  parseName(model, "model");
  parseName(alias, "alias");
  const moved = await move(context, { model, alias, version: null });
  if (moved.changed) return moved;
  throw await noAlias(context, model, alias);
}

async function refuseTarget(context: StoreContext, model: string, version: string): Promise<never> {
  const { version: label } = await resolveVersion(context, { name: model, selector: version });
  throw new Failure("VERSION_NOT_FOUND", {
    message: `${version} is itself an alias of ${model}, and an alias points to a version.`,
    hint: `Name the version that it stands for: ${label}.`,
    details: { model, version },
  });
}

/**
 * Sees to it that a model may have an alias of this name.
 * @throws Failure `NAME_INVALID`; `VERSION_EXISTS` when a version has the name.
 */
export async function requireAliasName(context: StoreContext, model: string, alias: string): Promise<void> {
  parseName(model, "model");
  parseName(alias, "alias");
  const isTaken =
    (await resolveLabel(context, model, alias)) !== null ||
    (await context.objects.read(claimKey(model, alias))) !== null;
  if (!isTaken) return;
  throw new Failure("VERSION_EXISTS", {
    message: `The model ${model} has a version labelled ${alias}, so no alias can have that name.`,
    hint: "Choose another name for the alias.",
    details: { model, alias },
  });
}

/** Adds an entry after the latest one. Who loses the race for a number looks again and takes the next. */
async function move(context: StoreContext, request: Move): Promise<AliasMove> {
  const { model, alias } = request;
  for (;;) {
    const latest = await latestNumber(context, model, alias);
    const head = latest === null ? NOWHERE : await readHead(context, { model, alias, number: latest });
    const previous = head?.version ?? null;
    if (head !== null && previous === request.version) return { ...request, previous, changed: false };
    if (await addEntry(context, request, (latest ?? 0) + 1)) {
      context.log("info", "alias.moved", { ...request, previous });
      return { ...request, previous, changed: true };
    }
  }
}

const NOWHERE = { version: null };

/** Null when the entry is damaged: then it is not known where the alias points, and setting it anew mends it. */
async function readHead(
  context: StoreContext,
  place: Parameters<typeof readAliasEntry>[1],
): Promise<Pick<AliasEntry, "version"> | null> {
  try {
    return await readAliasEntry(context, place);
  } catch (error) {
    if (error instanceof Failure && error.code === "STORE_CORRUPT") return null;
    throw error;
  }
}

/** False when somebody else took the number. */
export async function addEntry(context: StoreContext, request: Move, number: number): Promise<boolean> {
  const { objects, clock, publisher } = context;
  const key = aliasEntryKey(request.model, request.alias, number);
  const nonce = context.newNonce();
  const createdAt = clock.now().toISOString();
  if (await objects.create(key, sealRecord({ version: request.version, createdAt, publisher, nonce }))) return true;
  // It may be ours all the same: a request whose reply was lost, sent again by the store's client.
  return (await readAliasRecord(context, key)).nonce === nonce;
}
