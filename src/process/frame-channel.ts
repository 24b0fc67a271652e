import type { Duplex } from "node:stream";

import { frameReader, HEADER_BYTES } from "./channel/frame-reader.ts";

export interface FrameChannelOptions {
  /** Larger frames are refused in both directions; 512 MiB unless told. */
  readonly maxFrameBytes?: number | undefined;
  /** The UTF-8 bytes of one JSON object. Must not throw. The buffer is the receiver's. */
  readonly onFrame: (bytes: Buffer) => void;
  /**
   * Called once, when nothing more comes: because the stream ended or broke (null; how the process at its other end
   * fared tells why), or because its bytes are no frames (what is wrong with them).
   */
  readonly onEnd: (fault: string | null) => void;
  /** After `send` returned false: more may be sent. */
  readonly onDrain?: (() => void) | undefined;
}

/** Frames over a two-way stream, as `model/ports/job.ts` describes them. */
export interface FrameChannel {
  /**
   * Sends one JSON object, already serialised.
   * @returns false when the stream's buffer is full: wait for `onDrain` before sending more.
   * @throws RangeError when the frame is larger than frames may be; nothing was sent then.
   */
  send(json: string): boolean;
  /** Grows with everything that comes in: tells whether the stream is at rest. */
  receivedBytes(): number;
  /** Ends both directions at once; `onEnd` is not called for it. */
  close(): void;
}

const DEFAULT_MAX_FRAME_BYTES = 512 * 1024 * 1024;

/** Speaks frames over `stream`, which belongs to the channel from now on. */
export function frameChannel(stream: Duplex, options: FrameChannelOptions): FrameChannel {
  const maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  const reader = frameReader(maxFrameBytes, options.onFrame);
  let hasEnded = false;
  let receivedBytes = 0;
  const end = (fault: string | null): void => {
    if (hasEnded) return;
    hasEnded = true;
    stream.destroy();
    options.onEnd(fault);
  };
  stream.on("data", (chunk: Buffer) => {
    if (hasEnded) return;
    receivedBytes += chunk.length;
    const fault = reader.push(chunk);
    if (fault !== null) end(fault);
  });
  for (const event of ["end", "error", "close"]) stream.on(event, () => end(null));
  if (options.onDrain !== undefined) stream.on("drain", options.onDrain);
  return {
    send: (json) => hasEnded || stream.write(encodeFrame(json, maxFrameBytes)),
    receivedBytes: () => receivedBytes,
    close: () => {
      hasEnded = true;
      stream.destroy();
    },
  };
}

function encodeFrame(json: string, maxFrameBytes: number): Buffer {
  const length = Buffer.byteLength(json);
  if (length > maxFrameBytes) throw new RangeError(`a frame of ${length} bytes is larger than ${maxFrameBytes}`);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32BE(length, 0);
  frame.write(json, HEADER_BYTES, length, "utf8");
  return frame;
}
