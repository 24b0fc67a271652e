import type { Readable } from "node:stream";

import { Failure, messageOf } from "../kernel/failure.ts";

/**
 * The chunks of a stored object. Closes the stream, however the loop over it ends.
 * @throws Failure `STORE_UNAVAILABLE` when reading fails: not to be taken for a fault of what the loop does with them.
 */
export async function* readChunks(source: Readable, key: string): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw readFailed(key, cause);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    source.destroy();
  }
}

function readFailed(key: string, cause: unknown): Failure {
  return new Failure("STORE_UNAVAILABLE", {
    message: `The stored file ${key} cannot be read to its end: ${messageOf(cause)}.`,
    hint: "Check the store and the way to it, then try again.",
    details: { key },
    cause,
  });
}
