import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";

import { Failure } from "../kernel/failure.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** Bytes of all bodies that the server holds at one time. */
export class BodyBudget {
  readonly #maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Why there is no room for so many more bytes, or null when they are counted. */
  take(bytes: number): Failure | null {
    if (this.#usedBytes + bytes > this.#maxBytes)
      return new Failure("QUEUE_FULL", {
        message: "The server is reading too many large requests at once.",
        details: { retryAfterSeconds: 1 },
      });
    this.#usedBytes += bytes;
    return null;
  }

  release(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

/**
 * Reads the body of a request, and no more of it than is allowed.
 * @param hold - asked with the size of every chunk: why it is not taken, or null.
 * @throws Failure `BODY_TOO_LARGE`, what `hold` gives, and `INTERRUPTED` when the client has gone.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  hold: (bytes: number) => Failure | null,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const onData = (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      const refusal = sizeBytes > maxBytes ? tooLarge(maxBytes) : hold(chunk.length);
      if (refusal === null) {
        chunks.push(chunk);
        return;
      }
      request.off("data", onData);
      request.pause();
      reject(refusal);
    };
    request.on("data", onData);
    // A small body comes in one chunk, which then need not be copied.
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on("close", () => {
      // Also the end of every good request; making a failure is not free.
      if (!request.readableEnded) reject(new Failure("INTERRUPTED", { message: "The client ended the request." }));
    });
  });
}

/** @throws Failure `BODY_TOO_LARGE` by the announced length, before a byte is read. */
export function refuseAnnouncedLength(request: IncomingMessage, maxBytes: number): void {
  const announced = request.headers["content-length"];
  if (announced !== undefined && Number(announced) > maxBytes) throw tooLarge(maxBytes);
}

/** @throws Failure `REQUEST_MALFORMED`. */
export function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Failure("REQUEST_MALFORMED", { message: "The request body is not UTF-8." });
  const text = bytes.toString("utf8");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function tooLarge(maxBytes: number): Failure {
  return new Failure("BODY_TOO_LARGE", {
    message: `The request body is larger than ${maxBytes} bytes.`,
    hint: "Send fewer rows at a time.",
  });
}
