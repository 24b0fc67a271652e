import { mapConcurrently } from "../../files/map-concurrently.ts";
import { Failure } from "../../kernel/failure.ts";
import { parseName } from "../../model/version/model-reference.ts";
import { aliasPrefix, numberOfAliasEntry } from "../keys.ts";
import { listAll } from "../list-all.ts";
import { readManifest } from "../reading/read-version.ts";
import { resolveLabel } from "../reading/resolve-version.ts";
import type { StoreContext } from "../store-context.ts";
import { readAliasEntry } from "./read-alias.ts";

/** What became of the version that a move of an alias pointed to; `unreadable`: the move's own record is damaged. */
export type AliasTargetState = "present" | "missing" | "damaged" | "removed" | "unreadable";

/** One move of an alias as its history tells it, whether or not everything of it can still be read. */
export interface AliasHistoryEntry {
  readonly alias: string;
  /** Counts the moves from 1. */
  readonly number: number;
  /** Where the alias pointed from then on; null when it was removed, or when the record cannot be read. */
  readonly version: string | null;
  /** ISO time; null when the record cannot be read. */
  readonly createdAt: string | null;
  /** Null when the record cannot be read. */
  readonly publisher: string | null;
  /** `removed`: the alias pointed nowhere from then on. */
  readonly state: AliasTargetState;
  /** What is wrong, for people; null when nothing is. */
  readonly fault: string | null;
}

const CONCURRENT_READS = 32;

interface Target {
  readonly state: "present" | "missing" | "damaged";
  readonly fault: string | null;
}

/**
 * All moves of an alias, the latest first. A damaged record or a version that is gone is told as such, so that one fault
 * never hides the rest.
 */
export async function readAliasHistory(
  context: StoreContext,
  model: string,
  alias: string,
): Promise<readonly AliasHistoryEntry[]> {
  const numbers = await listMoves(context, parseName(model, "model"), parseName(alias, "alias"));
  const targets = new Map<string, Promise<Target>>();
  const targetOf = (version: string): Promise<Target> => {
    const known = targets.get(version) ?? examineTarget(context, model, version);
    targets.set(version, known);
    return known;
  };
  return await mapConcurrently(numbers, CONCURRENT_READS, async (number) => {
    try {
      const entry = await readAliasEntry(context, { model, alias, number });
      if (entry.version === null) return { ...entry, state: "removed" as const, fault: null };
      return { ...entry, ...(await targetOf(entry.version)) };
    } catch (error) {
      const fault = faultOf(error);
      return { alias, number, version: null, createdAt: null, publisher: null, state: "unreadable" as const, fault };
    }
  });
}

async function listMoves(context: StoreContext, model: string, alias: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  for await (const { key } of listAll(context.objects, aliasPrefix(model, alias))) {
    const number = numberOfAliasEntry(model, alias, key);
    if (number !== null) numbers.push(number);
  }
  return numbers;
}

/** Whether a version can be resolved and has its manifest. Its other files are checked when it is fetched. */
async function examineTarget(context: StoreContext, model: string, version: string): Promise<Target> {
  try {
    const resolved = await resolveLabel(context, model, version);
    if (resolved === null) return { state: "missing", fault: `${model}@${version} is not in the store any more.` };
    if (!resolved.legacy) await readManifest(context, resolved);
    return { state: "present", fault: null };
  } catch (error) {
    return { state: "damaged", fault: faultOf(error) };
  }
}

/** @throws whatever is no fault of what is stored: a store that cannot be reached says nothing about a version. */
function faultOf(error: unknown): string {
  if (error instanceof Failure && error.code !== "STORE_UNAVAILABLE") return error.message;
  throw error;
}
