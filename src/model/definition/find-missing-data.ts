import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { jsonPointer } from "../../kernel/parse.ts";

/** A value of a data configuration that names a data file that is not there. */
export interface MissingData {
  /** JSON pointer into the data configuration. */
  readonly pointer: string;
  readonly path: string;
}

// Endings of data only: "schema.table" and "https://…" are no files.
const DATA_FILE =
  /^(?![A-Za-z][A-Za-z0-9+.-]*:)[^\n\r\0]{1,4096}\.(?:csv|tsv|txt|json|jsonl|ndjson|parquet|feather|arrow|xlsx?|np[yz]|pkl|joblib|h5|zip|gz)$/i;

/**
 * The data files that a data configuration names and that do not exist: the likely reason of a model that failed.
 * @param configuration - after `resolveDataPaths`: what it found is absolute, so a relative path was nowhere.
 * @param exists - of an absolute path.
 */
export function findMissingData(configuration: JsonObject, exists: (path: string) => boolean): readonly MissingData[] {
  const walk = (value: JsonValue, path: readonly (string | number)[]): readonly MissingData[] => {
    if (Array.isArray(value))
      return (value as readonly JsonValue[]).flatMap((item, index) => walk(item, [...path, index]));
    if (isJsonObject(value)) return Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key]));
    if (typeof value !== "string" || !DATA_FILE.test(value)) return [];
    return value.startsWith("/") && exists(value) ? [] : [{ pointer: jsonPointer(path), path: value }];
  };
  return walk(configuration, []);
}
