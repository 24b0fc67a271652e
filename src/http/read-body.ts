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

export interface BodyReading<T> {
  readonly maxBytes: number;
  /** Asked with the size of every chunk: why it is not taken, or null. */
  readonly hold: (bytes: number) => Failure | null;
  /** Given the whole body as soon as its last byte is there, before the end of the request is dealt with. */
  readonly use: (body: Buffer) => Promise<T>;
}

/**
 * Reads the body of a request, and no more of it than is allowed.
 * @returns what `use` makes of it.
 * @throws Failure `BODY_TOO_LARGE`, what `hold` gives, `INTERRUPTED` when the client has gone, and what `use` throws.
 */
export function readBody<T>(request: IncomingMessage, { maxBytes, hold, use }: BodyReading<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const announcedBytes = Number(request.headers["content-length"]);
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let isUsed = false;
    const finish = (): void => {
      if (isUsed) return;
      isUsed = true;
      // A small body comes in one chunk, which then need not be copied.
      const [first] = chunks;
      use(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).then(resolve, reject);
    };
    const onData = (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      const refusal = sizeBytes > maxBytes ? tooLarge(maxBytes) : hold(chunk.length);
      if (refusal === null) {
        chunks.push(chunk);
        if (sizeBytes === announcedBytes) finish();
        return;
      }
      request.off("data", onData);
      request.pause();
      reject(refusal);
    };
    request.on("data", onData);
    request.on("end", finish);
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
