import type { ReadDefinition } from "../model/definition/model-definition.ts";

/** A definition folder as it was found, and what reading it gave. */
export interface FoundDefinition {
  /** The folder relative to the one searched, as faults name it. */
  readonly displayPath: string;
  readonly read: ReadDefinition;
}

/**
 * The same definitions in the same order; of those that share an id, every one is invalid and names the others,
 * because nothing tells which one an id means. Invalid definitions take no id away from valid ones.
 */
export function findDuplicates(found: readonly FoundDefinition[]): readonly FoundDefinition[] {
  const byId = new Map<string, string[]>();
  for (const { displayPath, read } of found) {
    if (!read.valid) continue;
    byId.set(read.definition.id, [...(byId.get(read.definition.id) ?? []), displayPath]);
  }
  return found.map((item) => {
    if (!item.read.valid) return item;
    const others = (byId.get(item.read.definition.id) ?? []).filter((path) => path !== item.displayPath);
    return others.length === 0 ? item : { ...item, read: duplicate(item.read, item.displayPath, others) };
  });
}

function duplicate(
  { definition }: Extract<ReadDefinition, { valid: true }>,
  displayPath: string,
  others: readonly string[],
): ReadDefinition {
  const { id, name, language, layout, folder } = definition;
  const where = displayPath === "" || displayPath === "." ? "model.json#/id" : `${displayPath}/model.json#/id`;
  const fault = {
    code: "DEFINITION_DUPLICATE",
    message: `The id "${id}" also belongs to ${others.join(", ")}.`,
    where,
    remedy: `Give each definition an "id" of its own in model.json.`,
  };
  return { valid: false, faults: [fault], partial: { id, name, language, layout, folder, isForeign: false } };
}
