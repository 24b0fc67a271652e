import { isJsonObject, type JsonObject } from "../../kernel/json.ts";
import { CONFIG_JSON, joinPath } from "./definition-paths.ts";
import { describeJson, readJsonObject } from "./read-json-file.ts";
import type { Reading } from "./reading.ts";

/**
 * `config.json` of the code root. A model without hyperparameters needs none, so an absent file is an empty
 * configuration with a warning. Null after a fault was reported.
 */
export function readConfig(reading: Reading, codeRoot: string): JsonObject | null {
  const path = joinPath(codeRoot, CONFIG_JSON);
  if (!reading.paths.has(path)) {
    reading.warn("CONFIG_MISSING", path, {
      message: "There is no config.json; the code is given an empty configuration.",
      remedy: 'Add config.json with { "hyperParameters": {} }.',
    });
    return {};
  }
  const config = readJsonObject(reading, path);
  const parameters = config?.["hyperParameters"] ?? null;
  if (parameters !== null && !isJsonObject(parameters))
    reading.fault("SCHEMA_MISMATCH", `${path}#/hyperParameters`, {
      message: `"hyperParameters" in config.json must be an object, not ${describeJson(parameters)}.`,
      remedy: 'Write { "hyperParameters": { "name": value } }.',
    });
  return config;
}
