import { Failure } from "../../kernel/failure.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";

/**
 * A project file with one of its profiles laid over it. Objects are merged field by field; everything else, lists too,
 * is replaced.
 * @param file - after it has been found valid, every profile included.
 * @throws Failure `CONFIG_INVALID` listing the profiles that there are.
 */
export function applyProfile(file: JsonObject, name: string, path: string): JsonObject {
  const { profiles = {}, ...rest } = file;
  const profile = isJsonObject(profiles) && Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (isJsonObject(profile ?? null)) return merge(rest, profile as JsonObject);
  const names = Object.keys(profiles as JsonObject);
  throw new Failure("CONFIG_INVALID", {
    message: `${path} has no profile "${name}".`,
    hint:
      names.length === 0
        ? 'It has none; a profile is named under "profiles", for example {"profiles": {"production": {"server": {"host": "0.0.0.0"}}}}.'
        : `It has ${names.join(", ")}.`,
    details: { profile: name, profiles: names },
  });
}

function merge(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = before !== undefined && isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value;
  }
  return merged;
}
