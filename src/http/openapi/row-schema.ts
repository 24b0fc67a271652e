import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { Column, ColumnType, OutputColumn, Signature } from "../../model/definition/signature.ts";

/** Floats that JSON has no numbers for. */
const FLOAT_WORDS = ["NaN", "Infinity", "-Infinity"];

/** JSON Schema (draft 2020-12, as OpenAPI 3.1 has it) of one input row of a model. */
export function rowSchema({ columns, onExtra, examples = [] }: Signature): JsonObject {
  const required = columns.filter(({ optional, default: fallback }) => optional !== true && fallback === undefined);
  return {
    type: "object",
    properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
    // A column that has aliases may come under any of its names, which no list of required keys can say.
    required: required.filter(({ aliases = [] }) => aliases.length === 0).map(({ name }) => name),
    additionalProperties: onExtra !== "error" || columns.some(({ aliases = [] }) => aliases.length > 0),
    ...(examples.length === 0 ? {} : { examples: [...examples] }),
  };
}

/** JSON Schema of one prediction; anything where the signature names no outputs. */
export function predictionSchema({ outputs }: Signature): JsonObject {
  const [only, ...others] = outputs;
  if (only === undefined) return {};
  const properties = Object.fromEntries(outputs.map((output) => [output.name, outputSchema(output)]));
  const whole: JsonObject = { type: "object", properties, required: outputs.map(({ name }) => name) };
  const list: JsonObject = { type: "array", minItems: outputs.length, maxItems: outputs.length };
  // The model decides between the forms, and keeps to one.
  return { anyOf: others.length === 0 ? [outputSchema(only), whole, list] : [whole, list] };
}

function columnSchema(column: Column): JsonObject {
  const schema = { ...valueSchema(column), ...aboutColumn(column) };
  return column.nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

function valueSchema({ type, categories, onUnknown = "error", min, max }: Column): JsonObject {
  if (categories !== undefined && onUnknown === "error") return { enum: [...categories] };
  const bounds = { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
  const typed = TYPES[type];
  if (type === "string" || type === "boolean") return typed;
  const number = { ...typed, ...bounds };
  return type === "float" ? { anyOf: [number, { enum: FLOAT_WORDS }] } : number;
}

const TYPES = {
  integer: { type: "integer" },
  float: { type: "number" },
  string: { type: "string" },
  boolean: { type: "boolean" },
} as const satisfies Record<ColumnType, JsonObject>;

function aboutColumn({ default: fallback, aliases = [], unit, description }: Column): JsonObject {
  const sentences = [
    description ?? "",
    unit === undefined ? "" : `Unit: ${unit}.`,
    aliases.length === 0 ? "" : `Also taken under the name ${aliases.join(" or ")}.`,
  ].filter((sentence) => sentence !== "");
  return {
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(sentences.length === 0 ? {} : { description: sentences.join(" ") }),
  };
}

function outputSchema({ kind, classes }: OutputColumn): JsonObject {
  if (kind === "value") return {};
  if (kind === "label") return classes === undefined ? {} : { enum: [...classes] };
  return { anyOf: [PROBABILITY, { type: "array", items: PROBABILITY }, probabilitiesByClass(classes)] };
}

const PROBABILITY: JsonObject = { type: "number", minimum: 0, maximum: 1 };

function probabilitiesByClass(classes: OutputColumn["classes"]): JsonObject {
  const properties = (classes ?? []).map((label): [string, JsonValue] => [String(label), PROBABILITY]);
  return { type: "object", properties: Object.fromEntries(properties), additionalProperties: PROBABILITY };
}
