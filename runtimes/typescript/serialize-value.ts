/** Deeper than any prediction; a cycle ends here and not in a stack overflow. */
const MAX_DEPTH = 64;

/**
 * Writes a value that a model made as JSON, with what `JSON.stringify` would lose: NaN and infinities as the strings
 * `"NaN"`, `"Infinity"`, `"-Infinity"`, `bigint` as an integer, typed arrays as lists, `undefined` as null.
 * @throws TypeError for functions and symbols, RangeError for nesting deeper than 64.
 */
export function serializeValue(value: unknown, depth = 0): string {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case "string":
      return JSON.stringify(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "null";
    case "object":
      return value === null ? "null" : serializeObject(value, depth + 1);
    default:
      throw new TypeError(`A ${typeof value} cannot be written as JSON.`);
  }
}

function serializeObject(value: object, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError(`The value is nested deeper than ${MAX_DEPTH} or contains itself.`);
  if (isList(value)) return serializeList(value, depth);
  // Dates and the like say themselves how they are written.
  if ("toJSON" in value && typeof value.toJSON === "function")
    return serializeValue((value.toJSON as () => unknown)(), depth);
  let text = "{";
  for (const key of Object.keys(value)) {
    const field = serializeValue((value as Record<string, unknown>)[key], depth);
    text += `${text.length > 1 ? "," : ""}${JSON.stringify(key)}:${field}`;
  }
  return `${text}}`;
}

function serializeList(list: ArrayLike<unknown>, depth: number): string {
  let text = "[";
  for (let index = 0; index < list.length; index++)
    text += index === 0 ? serializeValue(list[index], depth) : `,${serializeValue(list[index], depth)}`;
  return `${text}]`;
}

/** True for arrays and typed arrays. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
