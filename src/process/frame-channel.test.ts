import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { testFolder } from "../../tests/process/support/test-folder.ts";
import { waitUntil } from "../../tests/process/support/wait-until.ts";
import { frameChannel, type FrameChannel } from "./frame-channel.ts";

interface End {
  readonly channel: FrameChannel;
  readonly frames: string[];
  readonly ends: (string | null)[];
  drains: number;
}

/** Two ends of a Unix socket, as a worker and the tool have them. */
async function socketPair(): Promise<[Socket, Socket]> {
  const path = join(await testFolder(), "s");
  const server = createServer().listen(path);
  const client = connect(path);
  const [serverSide] = (await once(server, "connection")) as [Socket];
  server.close();
  onTestFinished(() => [client, serverSide].forEach((socket) => socket.destroy()));
  return [client, serverSide];
}

function open(socket: Socket, maxFrameBytes?: number): End {
  const frames: string[] = [];
  const ends: (string | null)[] = [];
  const end = { frames, ends, drains: 0 };
  const channel = frameChannel(socket, {
    maxFrameBytes,
    onFrame: (bytes) => frames.push(bytes.toString()),
    onEnd: (reason) => ends.push(reason),
    onDrain: () => end.drains++,
  });
  return Object.assign(end, { channel });
}

test("frames go both ways in order, small and large", async () => {
  const [left, right] = (await socketPair()).map((socket) => open(socket));
  const texts = ['{"a":1}', `{"b":"${"ü".repeat(3_000_000)}"}`, '{"c":3}'];
  for (const text of texts) left?.channel.send(text);
  right?.channel.send('{"back":1}');
  await waitUntil(() => right?.frames.length === 3 && left?.frames.length === 1);
  expect(right?.frames).toEqual(texts);
});

test("a full buffer is told, and told again when it is empty", async () => {
  const [client, server] = await socketPair();
  const left = open(client);
  const text = `{"x":"${"x".repeat(1_000_000)}"}`;
  expect(left.channel.send(text)).toBe(false);
  expect(left.drains).toBe(0);
  const right = open(server);
  await waitUntil(() => left.drains === 1);
  await waitUntil(() => right.frames.length === 1);
});

test("garbage ends the channel once, with a reason", async () => {
  const [client, server] = await socketPair();
  const right = open(server);
  const closed = once(client, "close");
  client.resume().write("hello from print()\n");
  await closed;
  expect(right.ends).toEqual([expect.stringContaining('read "hell"')]);
});

test("a stream that ends, also inside a frame, ends the channel once and without a fault", async () => {
  for (const last of [Buffer.alloc(0), Buffer.from([0, 0, 0, 9, 0x7b])]) {
    const [client, server] = await socketPair();
    const right = open(server);
    client.resume().end(last);
    await once(client, "close");
    expect(right).toMatchObject({ ends: [null], frames: [] });
  }
});

test("a frame that is too large is not sent at all", async () => {
  const [client, server] = await socketPair();
  const left = open(client, 10);
  const right = open(server);
  expect(() => left.channel.send('{"a":"12345"}')).toThrow(RangeError);
  left.channel.send('{"a":1}');
  await waitUntil(() => right.frames.length === 1);
});

test("closing says nothing to the one who closes, and ends the other side", async () => {
  const [left, right] = (await socketPair()).map((socket) => open(socket));
  left?.channel.close();
  await waitUntil(() => right?.ends.length === 1);
  expect(left?.ends).toEqual([]);
  expect(left?.channel.send("{}")).toBe(true);
});
