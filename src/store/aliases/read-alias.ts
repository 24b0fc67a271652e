import { mapConcurrently } from "../../files/map-concurrently.ts";
import type { ErrorCode } from "../../kernel/error-codes.ts";
import { Failure } from "../../kernel/failure.ts";
import { isName, parseName } from "../../model/version/model-reference.ts";
import { storeCorrupt } from "../formats/store-corrupt.ts";
import { aliasSchema, type AliasRecord } from "../formats/records.ts";
import { openRecord } from "../formats/sealed-record.ts";
import { aliasEntryKey, aliasesPrefix, aliasPrefix, numberOfAliasEntry } from "../keys.ts";
import { listAll } from "../list-all.ts";
import type { StoreContext } from "../store-context.ts";

/** One move of an alias. */
export interface AliasEntry {
  readonly alias: string;
  /** Where the alias pointed from then on; null when it was removed. */
  readonly version: string | null;
  /** ISO time. */
  readonly createdAt: string;
  readonly publisher: string;
  /** Counts the moves from 1. */
  readonly number: number;
}

/** An alias whose latest move cannot be read: where it points is not known. */
export interface DamagedAlias {
  readonly alias: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Each list in order of the names. */
export interface AliasList {
  /** Those that point somewhere. */
  readonly aliases: readonly AliasEntry[];
  readonly damaged: readonly DamagedAlias[];
}

const CONCURRENT_READS = 32;
// The head is the first key, unless somebody put a foreign file there.
const HEAD_PAGE = 8;

/** The latest move of an alias (its `version` is null when it was removed), or null when there never was one. */
export async function readAlias(context: StoreContext, model: string, alias: string): Promise<AliasEntry | null> {
  const number = await latestNumber(context, model, alias);
  return number === null ? null : await readAliasEntry(context, { model, alias, number });
}

/** The number of the latest move, whether or not its entry can be read; null when there never was one. */
export async function latestNumber(context: StoreContext, model: string, alias: string): Promise<number | null> {
  for await (const { key } of listAll(context.objects, aliasPrefix(model, alias), HEAD_PAGE)) {
    const number = numberOfAliasEntry(model, alias, key);
    if (number !== null) return number;
  }
  return null;
}

/** The aliases of a model. One damaged record does not hide the others. */
export async function readAliases(context: StoreContext, model: string): Promise<AliasList> {
  const names = (await context.objects.listFolders(aliasesPrefix(parseName(model, "model")))).filter(isName).sort();
  const damaged: DamagedAlias[] = [];
  const heads = await mapConcurrently(names, CONCURRENT_READS, async (alias) => {
    try {
      return await readAlias(context, model, alias);
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "STORE_UNAVAILABLE") throw error;
      damaged.push({ alias, code: error.code, message: error.message });
      return null;
    }
  });
  return {
    aliases: heads.filter((head) => head !== null).filter(({ version }) => version !== null),
    damaged: damaged.sort((a, b) => (a.alias < b.alias ? -1 : 1)),
  };
}

interface EntryPlace {
  readonly model: string;
  readonly alias: string;
  readonly number: number;
}

/** @throws Failure `STORE_CORRUPT`, `FORMAT_TOO_NEW`. */
export async function readAliasEntry(
  { objects }: StoreContext,
  { model, alias, number }: EntryPlace,
): Promise<AliasEntry> {
  const record = await readAliasRecord({ objects }, aliasEntryKey(model, alias, number));
  const { version, createdAt, publisher } = record;
  return { alias, version, createdAt, publisher, number };
}

/** @throws Failure `STORE_CORRUPT`, `FORMAT_TOO_NEW`. */
export async function readAliasRecord({ objects }: Pick<StoreContext, "objects">, key: string): Promise<AliasRecord> {
  const bytes = await objects.read(key);
  if (bytes === null) throw storeCorrupt(key, "it is not there");
  return openRecord(aliasSchema, bytes, key);
}
