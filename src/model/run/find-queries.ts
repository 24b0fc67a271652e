import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { jsonPointer } from "../../kernel/parse.ts";

/** A query that a data configuration holds or names. */
export interface DataQuery {
  /** JSON pointer into the data configuration. */
  readonly pointer: string;
  /** The text; of a file its content. */
  readonly sql: string;
  /** Absolute path of the file that the text was read from; null where the configuration holds it. */
  readonly file: string | null;
  /** The time as of which the data was asked for, as it was given. */
  readonly asOf: string | null;
}

const QUERY_KEYS = new Set(["sql", "query", "sql_query", "sqlquery"]);
const TIME_KEYS = new Set(["asof", "as_of", "asofdate", "as_of_date", "asoftime", "as_of_time"]);
const SQL_FILE = /^\/.*\.sql$/i;

/**
 * The queries in a data configuration: `sql` and `query`, at any depth (`source.query`), or a key that names a `.sql` file.
 * The time is `asOf` (`as_of`, …) beside the query or further out.
 * @param readText - content of a file, by absolute path; null when it cannot be read.
 */
export function findQueries(
  configuration: JsonObject,
  readText: (path: string) => string | null,
): readonly DataQuery[] {
  const walk = (value: JsonValue, path: readonly (string | number)[], asOf: string | null): readonly DataQuery[] => {
    if (Array.isArray(value))
      return (value as readonly JsonValue[]).flatMap((item, index) => walk(item, [...path, index], asOf));
    if (!isJsonObject(value)) return queryAt(value, path, asOf);
    const time = timeIn(value) ?? asOf;
    return Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key], time));
  };
  const queryAt = (value: JsonValue, path: readonly (string | number)[], asOf: string | null): readonly DataQuery[] => {
    if (typeof value !== "string" || value.trim() === "") return [];
    const pointer = jsonPointer(path);
    const text = SQL_FILE.test(value) ? readText(value) : null;
    if (text !== null) return [{ pointer, sql: text, file: value, asOf }];
    const key = path.findLast((part) => typeof part === "string");
    return key !== undefined && QUERY_KEYS.has(key.toLowerCase()) ? [{ pointer, sql: value, file: null, asOf }] : [];
  };
  return walk(configuration, [], null);
}

function timeIn(value: JsonObject): string | null {
  const times = Object.entries(value).flatMap(([key, item]) => (TIME_KEYS.has(key.toLowerCase()) ? [item] : []));
  const [first] = times;
  return typeof first === "string" || typeof first === "number" ? String(first) : null;
}
