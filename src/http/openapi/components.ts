import { ERROR_CODES } from "../../kernel/error-codes.ts";
import type { JsonObject } from "../../kernel/json.ts";
import { PROOF_LEVELS } from "../../model/version/manifest.ts";

const text: JsonObject = { type: "string" };
const nullableText: JsonObject = { type: ["string", "null"] };
const modelPath: JsonObject = { type: "string", description: "Path below which the model is asked." };
const modelState: JsonObject = { enum: ["ready", "loading", "restarting", "failed"] };
const proof: JsonObject = { enum: ["none", ...PROOF_LEVELS], description: "The proof that was repeated at load." };

const error: JsonObject = {
  type: "object",
  description: "What every failure answers.",
  properties: {
    error: { type: "string", description: "What happened, and what to do." },
    code: { enum: Object.keys(ERROR_CODES), description: "Never renamed." },
  },
  required: ["error", "code"],
};

const rowErrors: JsonObject = {
  type: ["object", "null"],
  description: "Input index → column → what is wrong with it; null when every row was good.",
  additionalProperties: { type: "object", additionalProperties: { type: "array", items: text } },
};

const summary: JsonObject = {
  type: "object",
  description: "A model that is loading, or failed to load, has the first three fields only.",
  properties: {
    ...{ name: text, state: modelState, path: modelPath, reference: text },
    ...{ version: text, digest: nullableText, engine: text, proof },
  },
  required: ["name", "state", "path"],
};

const update: JsonObject = {
  type: ["object", "null"],
  description: "What keeps the model from serving the version that its alias points to; null: nothing.",
  properties: {
    alias: text,
    version: { type: ["string", "null"], description: "The version that the alias points to." },
    state: { enum: ["loading", "failed", "removed", "unreadable"] },
    code: { type: ["string", "null"], description: "Why, as in the errors; null where nothing failed." },
    since: { type: "string", format: "date-time" },
    reason: nullableText,
  },
  required: ["alias", "version", "state", "code", "since", "reason"],
};

const model: JsonObject = {
  type: "object",
  properties: {
    name: text,
    reference: { type: "string", description: "What the server was told to serve." },
    version: text,
    digest: { type: ["string", "null"], description: "sha256 of the manifest; null for a definition folder." },
    engine: { type: "string", description: "What answers." },
    signature: { type: ["object", "null"], description: "As in signature.json." },
    checksRows: { type: "boolean", description: "False without a signature: rows go to the model unchecked." },
    proof,
    metrics: { type: "object" },
    ready: { type: "boolean" },
    update,
  },
  required: [
    "update",
    "name",
    "reference",
    "version",
    "digest",
    "engine",
    "signature",
    "checksRows",
    "proof",
    "metrics",
    "ready",
  ],
};

const versions: JsonObject = {
  type: "object",
  properties: {
    model_version: { type: ["string", "null"], description: "Null where several models are served." },
    api_version: { type: "string", description: "Version of the HTTP API, which is in the path. No model's version." },
    models: { type: "object", description: "Model → version, where several are served.", additionalProperties: text },
  },
  required: ["model_version", "api_version"],
};

const readiness: JsonObject = {
  type: "object",
  properties: {
    ready: { type: "boolean" },
    models: { type: "object", description: "Model → state, or the code of why it failed.", additionalProperties: text },
  },
  required: ["ready", "models"],
};

/** A row where no signature says more. */
const anyRow: JsonObject = {
  anyOf: [{ type: "object" }, { type: "array" }, { type: ["string", "number", "boolean", "null"] }],
};

/** Schemas that do not depend on the models that are served. */
export const COMPONENT_SCHEMAS: JsonObject = {
  Error: error,
  Model: model,
  ModelList: {
    type: "object",
    properties: { models: { type: "array", items: summary } },
    required: ["models"],
  },
  Readiness: readiness,
  RowErrors: rowErrors,
  Versions: versions,
  AnyRequest: requestSchema(anyRow),
  AnyReply: replySchema({}),
};

/** Body of a request: rows, or an object that has them. */
export function requestSchema(row: JsonObject): JsonObject {
  const rows: JsonObject = { type: "array", items: row };
  const names: JsonObject = { type: "array", items: text, description: "Names of the values, where rows are lists." };
  const named: JsonObject = { type: "array", items: { anyOf: [row, { type: "array" }] } };
  return { anyOf: [rows, { type: "object", properties: { inputs: named, names }, required: ["inputs"] }] };
}

/** Body of an answer: predictions of the good rows, and what was wrong with the others. */
export function replySchema(prediction: JsonObject): JsonObject {
  return {
    type: "object",
    properties: {
      predictions: { type: "array", items: prediction },
      rows: {
        type: "array",
        items: { type: "integer", minimum: 0 },
        description: "rows[i] is the input index of predictions[i].",
      },
      version: { type: "string", description: "Version of the model that answered." },
      errors: { $ref: "#/components/schemas/RowErrors" },
    },
    required: ["predictions", "rows", "version", "errors"],
  };
}
