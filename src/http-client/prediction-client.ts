import * as z from "zod";

import { ERROR_CODES, type ErrorCode } from "../kernel/error-codes.ts";
import { Failure, messageOf } from "../kernel/failure.ts";
import { check } from "../kernel/parse.ts";
import { signatureSchema } from "../model/definition/signature-schema.ts";
import type { Signature } from "../model/definition/signature.ts";
import type { ExactJson, RowSet } from "../model/ports/predictor.ts";
import type { PredictReply } from "../model/prediction/predict-reply.ts";
import { needsExactParse, parseExact, stringifyExact } from "../model/prediction/exact-json.ts";
import { parseServerAddress } from "./server-address.ts";

// No longer than fetch itself waits for the headers of an answer.
const TIMEOUT_MS = 300_000;

const replySchema = z.object({
  predictions: z.array(z.custom<ExactJson>()),
  rows: z.array(z.number()),
  version: z.string(),
  errors: z.record(z.string(), z.record(z.string(), z.array(z.string()))).nullable(),
});
const modelSchema = z.object({
  version: z.string(),
  digest: z.string().nullable(),
  signature: signatureSchema.nullable(),
});
const listSchema = z.object({ models: z.array(z.object({ name: z.string() })) });
const errorSchema = z.object({ error: z.string(), code: z.string() });

/** What a server says of a model that it serves. */
export interface RemoteModel {
  readonly version: string;
  /** sha256 of the manifest; null for a folder that is served before it is published. */
  readonly digest: string | null;
  readonly signature: Signature | null;
}

/** A prediction server somewhere else. */
export interface PredictionClient {
  /** Names of the models that it serves or is about to. @throws Failure `SERVER_UNREACHABLE`. */
  list(signal: AbortSignal): Promise<readonly string[]>;
  /** @throws Failure as `signatureOf`. */
  describe(model: string, signal: AbortSignal): Promise<RemoteModel>;
  /** @throws Failure `SERVER_UNREACHABLE`, `MODEL_NOT_FOUND`. */
  signatureOf(model: string, signal: AbortSignal): Promise<Signature | null>;
  /** @throws Failure `SERVER_UNREACHABLE` (also when the server answers nonsense), and what the server says: `MODEL_NOT_FOUND`, … */
  predict(model: string, request: RowSet, signal: AbortSignal): Promise<PredictReply>;
}

/**
 * A client of the prediction API.
 * @param baseUrl - for example `http://127.0.0.1:8080`.
 * @throws Failure `USAGE` as `parseServerAddress`.
 */
export function predictionClient(baseUrl: string): PredictionClient {
  const base = parseBaseUrl(baseUrl);
  const path = (model: string, tail: string) => new URL(`v1/${encodeURIComponent(model)}${tail}`, base);
  const describe: PredictionClient["describe"] = async (model, signal) =>
    expectShape(modelSchema, await ask(path(model, ""), { method: "GET", signal }), base);
  return {
    list: async (signal) => {
      const found = expectShape(listSchema, await ask(new URL("v1", base), { method: "GET", signal }), base);
      return found.models.map(({ name }) => name);
    },
    describe,
    signatureOf: async (model, signal) => (await describe(model, signal)).signature,
    predict: async (model, { rows, names }, signal) => {
      const headers = { "content-type": "application/json" };
      const body = stringifyExact(names === undefined ? rows : { inputs: rows, names });
      const reply = await ask(path(model, "/predict"), { method: "POST", body, headers, signal });
      return expectShape(replySchema, reply, base);
    },
  };
}

function parseBaseUrl(text: string): URL {
  const url = parseServerAddress(text);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

async function ask(url: URL, init: RequestInit): Promise<unknown> {
  const { status, text } = await exchange(url, init);
  const body = parseBody(text, url);
  // 422 says that every row was bad: a proper answer.
  if (status === 200 || status === 422) return body;
  const refusal = check(errorSchema, body).value;
  const said = refusal === null ? text.slice(0, 200) : refusal.error;
  throw new Failure(codeOf(status, refusal?.code), {
    message: `${url.origin} answered ${status}: ${said}`,
    hint: hintFor(status, url),
    details: { status, code: refusal?.code ?? null },
  });
}

/** The server's own code where it says one that is known: the same fault then ends the same way, here or there. */
function codeOf(status: number, said: string | undefined): ErrorCode {
  if (said !== undefined && Object.hasOwn(ERROR_CODES, said)) return said as ErrorCode;
  return status === 404 ? "MODEL_NOT_FOUND" : "SERVER_UNREACHABLE";
}

function hintFor(status: number, url: URL): string | undefined {
  if (status === 404) return `GET ${url.origin}/v1 shows what is served.`;
  // What is wrong with a request, the server has said itself.
  return status < 500 ? undefined : "Look at the server's log.";
}

async function exchange(url: URL, init: RequestInit): Promise<{ readonly status: number; readonly text: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const signal = init.signal instanceof AbortSignal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await fetch(url, { ...init, signal, redirect: "error" });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause !== undefined ? messageOf(cause.cause) : messageOf(cause);
    throw new Failure("SERVER_UNREACHABLE", {
      message: `The server ${url.origin} cannot be reached: ${reason}.`,
      hint: "Check the address, and that `modelwright serve` runs there.",
      cause,
    });
  }
}

function parseBody(text: string, url: URL): unknown {
  try {
    return needsExactParse(text) ? parseExact(text) : (JSON.parse(text) as unknown);
  } catch (cause) {
    throw new Failure("SERVER_UNREACHABLE", {
      message: `${url.origin} does not answer as a prediction server: ${text.slice(0, 100)}`,
      hint: "Check the address.",
      cause,
    });
  }
}

function expectShape<T>(schema: z.ZodType<T>, body: unknown, base: URL): T {
  const checked = check(schema, body);
  if (checked.issues === null) return checked.value;
  throw new Failure("SERVER_UNREACHABLE", {
    message: `${base.origin} does not answer as a prediction server: ${checked.issues.map(({ pointer, message }) => `${pointer} ${message}`).join("; ")}`,
    hint: "Check the address and the server's version.",
  });
}
