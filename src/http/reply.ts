import type { IncomingMessage, ServerResponse } from "node:http";

import { ERROR_CODES, type ErrorCode } from "../kernel/error-codes.ts";
import type { Failure } from "../kernel/failure.ts";
import { STATUS } from "./status.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

/** A refused body up to this size is read to its end, so that the connection can be kept. */
const READ_OUT_BYTES = 64 * 1024;

/** After this many bytes of a refused body the client is cut off. */
const LINGER_BYTES = 64 * 1024 * 1024;

/** One reply: everything but the connection's own headers. */
export interface Reply {
  readonly status: number;
  readonly type: typeof JSON_TYPE | typeof TEXT_TYPE | typeof METRICS_TYPE;
  readonly body: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

const NO_HEADERS: readonly string[] = [];

export function jsonReply(status: number, body: string, headers = NO_HEADERS): Reply {
  return { status, type: JSON_TYPE, body, headers };
}

export function textReply(status: number, body: string): Reply {
  return { status, type: TEXT_TYPE, body, headers: NO_HEADERS };
}

export function metricsReply(body: string): Reply {
  return { status: 200, type: METRICS_TYPE, body, headers: NO_HEADERS };
}

/** `{"error", "code"}`: what the client did wrong in full, what went wrong inside as no more than the code's meaning. */
export function failureReply(failure: Failure): Reply {
  const status = STATUS[failure.kind];
  const sentences = [failure.message, failure.hint].filter((sentence) => sentence !== null);
  const error = status === 500 ? ERROR_CODES[failure.code].meaning : sentences.join(" ");
  return jsonReply(status, JSON.stringify({ error, code: failure.code }), headersOfFailure(failure));
}

/** As `failureReply`, for what HTTP has a status of its own for. */
export function errorReply(status: number, code: ErrorCode, error: string): Reply {
  return jsonReply(status, JSON.stringify({ error, code }));
}

function headersOfFailure({ details: { retryAfterSeconds, allow } }: Failure): readonly string[] {
  const retryAfter = typeof retryAfterSeconds === "number" ? ["Retry-After", String(retryAfterSeconds)] : [];
  return typeof allow === "string" ? [...retryAfter, "Allow", allow] : retryAfter;
}

/** Sends a reply in one write. */
export function send(response: ServerResponse, reply: Reply, closes: boolean): void {
  response.writeHead(reply.status, headersOf(reply, closes));
  response.end(reply.body);
}

export interface EarlyReply {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly reply: Reply;
  /** How long the client may go on sending. */
  readonly lingerMs: number;
}

/**
 * Sends a reply to a request whose body was not read, or not to its end.
 * Closing at once would reset the connection under a client that is still sending, and take the reply with it. So what
 * is left of a long body is thrown away for a while before the connection is closed.
 */
export function sendEarly({ request, response, reply, lingerMs }: EarlyReply): void {
  response.writeHead(reply.status, headersOf(reply, true));
  // Whole by its Content-Length; the missing `end` only keeps the connection open.
  response.write(reply.body);
  let leftBytes = LINGER_BYTES;
  const close = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(close, lingerMs);
  request.on("data", (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes < 0) close();
  });
  request.on("end", close);
  request.on("close", close);
  request.resume();
}

/** True when so much of the body may still be on its way that it is better not to wait for it. */
export function isLongBodyUnread(request: IncomingMessage): boolean {
  if (request.complete) return false;
  const { "content-length": length, "transfer-encoding": coding, expect } = request.headers;
  return coding !== undefined || expect !== undefined || Number(length ?? 0) > READ_OUT_BYTES;
}

function headersOf({ type, body, headers }: Reply, closes: boolean): string[] {
  const own = ["Content-Type", type, "Content-Length", String(Buffer.byteLength(body)), ...headers];
  if (closes) own.push("Connection", "close");
  return own;
}
