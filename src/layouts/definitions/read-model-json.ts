import { basename } from "node:path";

import { isJsonObject, type JsonObject } from "../../kernel/json.ts";
import { check, type SchemaIssue } from "../../kernel/parse.ts";
import { LANGUAGES, type Language } from "../../model/definition/model-definition.ts";
import { modelJsonSchema, type ModelJson } from "../../model/definition/model-json-schema.ts";
import { MODEL_JSON } from "./definition-paths.ts";
import { describeJson, readJsonFile } from "./read-json-file.ts";
import type { Reading } from "./reading.ts";

/** What `model.json` says. */
export interface ReadModelJson {
  /** Null when a field is wrong; the faults are reported. */
  readonly fields: ModelJson | null;
  /** The whole file, or what could be saved of a broken one. */
  readonly raw: JsonObject;
  readonly id: string | null;
  readonly name: string;
  readonly language: Language | null;
  /** As it was written. */
  readonly languageText: string | null;
}

/** Reads `model.json`; where it is broken, what it says all the same, so that the model can be listed. */
export function readModelJson(reading: Reading): ReadModelJson {
  const { value, isSound } = readFile(reading);
  const raw = isJsonObject(value) ? value : {};
  const fields = isSound ? readFields(reading, raw) : null;
  const name = textOf(raw["name"]) ?? basename(reading.snapshot.root);
  return {
    fields,
    raw,
    id: idOf(raw["id"]),
    name,
    language: isSound ? readLanguage(reading, raw) : null,
    languageText: textOf(raw["language"]),
  };
}

/** True for JSON that has fields, but none that a definition has: XGBoost, Keras and others call trained models `model.json`. */
export function isForeignFile(raw: JsonObject): boolean {
  const fields = Object.keys(raw);
  return fields.length > 0 && !fields.some((field) => Object.hasOwn(modelJsonSchema.shape, field));
}

function readFile(reading: Reading): { readonly value: unknown; readonly isSound: boolean } {
  if (!reading.paths.has(MODEL_JSON)) {
    reading.fault("DEFINITION_NOT_FOUND", MODEL_JSON, {
      message: "The folder has no model.json, so it is not a model definition.",
      remedy: "Name a folder with a model.json, or make one with modelwright add.",
    });
    return { value: null, isSound: false };
  }
  const { value, isSound } = readJsonFile(reading, MODEL_JSON);
  if (!isSound || isJsonObject(value)) return { value, isSound };
  reading.fault("SCHEMA_MISMATCH", `${MODEL_JSON}#`, {
    message: `model.json must hold a JSON object, not ${describeJson(value)}.`,
    remedy: 'Put the fields into braces: { "name": …, "language": … }.',
  });
  return { value, isSound: false };
}

function readFields(reading: Reading, raw: JsonObject): ModelJson | null {
  const { value, issues } = check(modelJsonSchema, raw);
  for (const issue of issues ?? [])
    reading.fault("SCHEMA_MISMATCH", `${MODEL_JSON}#${issue.pointer}`, {
      message: `${nameOf(issue)} in model.json is wrong: ${issue.message}.`,
      remedy: remedyFor(issue),
    });
  return value;
}

function nameOf(issue: SchemaIssue): string {
  return `"${issue.pointer.slice(1).replaceAll("/", ".")}"`;
}

function remedyFor({ pointer }: SchemaIssue): string {
  const field = pointer.split("/")[1] ?? "";
  const shape: Readonly<Record<string, { readonly description?: string | undefined }>> = modelJsonSchema.shape;
  const meaning = shape[field]?.description;
  return meaning === undefined ? "Correct the value or remove the field." : `Correct the value. ${field}: ${meaning}`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Registries that number their models write the number: it is the same identity as its digits. */
function idOf(value: unknown): string | null {
  return Number.isSafeInteger(value) ? String(value) : textOf(value);
}

// What people write for a language that is known under another name.
const OTHER_NAMES: Readonly<Record<string, Language>> = {
  py: "python",
  python3: "python",
  ts: "typescript",
  javascript: "typescript",
  js: "typescript",
  node: "typescript",
  spark: "pyspark",
  rscript: "R",
};

function readLanguage(reading: Reading, raw: JsonObject): Language | null {
  const written = raw["language"];
  const place = `${MODEL_JSON}#/language`;
  if (written === undefined || written === null || written === "") {
    const remedy = `Add "language": one of ${LANGUAGES.join(", ")}.`;
    reading.fault("SCHEMA_MISMATCH", place, { message: '"language" is missing in model.json.', remedy });
    return null;
  }
  // A value of another type was reported by the schema.
  if (typeof written !== "string") return null;
  const language = LANGUAGES.find((known) => known.toLowerCase() === written.trim().toLowerCase());
  if (language === undefined) {
    const guess = OTHER_NAMES[written.trim().toLowerCase()];
    reading.fault("LANGUAGE_UNKNOWN", place, {
      message: `The language "${written}" is not known.`,
      remedy: guess === undefined ? `Write one of ${LANGUAGES.join(", ")}.` : `Did you mean "${guess}"?`,
    });
    return null;
  }
  const launcher = textOf(raw["launcher"])?.toLowerCase();
  return language === "python" && launcher === "pyspark" ? "pyspark" : language;
}
