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
  return new Reader(maxFrameBytes, onFrame);
}

class Reader implements FrameReader {
  readonly #maxFrameBytes: number;
  readonly #onFrame: (bytes: Buffer) => void;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFill = 0;
  #body: Buffer | null = null;
  #bodyFill = 0;

  constructor(maxFrameBytes: number, onFrame: (bytes: Buffer) => void) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): string | null {
    for (let offset = 0; offset < chunk.length;) {
      const next = this.#body === null ? this.#readHeader(chunk, offset) : this.#readBody(chunk, offset, this.#body);
      if (typeof next === "string") return next;
      offset = next;
    }
    return null;
  }

  /** Reads what there is of a header, and with its last byte begins a body; returns the new offset or a fault. */
  #readHeader(chunk: Buffer, offset: number): number | string {
    const taken = chunk.copy(this.#header, this.#headerFill, offset, offset + HEADER_BYTES - this.#headerFill);
    this.#headerFill += taken;
    return this.#headerFill < HEADER_BYTES ? offset + taken : this.#beginBody(chunk, offset + taken);
  }

  #beginBody(chunk: Buffer, offset: number): number | string {
    const length = this.#header.readUInt32BE(0);
    if (length === 0 || length > this.#maxFrameBytes) return badLength(length, this.#maxFrameBytes, this.#header);
    this.#headerFill = 0;
    if (chunk.length - offset >= length) {
      const frame = chunk.subarray(offset, offset + length);
      if (frame[0] !== OPENING_BRACE) return badContent(frame);
      this.#onFrame(frame);
      return offset + length;
    }
    // The system gives the memory page by page as it is filled: an announced length costs nothing by itself.
    this.#body = Buffer.allocUnsafeSlow(length);
    this.#bodyFill = 0;
    return offset;
  }

  #readBody(chunk: Buffer, offset: number, body: Buffer): number | string {
    const taken = chunk.copy(body, this.#bodyFill, offset);
    this.#bodyFill += taken;
    if (body[0] !== OPENING_BRACE) return badContent(body.subarray(0, this.#bodyFill));
    if (this.#bodyFill === body.length) {
      this.#body = null;
      this.#onFrame(body);
    }
    return offset + taken;
  }
}

function badLength(length: number, maxFrameBytes: number, header: Buffer): string {
  const text = JSON.stringify(header.toString("latin1"));
  return `a frame of ${length} bytes was announced, but frames have 1 to ${maxFrameBytes} (as text the bytes read ${text})`;
}

function badContent(bytes: Buffer): string {
  return `a frame is not a JSON object; it begins with ${JSON.stringify(bytes.toString("latin1", 0, 40))}`;
}
