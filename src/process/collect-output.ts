import type { Readable } from "node:stream";

/** Output of a program that is kept in memory up to a limit; the rest is read and dropped, so that the program goes on. */
export interface CollectedOutput {
  text(): string;
  isCut(): boolean;
}

/**
 * Collects what a stream brings.
 * @param keep - which part of too long an output matters: the beginning of a result, the end of a complaint.
 */
export function collectOutput(stream: Readable | null, maxBytes: number, keep: "beginning" | "end"): CollectedOutput {
  const chunks: Buffer[] = [];
  let keptBytes = 0;
  let isCut = false;
  stream?.on("data", (chunk: Buffer) => {
    if (keep === "beginning" && keptBytes + chunk.length > maxBytes) {
      isCut = true;
      chunk = chunk.subarray(0, maxBytes - keptBytes);
    }
    if (chunk.length === 0) return;
    chunks.push(chunk);
    keptBytes += chunk.length;
    // Whole chunks go only when enough remain without them; what is over is cut off once, in `text`.
    for (let first = chunks[0]; first !== undefined && keptBytes - first.length >= maxBytes; first = chunks[0]) {
      isCut = true;
      keptBytes -= first.length;
      chunks.shift();
    }
  });
  // A reading error comes after the process's end, which tells enough.
  stream?.on("error", () => undefined);
  return {
    text: () => {
      const bytes = Buffer.concat(chunks);
      return bytes.subarray(Math.max(0, bytes.length - maxBytes)).toString("utf8");
    },
    isCut: () => isCut || keptBytes > maxBytes,
  };
}
