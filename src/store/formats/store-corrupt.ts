import { Failure } from "../../kernel/failure.ts";

/** @param key - of the damaged object. @param reason - a clause, for example "its digest is another". */
export function storeCorrupt(key: string, reason: string, cause?: unknown): Failure {
  return new Failure("STORE_CORRUPT", {
    message: `The stored file ${key} is damaged: ${reason}.`,
    hint: `Restore the file from a copy of the store, or ${otherRemedy(key)}; other versions are not affected.`,
    details: { key },
    cause,
  });
}

function otherRemedy(key: string): string {
  if (key.includes("/aliases/")) return "set the alias again";
  // It only keeps the name from being taken by another definition.
  if (/^models\/[^/]+\/owner\.json$/.test(key)) return "delete it and publish the definition that the name belongs to";
  return "publish the model again";
}
