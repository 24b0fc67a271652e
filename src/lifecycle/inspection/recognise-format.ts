import { open, readFile } from "node:fs/promises";

import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { isTablePath } from "../../tabular/table-format.ts";
import type { Contents, InspectedArray } from "./inspection.ts";

/** A header of safetensors may have 100 MB at most, says its format. */
const LONGEST_HEADER = 100_000_000;
/** Larger JSON is named, not read. */
const MOST_JSON_BYTES = 200_000_000;
const MAGICS: readonly (readonly [magic: string, format: string])[] = [
  ["\x89HDF\r\n\x1a\n", "HDF5"],
  ["PAR1", "Parquet"],
  ["GGUF", "GGUF"],
  ["tree\n", "LightGBM"],
  ["binf", "XGBoost (binary)"],
];

/**
 * Recognises the formats that hold no pickle.
 * @param start - the first bytes.
 * @returns null for anything else.
 */
export async function recogniseFormat(path: string, start: Buffer, sizeBytes: number): Promise<Contents | null> {
  const text = start.toString("latin1");
  const known = MAGICS.find(([magic]) => text.startsWith(magic));
  if (known !== undefined) return { format: known[1] };
  const tensors = await readSafetensors(path, start, sizeBytes);
  if (tensors !== null) return tensors;
  // In UBJSON a length follows the brace, in JSON a quote, space or brace.
  if (/^\{[LliUI]/.test(text)) return { format: text.includes("learner") ? "XGBoost (UBJ)" : "UBJSON" };
  if (/^\s*[{[]/.test(text)) return readJson(path, sizeBytes);
  const onnx = describeOnnx(start);
  if (onnx !== null) return onnx;
  return isTablePath(path) ? { format: "table" } : null;
}

/** https://huggingface.co/docs/safetensors: eight bytes with the length of a JSON header, the header, the tensors. */
async function readSafetensors(path: string, start: Buffer, sizeBytes: number): Promise<Contents | null> {
  if (start.length < 10 || start[8] !== 0x7b) return null;
  const length = Number(start.readBigUInt64LE(0));
  if (length > LONGEST_HEADER || length + 8 > sizeBytes) return null;
  const text = await readPart(path, 8, length);
  const header = parseObject(text);
  if (header === null) return null;
  const arrays: InspectedArray[] = Object.entries(header).flatMap(([name, tensor]) =>
    name === "__metadata__" || !isJsonObject(tensor) ? [] : [describeTensor(name, tensor)],
  );
  const metadata = header["__metadata__"];
  return { format: "safetensors", arrays, about: isJsonObject(metadata) ? metadata : {} };
}

function describeTensor(name: string, { dtype, shape }: JsonObject): InspectedArray {
  const sizes = Array.isArray(shape) ? (shape as readonly JsonValue[]).filter((size) => typeof size === "number") : [];
  return { name, dtype: typeof dtype === "string" ? dtype : "?", shape: sizes };
}

async function readPart(path: string, position: number, length: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readJson(path: string, sizeBytes: number): Promise<Contents> {
  const value = sizeBytes > MOST_JSON_BYTES ? null : parseObject(await readFile(path, "utf8"));
  const learner = value?.["learner"];
  if (value === null || !isJsonObject(learner)) return { format: "JSON" };
  const parameters = isJsonObject(learner["learner_model_param"]) ? learner["learner_model_param"] : {};
  const objective = isJsonObject(learner["objective"]) ? learner["objective"]["name"] : null;
  const names = learner["feature_names"];
  return {
    format: "XGBoost (JSON)",
    about: {
      version: Array.isArray(value["version"]) ? value["version"].join(".") : null,
      objective: objective ?? null,
      features: parameters["num_feature"] ?? null,
      classes: parameters["num_class"] ?? null,
      featureNames: Array.isArray(names) ? names : [],
    },
  };
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** ONNX is a protocol buffer whose first fields are `ir_version` (1) and, as a rule, `producer_name` (2). */
function describeOnnx(start: Buffer): Contents | null {
  const [tag, version, next, length = 0] = start;
  if (tag !== 0x08 || version === undefined || version > 0x20 || next !== 0x12) return null;
  const producer = start.toString("utf8", 4, 4 + length);
  return /^[\w.\- ]+$/.test(producer) ? { format: "ONNX", about: { irVersion: version, producer } } : null;
}
