/*
 * Sends one request after the other on each of some kept connections, and prints what it saw as JSON.
 * A process of its own on bare sockets, so that measuring takes as little as it can of the machine that is measured:
 * `node load-generator.mjs <load.json>`.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";

import type { Load, LoadResult, LoadTimes } from "./support/programs/load.ts";

const HEADER_END = "\r\n\r\n";
const LENGTH = /^content-length: *(\d+)\r$/im;

const load = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Load & LoadTimes;
const requests = load.bodies.map(encodeRequest);
const latenciesMs: number[] = [];
let isWarm = false;
let isOver = false;
let next = 0;

function encodeRequest(body: string): Buffer {
  const { host, pathname } = new URL(load.url);
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json`;
  return Buffer.from(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}${HEADER_END}${body}`);
}

/** True when the reply is whole. Throws for any reply but a 200. */
function isWhole(reply: Buffer): boolean {
  const head = reply.toString("latin1", 0, 1024);
  const headEnd = head.indexOf(HEADER_END);
  if (headEnd === -1) return false;
  if (!head.startsWith("HTTP/1.1 200")) throw new Error(`Answered: ${reply.toString("utf8", 0, 500)}`);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`A reply has no Content-Length: ${head.slice(0, headEnd)}`);
  return reply.length >= headEnd + HEADER_END.length + Number(length);
}

/** Resolves when the time is over and the last reply has come. */
function runConnection(): Promise<void> {
  const { hostname, port } = new URL(load.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let reply: Buffer | null = null;
    let sentAtMs = 0;
    const send = (): void => {
      const request = requests[next++ % requests.length];
      if (isOver || request === undefined) {
        socket.end();
        resolve();
        return;
      }
      sentAtMs = performance.now();
      socket.write(request);
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      reply = reply === null ? chunk : Buffer.concat([reply, chunk]);
      if (!isWhole(reply)) return;
      reply = null;
      if (isWarm) latenciesMs.push(performance.now() - sentAtMs);
      send();
    });
    socket.on("error", reject);
    socket.on("end", () => reject(new Error("The server closed a connection.")));
  });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const connections = Promise.all(Array.from({ length: load.connections }, runConnection));
await Promise.race([connections, sleep(load.warmUpMs)]);
isWarm = true;
const startMs = performance.now();
await Promise.race([connections, sleep(load.durationMs)]);
const requestsPerSecond = latenciesMs.length / ((performance.now() - startMs) / 1000);
isOver = true;
await connections;
latenciesMs.sort((a, b) => a - b);
const quantileMs = (share: number): number => latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN;
const result: LoadResult = { requestsPerSecond, p50Ms: quantileMs(0.5), p99Ms: quantileMs(0.99) };
process.stdout.write(JSON.stringify(result));
