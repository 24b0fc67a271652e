import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { isJsonObject, type JsonValue } from "../../kernel/json.ts";
import { jsonPointer } from "../../kernel/parse.ts";
import { lineOfField } from "../../layouts/line-of-field.ts";
import type { ModelDefinition, RequirementsFile } from "../../model/definition/model-definition.ts";
import type { Settings } from "../../model/settings.ts";

/** Where a value of a definition comes from. */
export type FieldSource =
  | {
      readonly kind: "definition";
      readonly file: string;
      readonly pointer: string | null;
      readonly line: number | null;
    }
  | { readonly kind: "project"; readonly pointer: string }
  | { readonly kind: "default"; readonly reason: string };

export interface ExplainedField {
  /** As in `model.json`: `evaluation`, `resources.training.limits.memory`. */
  readonly name: string;
  readonly value: JsonValue;
  readonly source: FieldSource;
}

/** Values of variables that models are given are often secrets. */
const HIDDEN = "***";

interface FieldRule {
  readonly name: string;
  readonly value: (definition: ModelDefinition) => unknown;
  /** Path in `model.json`. */
  readonly path: readonly string[];
  /** The project's `defaults` that count where `model.json` says nothing. */
  readonly projectDefault?: keyof Settings["defaults"];
  /** What holds where nobody says anything. */
  readonly fallback: string;
}

const MODEL_JSON_FIELDS: readonly FieldRule[] = [
  { name: "id", value: ({ id }) => id, path: ["id"], fallback: "the name" },
  { name: "name", value: ({ name }) => name, path: ["name"], fallback: "the folder's name" },
  { name: "description", value: ({ description }) => description, path: ["description"], fallback: "none" },
  { name: "language", value: ({ language }) => language, path: ["language"], fallback: "told by the code" },
  { name: "framework", value: ({ framework }) => framework, path: ["framework"], fallback: "not told" },
  { name: "owner", value: ({ owner }) => owner, path: ["owner"], projectDefault: "owner", fallback: "not told" },
  {
    name: "model",
    value: ({ mainArtifact }) => mainArtifact,
    path: ["model"],
    fallback: "the only artifact, else the largest",
  },
  { name: "predict", value: ({ predictForm }) => predictForm, path: ["predict"], fallback: "found by trying a row" },
  { name: "input", value: ({ inputForm }) => inputForm, path: ["input"], fallback: "found by trying a row" },
  {
    name: "evaluation",
    value: ({ evaluation }) => evaluation,
    path: ["evaluation"],
    fallback: "no metrics of the platform",
  },
  {
    name: "tolerance",
    value: ({ tolerance }) => tolerance,
    path: ["tolerance"],
    projectDefault: "tolerance",
    fallback: "floats within 1e-6, labels equal",
  },
  { name: "env.pass", value: ({ variables }) => variables.pass, path: ["env", "pass"], fallback: "none" },
  {
    name: "env.set",
    value: ({ variables }) => Object.fromEntries(Object.keys(variables.set).map((name) => [name, HIDDEN])),
    path: ["env", "set"],
    fallback: "none",
  },
  {
    name: "resources.training.limits.memory",
    value: ({ memoryLimitBytes }) => memoryLimitBytes,
    path: ["resources", "training", "limits", "memory"],
    fallback: "no limit",
  },
  {
    name: "resources.serving.limits.memory",
    value: ({ servingMemoryLimitBytes }) => servingMemoryLimitBytes,
    path: ["resources", "serving", "limits", "memory"],
    fallback: "no limit",
  },
];

/** Every value of a definition, and where it comes from. Paths of files are relative to the definition's folder. */
export async function explainDefinition(
  definition: ModelDefinition,
  { defaults }: Pick<Settings, "defaults">,
): Promise<readonly ExplainedField[]> {
  const text = await readFile(join(definition.folder, "model.json"), "utf8");
  const fromModelJson = MODEL_JSON_FIELDS.map(({ name, value, ...rule }) => ({
    name,
    value: plain(value(definition)),
    source: sourceOf(rule, { text, defaults }),
  }));
  return [
    ...fromModelJson,
    signatureField(definition, text),
    ...(await configFields(definition)),
    ...fileFields(definition),
  ];
}

function sourceOf(
  { path, projectDefault, fallback }: Pick<FieldRule, "path" | "projectDefault" | "fallback">,
  { text, defaults }: { readonly text: string; readonly defaults: Settings["defaults"] },
): FieldSource {
  const line = lineOfField(text, path);
  if (line !== null) return { kind: "definition", file: "model.json", pointer: jsonPointer(path), line };
  if (projectDefault !== undefined && defaults[projectDefault] !== undefined)
    return { kind: "project", pointer: jsonPointer(["defaults", projectDefault]) };
  return { kind: "default", reason: fallback };
}

function signatureField({ signature, raw }: ModelDefinition, text: string): ExplainedField {
  const value = signature === null ? null : signature.columns.map(({ name }) => name);
  const named = raw["signature"];
  const field = { name: "signature", value };
  if (signature === null)
    return { ...field, source: { kind: "default", reason: "none: rows go to the model unchecked" } };
  if (typeof named === "object" && named !== null)
    return {
      ...field,
      source: { kind: "definition", file: "model.json", pointer: "/signature", line: lineOfField(text, ["signature"]) },
    };
  return { ...field, source: inFile(typeof named === "string" ? named : "signature.json") };
}

/** What stands in files of their own. */
function fileFields({ folder, codeRoot, requirements, dataConfigurations, samples, codeFiles }: ModelDefinition) {
  const below = (path: string): string => relative(folder, path) || ".";
  const pathsOf = (files: readonly RequirementsFile[]): readonly string[] => [
    ...new Set(files.map(({ path }) => path)),
  ];
  const datasets = dataConfigurations.map(({ path }) => below(path));
  const examples = samples.map(({ path }) => path);
  const code: ExplainedField = {
    name: "code",
    value: below(codeRoot),
    source: { kind: "default", reason: `${codeFiles.length} files are kept` },
  };
  return [
    code,
    listed("requirements for training", pathsOf(requirements.train), "no packages"),
    listed("requirements for predicting", pathsOf(requirements.predict), "no packages"),
    listed("data configurations", datasets, "none: give --data"),
    listed("example rows", examples, "none: give --examples to publish with a proof"),
  ];
}

function listed(name: string, files: readonly string[], reason: string): ExplainedField {
  return {
    name,
    value: [...files],
    source: files.length === 0 ? { kind: "default", reason } : inFile(files.join(", ")),
  };
}

/** The fields of `config.json`, hyperparameters one by one. */
async function configFields({ folder, codeRoot, config }: ModelDefinition): Promise<readonly ExplainedField[]> {
  const path = join(codeRoot, "config.json");
  const file = relative(folder, path);
  const text = await readFile(path, "utf8").catch(() => "");
  const fieldAt = (at: readonly string[], value: JsonValue): ExplainedField => ({
    name: at.join("."),
    value,
    source: { kind: "definition", file, pointer: jsonPointer(at), line: lineOfField(text, at) },
  });
  return Object.entries(config).flatMap(([key, value]) =>
    key === "hyperParameters" && isJsonObject(value)
      ? Object.entries(value).map(([name, inner]) => fieldAt([key, name], inner))
      : [fieldAt([key], value)],
  );
}

function inFile(file: string): FieldSource {
  return { kind: "definition", file, pointer: null, line: null };
}

function plain(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue;
}
