import { Agent } from "node:http";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { startWorkerEngine } from "../../src/engines/worker-engine.ts";
import { createHttpServer } from "../../src/http/create-http-server.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { Engine } from "../../src/model/ports/engine.ts";
import { loadedModel } from "../../src/serving/loaded-model.ts";
import { modelHost } from "../../src/serving/model-host.ts";
import { STAND_IN_WORKER } from "../engines/support/stand-in-worker.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { postJson, type HttpReply } from "../support/http-exchange.ts";

const CLIENTS = 24;

/** A worker in plain Python: a number is answered with itself, an object is an order. */
async function startWorker(): Promise<Engine> {
  const folder = await testFolder({ start: "well", "worker.py": STAND_IN_WORKER });
  const engine = await startWorkerEngine({
    commandFor: (file) => ["python3", "worker.py", file],
    variables: { PATH: process.env["PATH"] ?? "" },
    workerFolder: folder,
    logFile: join(folder, "worker.log"),
    spec: {
      ...{ protocol: 1, codeRoot: folder, workFolder: folder, modelConf: {}, parentPid: process.pid },
      identifiers: { modelId: "m", modelVersion: "v", modelTable: "t" },
      context: { jobId: "j", projectId: "p", datasetInfo: {} },
      ...{ predictForm: null, inputForm: null, columns: null, probeRows: [] },
    },
    startTimeoutMs: 20_000,
    memoryLimitBytes: null,
    log: silentLog,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  onTestFinished(() => engine.stop());
  return engine;
}

/** A server over a worker process; `ask` sends one row. */
async function startServer() {
  const info = { name: "m", reference: "m", version: "1", digest: null, proof: "none", metrics: {} } as const;
  const host = modelHost();
  await host.put(
    "m",
    loadedModel({ info, engine: await startWorker(), signature: null, batchable: true, loggedShare: 0 }),
  );
  const http = createHttpServer({ predictor: host, apiVersion: "1" });
  const { url } = await http.listen({ host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    await http.drain(1_000);
    await host.drain(1_000);
  });
  const ask = (row: unknown): Promise<HttpReply> => postJson(`${url}/v1/m/predict`, [row], { agent });
  return { ask, http, host };
}

/** Clients that ask one number after the other until told to stop; every reply is kept with its number. */
function startClients(ask: (row: unknown) => Promise<HttpReply>) {
  const replies: { readonly row: number; readonly reply: HttpReply }[] = [];
  const state = { isStopping: false, next: 0 };
  const client = async (): Promise<void> => {
    while (!state.isStopping) {
      const row = state.next++;
      replies.push({ row, reply: await ask(row) });
    }
  };
  const running = Promise.all(Array.from({ length: CLIENTS }, client));
  const stop = async (): Promise<void> => {
    state.isStopping = true;
    await running;
  };
  return { replies, stop };
}

test("a worker that dies under load fails only the requests it had, and the rest are answered", async () => {
  const { ask } = await startServer();
  const { replies, stop } = startClients(ask);
  const good = (): number => replies.filter(({ reply }) => reply.status === 200).length;
  for (let round = 1; round <= 3; round++) {
    const before = good();
    await expect.poll(() => good() - before, { timeout: 60_000 }).toBeGreaterThan(200);
    expect(await ask({ kill: 9 })).toMatchObject({ status: 503, json: { code: "WORKER_LOST" } });
  }
  const before = good();
  await expect.poll(() => good() - before, { timeout: 60_000 }).toBeGreaterThan(200);
  await stop();
  for (const { row, reply } of replies)
    if (reply.status === 200) expect(reply.json).toMatchObject({ predictions: [row] });
    else expect(reply).toMatchObject({ status: 503, json: { code: "WORKER_LOST" } });
  // In each round no more than the clients whose requests went with the one that killed.
  expect(replies.length - good()).toBeLessThanOrEqual(3 * CLIENTS);
});

test("a request that the model cannot bear fails alone under load", async () => {
  const { ask } = await startServer();
  const { replies, stop } = startClients(ask);
  for (let round = 0; round < 20; round++)
    expect(await ask({ raise: "bad row" })).toMatchObject({ status: 500, json: { code: "MODEL_FAILED" } });
  await stop();
  expect(replies.length).toBeGreaterThan(20);
  for (const { row, reply } of replies) expect(reply).toMatchObject({ status: 200, json: { predictions: [row] } });
});

test("prints of the model do not get into replies", async () => {
  const { ask } = await startServer();
  expect((await ask({ print: '{"type":"predictions"}\n' })).status).toBe(200);
  expect((await ask(7)).json).toMatchObject({ predictions: [7] });
});

test("a drain under load loses nothing that was taken", async () => {
  const { ask, http, host } = await startServer();
  const codes = new Set<unknown>();
  const answered: HttpReply[] = [];
  const client = async (row: number): Promise<void> => {
    for (;;) {
      try {
        answered.push(await ask(row));
      } catch (error) {
        codes.add(error instanceof Error && "code" in error ? error.code : error);
        return;
      }
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, row) => client(row));
  await expect.poll(() => answered.length, { timeout: 60_000 }).toBeGreaterThan(200);
  await http.drain(30_000);
  await host.drain(30_000);
  await Promise.all(clients);
  expect(answered.filter(({ status }) => status !== 200)).toEqual([]);
  expect([...codes]).toEqual(["ECONNREFUSED"]);
});
