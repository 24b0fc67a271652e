import { isName } from "../../model/version/model-reference.ts";
import { claimKey, METADATA_FILE, MODELS_PREFIX, RESERVED_FOLDERS, versionsPrefix } from "../keys.ts";
import type { StoreContext } from "../store-context.ts";

/**
 * Where versions of older tools lie: below `versions/`, beside it, or in a store whose root holds the models.
 * A legacy version is a folder with `metadata.json` whose label has neither claim nor commit.
 */
function legacyPlaces(model: string): readonly string[] {
  return [versionsPrefix(model), `${MODELS_PREFIX}${model}/`, `${model}/`];
}

/** Prefix of the folder of a legacy version, or null. The caller knows that the label has no commit. */
export async function findLegacy({ objects }: StoreContext, model: string, version: string): Promise<string | null> {
  // The claim is looked at first: a publisher that withdraws removes its files before its claim.
  if ((await objects.read(claimKey(model, version))) !== null) return null;
  for (const place of legacyPlaces(model)) {
    const prefix = `${place}${version}/`;
    if (isLegacyLabel(place, model, version) && (await objects.read(`${prefix}${METADATA_FILE}`)) !== null)
      return prefix;
  }
  return null;
}

/** Labels under which a legacy version may lie: folders that `findLegacy` has yet to look into. */
export async function legacyCandidates({ objects }: StoreContext, model: string): Promise<ReadonlySet<string>> {
  const labels = new Set<string>();
  for (const place of legacyPlaces(model)) {
    for (const label of await objects.listFolders(place)) if (isLegacyLabel(place, model, label)) labels.add(label);
  }
  return labels;
}

function isLegacyLabel(place: string, model: string, label: string): boolean {
  if (place === `${MODELS_PREFIX}${model}/` && RESERVED_FOLDERS.includes(label)) return false;
  // The root's own `models/` holds models, not versions of a model of that name.
  return place !== MODELS_PREFIX && isName(label);
}

/** Names of models that may have versions: `hasVersion` has yet to look. */
export async function modelCandidates({ objects }: StoreContext): Promise<readonly string[]> {
  const names = [...(await objects.listFolders(MODELS_PREFIX)), ...(await objects.listFolders(""))];
  return [...new Set(names)].filter((name) => isName(name) && `${name}/` !== MODELS_PREFIX).sort();
}
