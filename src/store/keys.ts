import { isName } from "../model/version/model-reference.ts";

export const MODELS_PREFIX = "models/";
/** Folders of a model that are the protocol's own. */
export const RESERVED_FOLDERS = ["claims", "commits", "versions", "aliases"];
export const MANIFEST_FILE = "manifest.json";
export const METADATA_FILE = "metadata.json";

const COMMIT_SUFFIX = ".json";
const LAST_ALIAS_NUMBER = 9_999_999_999;
const ALIAS_ENTRY = /^(\d{10})\.json$/;

const modelPrefix = (model: string) => `${MODELS_PREFIX}${model}/`;

export const ownerKey = (model: string) => `${modelPrefix(model)}owner.json`;
export const claimsPrefix = (model: string) => `${modelPrefix(model)}claims/`;
export const claimKey = (model: string, version: string) => `${claimsPrefix(model)}${version}`;
export const commitsPrefix = (model: string) => `${modelPrefix(model)}commits/`;
export const commitKey = (model: string, version: string) => `${commitsPrefix(model)}${version}${COMMIT_SUFFIX}`;
export const versionsPrefix = (model: string) => `${modelPrefix(model)}versions/`;
export const versionPrefix = (model: string, version: string) => `${versionsPrefix(model)}${version}/`;
export const aliasesPrefix = (model: string) => `${modelPrefix(model)}aliases/`;
export const aliasPrefix = (model: string, alias: string) => `${aliasesPrefix(model)}${alias}/`;

/** The label in the key of a claim, or null for what is none. */
export function labelOfClaim(model: string, key: string): string | null {
  const label = key.slice(claimsPrefix(model).length);
  return isName(label) ? label : null;
}

/** The label in the key of a commit, or null for what is none. */
export function labelOfCommit(model: string, key: string): string | null {
  if (!key.endsWith(COMMIT_SUFFIX)) return null;
  const label = key.slice(commitsPrefix(model).length, -COMMIT_SUFFIX.length);
  return isName(label) ? label : null;
}

/** Numbers count down in the key, so that the newest entry is the first one listed. */
export function aliasEntryKey(model: string, alias: string, number: number): string {
  return `${aliasPrefix(model, alias)}${String(LAST_ALIAS_NUMBER - number).padStart(10, "0")}.json`;
}

/** The number in the key of an alias entry, or null for what is none. */
export function numberOfAliasEntry(model: string, alias: string, key: string): number | null {
  const digits = ALIAS_ENTRY.exec(key.slice(aliasPrefix(model, alias).length))?.[1];
  return digits === undefined ? null : LAST_ALIAS_NUMBER - Number(digits);
}
