import type { ReadDefinition } from "../model/definition/model-definition.ts";

/** A definition folder as it was found, and what reading it gave. */
export interface FoundDefinition {
  /** The folder relative to the one searched, as faults name it. */
  readonly displayPath: string;
  readonly read: ReadDefinition;
}

type ValidDefinition = Extract<ReadDefinition, { valid: true }>;

/**
 * The same definitions in the same order; of those that share an id, every one is invalid and names the others,
 * because nothing tells which one an id means. Those that share a store name can be used: each is warned that the store
 * gives the name to the one that is published first. Invalid definitions take nothing away from valid ones.
 */
export function findDuplicates(found: readonly FoundDefinition[]): readonly FoundDefinition[] {
  const byId = groupBy(found, ({ definition }) => definition.id);
  const byName = groupBy(found, ({ definition }) => definition.storeName);
  return found.map((item) => {
    const { read, displayPath } = item;
    if (!read.valid) return item;
    const others = (group: readonly string[] = []) => group.filter((path) => path !== displayPath);
    const twins = others(byId.get(read.definition.id));
    if (twins.length > 0) return { ...item, read: duplicate(read, displayPath, twins) };
    const namesakes = others(byName.get(read.definition.storeName));
    return namesakes.length === 0 ? item : { ...item, read: withNamesakes(read, displayPath, namesakes) };
  });
}

/** Paths of the valid definitions, by what `keyOf` says of them. */
function groupBy(
  found: readonly FoundDefinition[],
  keyOf: (read: ValidDefinition) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { displayPath, read } of found) {
    if (read.valid) groups.set(keyOf(read), [...(groups.get(keyOf(read)) ?? []), displayPath]);
  }
  return groups;
}

function withNamesakes(read: ValidDefinition, displayPath: string, others: readonly string[]): ReadDefinition {
  const { storeName } = read.definition;
  const warning = {
    code: "MODEL_NAME_TAKEN",
    message: `In the store this model is called "${storeName}", and so ${others.length === 1 ? "is" : "are"} ${others.join(", ")}: the name is given to the one that is published first.`,
    where: whereIs(displayPath, "name"),
    remedy: 'Give each definition a "name" of its own in model.json, or publish with --name.',
  };
  return { ...read, warnings: [...read.warnings, warning] };
}

function whereIs(displayPath: string, field: string): string {
  return `${displayPath === "" || displayPath === "." ? "" : `${displayPath}/`}model.json#/${field}`;
}

function duplicate({ definition }: ValidDefinition, displayPath: string, others: readonly string[]): ReadDefinition {
  const { id, name, language, layout, folder } = definition;
  const fault = {
    code: "DEFINITION_DUPLICATE",
    message: `The id "${id}" also belongs to ${others.join(", ")}.`,
    where: whereIs(displayPath, "id"),
    remedy: `Give each definition an "id" of its own in model.json.`,
  };
  return { valid: false, faults: [fault], partial: { id, name, language, layout, folder, isForeign: false } };
}
