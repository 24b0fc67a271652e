/** Takes the bytes of a stream as they come and finds the frames in them. */
export interface FrameReader {
  /** Returns why the stream is no longer understood, or null while all is well. */
  push(chunk: Buffer): string | null;
}

export const HEADER_BYTES = 4;
const OPENING_BRACE = 0x7b;

/**
 * Reads frames: a 4-byte big-endian length and that many bytes of a JSON object.
 * A frame that lies whole in one chunk is handed on without being copied.
 */
export function frameReader(maxFrameBytes: number, onFrame: (bytes: Buffer) => void): FrameReader {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerFill = 0;
  let body: Buffer | null = null;
  let bodyFill = 0;

  /** Reads one frame, or what there is of it; returns the new offset or a fault. */
  const step = (chunk: Buffer, offset: number): number | string => {
    if (body === null) {
      const taken = chunk.copy(header, headerFill, offset, offset + HEADER_BYTES - headerFill);
      headerFill += taken;
      return headerFill < HEADER_BYTES ? offset + taken : beginBody(chunk, offset + taken);
    }
    const taken = chunk.copy(body, bodyFill, offset);
    bodyFill += taken;
    if (body[0] !== OPENING_BRACE) return badContent(body.subarray(0, bodyFill));
    if (bodyFill === body.length) {
      const frame = body;
      body = null;
      onFrame(frame);
    }
    return offset + taken;
  };

  const beginBody = (chunk: Buffer, offset: number): number | string => {
    const length = header.readUInt32BE(0);
    if (length === 0 || length > maxFrameBytes) return badLength(length, maxFrameBytes, header);
    headerFill = 0;
    if (chunk.length - offset >= length) {
      const frame = chunk.subarray(offset, offset + length);
      if (frame[0] !== OPENING_BRACE) return badContent(frame);
      onFrame(frame);
      return offset + length;
    }
    // The system gives the memory page by page as it is filled: an announced length costs nothing by itself.
    body = Buffer.allocUnsafeSlow(length);
    bodyFill = 0;
    return offset;
  };

  return {
    push: (chunk) => {
      for (let offset = 0; offset < chunk.length;) {
        const next = step(chunk, offset);
        if (typeof next === "string") return next;
        offset = next;
      }
      return null;
    },
  };
}

function badLength(length: number, maxFrameBytes: number, header: Buffer): string {
  const text = JSON.stringify(header.toString("latin1"));
  return `a frame of ${length} bytes was announced, but frames have 1 to ${maxFrameBytes} (as text the bytes read ${text})`;
}

function badContent(bytes: Buffer): string {
  return `a frame is not a JSON object; it begins with ${JSON.stringify(bytes.toString("latin1", 0, 40))}`;
}
