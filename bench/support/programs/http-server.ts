import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const POLL_MS = 5;

/** Resolves with the first 200. @throws Error when none comes in time. */
export async function untilAnswered(url: string, timeoutMs: number): Promise<void> {
  const startMs = performance.now();
  while (performance.now() - startMs < timeoutMs) {
    const response = await fetch(url).catch(() => null);
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${url} did not answer.`);
}
