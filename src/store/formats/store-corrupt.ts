import { Failure } from "../../kernel/failure.ts";

/** @param key - of the damaged object. @param reason - a clause, for example "its digest is another". */
export function storeCorrupt(key: string, reason: string, cause?: unknown): Failure {
  const remedy = key.includes("/aliases/") ? "set the alias again" : "publish the model again";
  return new Failure("STORE_CORRUPT", {
    message: `The stored file ${key} is damaged: ${reason}.`,
    hint: `Restore the file from a copy of the store, or ${remedy}; other versions are not affected.`,
    details: { key },
    cause,
  });
}
