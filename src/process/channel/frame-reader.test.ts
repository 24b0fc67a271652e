import { expect, test } from "vitest";

import { frameReader } from "./frame-reader.ts";

function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}

function read(chunks: readonly Buffer[], maxFrameBytes = 1_000): { frames: string[]; fault: string | null } {
  const frames: string[] = [];
  const reader = frameReader(maxFrameBytes, (bytes) => frames.push(bytes.toString()));
  for (const chunk of chunks) {
    const fault = reader.push(chunk);
    if (fault !== null) return { frames, fault };
  }
  return { frames, fault: null };
}

const texts = ['{"a":1}', '{"b":"ä€😀"}', "{}", `{"c":"${"x".repeat(500)}"}`];
const stream = Buffer.concat(texts.map(frame));

test.each([1, 2, 3, 4, 5, 7, 64, 10_000])("frames survive chunks of %i bytes", (size) => {
  const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
    stream.subarray(index * size, (index + 1) * size),
  );
  expect(read(chunks)).toEqual({ frames: texts, fault: null });
});

test("a length over the limit is refused before anything is kept for it", () => {
  expect(read([frame('{"a":1}'), frame(`{"a":"${"x".repeat(1_000)}"}`)])).toEqual({
    frames: ['{"a":1}'],
    fault: expect.stringContaining("a frame of 1008 bytes was announced, but frames have 1 to 1000") as string,
  });
});

test("text where frames should be is refused and shown", () => {
  expect(read([Buffer.from("Traceback (most recent call last)")], 2 ** 29).fault).toContain('read "Trac"');
  expect(read([frame("")]).fault).toContain("0 bytes");
});

test("a frame that is no object is refused with its first bytes, whole or in parts", () => {
  const fault = expect.stringContaining('begins with "[1,2') as string;
  expect(read([frame("[1,2]")])).toEqual({ frames: [], fault });
  expect(read([frame("[1,2]").subarray(0, 8)])).toEqual({ frames: [], fault });
});
