import { Failure } from "../../kernel/failure.ts";
import { parseName } from "../../model/version/model-reference.ts";
import type { StoreContext } from "../store-context.ts";
import { readAliasHistory, type AliasHistoryEntry } from "./alias-history.ts";
import { addEntry, type AliasMove } from "./move-alias.ts";
import { noAlias } from "./no-alias.ts";

export interface Rollback {
  readonly model: string;
  readonly alias: string;
  /** Null: the version before the present one. */
  readonly to: string | null;
}

/**
 * Points an alias to where it pointed before by a new entry; nothing is taken out of its history. Rolling back twice
 * therefore comes back to where one began.
 * @throws Failure `NAME_INVALID`; `MODEL_NOT_FOUND`; `VERSION_NOT_FOUND` when there is nothing to go back to; `STORE_CORRUPT` when that is
 * damaged; `ALIAS_MOVED` when the alias was moved meanwhile, for then "before" means something else.
 */
export async function rollbackAlias(context: StoreContext, request: Rollback): Promise<AliasMove> {
  const { model, alias } = request;
  const history = await readAliasHistory(context, parseName(model, "model"), parseName(alias, "alias"));
  const [head] = history;
  if (head === undefined) throw await noAlias(context, model, alias);
  const target = requireTarget(request, history);
  const previous = head.version;
  const { version } = target;
  if (version === previous) return { model, alias, version, previous, changed: false };
  if (!(await addEntry(context, { model, alias, version }, head.number + 1))) throw movedMeanwhile(request);
  context.log("info", "alias.moved", { model, alias, version, previous });
  return { model, alias, version, previous, changed: true };
}

/** The entry to go back to. @throws Failure when there is none, or its version cannot be served any more. */
function requireTarget(request: Rollback, history: readonly AliasHistoryEntry[]): AliasHistoryEntry {
  const { model, alias, to } = request;
  const present = history[0]?.version ?? null;
  const earlier = history.filter(({ version }) => version !== null && version !== present);
  const target = to === null ? earlier[0] : history.find(({ version }) => version === parseName(to, "version"));
  if (target === undefined) throw to === null ? nothingBefore(request, present) : neverThere(request, to);
  if (target.state === "present") return target;
  const intact = earlier.find(({ state }) => state === "present");
  throw new Failure(target.state === "missing" ? "VERSION_NOT_FOUND" : "STORE_CORRUPT", {
    message: `${model}@${alias} cannot go back to ${target.version ?? ""}: ${target.fault ?? ""}`,
    hint:
      intact?.version == null
        ? `None of the versions that it pointed to is whole; modelwright versions ${model} shows others.`
        : `Name an earlier one: modelwright alias rollback ${model} ${alias} --to ${intact.version}.`,
    details: { model, alias, version: target.version },
  });
}

function nothingBefore({ model, alias }: Rollback, present: string | null): Failure {
  return new Failure("VERSION_NOT_FOUND", {
    message: `${model}@${alias} never pointed to another version than ${present ?? "none"}.`,
    hint: `modelwright alias set ${model}@<version> ${alias} points it to any version.`,
    details: { model, alias },
  });
}

function neverThere({ model, alias }: Rollback, to: string): Failure {
  return new Failure("VERSION_NOT_FOUND", {
    message: `${model}@${alias} never pointed to ${to}, so it cannot go back there.`,
    hint: `modelwright alias history ${model} ${alias} shows where it pointed; alias set points it to any version.`,
    details: { model, alias, version: to },
  });
}

function movedMeanwhile({ model, alias }: Rollback): Failure {
  return new Failure("ALIAS_MOVED", {
    message: `${model}@${alias} was moved by somebody else just now; it was left as it is.`,
    hint: `Look with modelwright alias history ${model} ${alias}, and decide anew.`,
    details: { model, alias },
  });
}
