import * as z from "zod";

import { messageOf } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";
import { check } from "../../kernel/parse.ts";
import type { WorkerMessage } from "../../model/ports/job.ts";
import type { ExactJson } from "../../model/ports/predictor.ts";
import { needsExactParse, parseExact } from "../../model/prediction/exact-json.ts";
import { ModelErrorSchema } from "../../model/run/model-error-schema.ts";

/** The rare messages. Predictions, the frequent ones, are looked at by hand: a schema would walk through every number. */
const RareMessageSchema: z.ZodType<WorkerMessage> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ready"),
    predictForm: z.enum(["rows", "row"]).nullable(),
    inputForm: z.enum(["array", "list", "frame", "records"]).nullable(),
    loadMs: z.number(),
  }),
  z.object({ type: z.literal("failed"), error: ModelErrorSchema }),
  z.object({ type: z.literal("error"), id: z.int(), error: ModelErrorSchema }),
]);

export type ParsedMessage =
  { readonly message: WorkerMessage; readonly fault: null } | { readonly message: null; readonly fault: string };

/** Reads a frame that a worker sent, or says what is wrong with it. Large integers in predictions come as `bigint`. */
export function parseWorkerMessage(bytes: Buffer): ParsedMessage {
  const text = bytes.toString("utf8");
  try {
    const value = needsExactParse(text) ? parseExact(text) : (JSON.parse(text) as ExactJson);
    return predictionsOf(value) ?? rareMessage(value);
  } catch (error) {
    return { message: null, fault: messageOf(error) };
  }
}

function predictionsOf(value: unknown): ParsedMessage | null {
  if (!isJsonObject(value) || value["type"] !== "predictions") return null;
  const { id, predictions } = value;
  if (!Number.isInteger(id) || !Array.isArray(predictions)) return { message: null, fault: "malformed predictions" };
  return { message: { type: "predictions", id: id as number, predictions: predictions as ExactJson[] }, fault: null };
}

function rareMessage(value: unknown): ParsedMessage {
  const { value: message, issues } = check(RareMessageSchema, value);
  if (issues === null) return { message, fault: null };
  return { message: null, fault: issues.map((issue) => `${issue.pointer || "message"}: ${issue.message}`).join("; ") };
}
