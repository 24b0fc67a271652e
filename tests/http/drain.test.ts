import { Agent } from "node:http";

import { afterEach, describe, expect, test } from "vitest";

import { createHttpServer } from "../../src/http/create-http-server.ts";
import { holdUp } from "../process/support/hold-up.ts";
import { call, postJson, RawConnection } from "../support/http-exchange.ts";
import { startPredictionServer, type PredictionServer } from "../support/prediction-server.ts";

let server: PredictionServer;

afterEach(async () => {
  await server.stop();
});

const BODY = '[{"age":5}]';
const PREDICT = `POST /v1/churn/predict HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY.length}\r\n\r\n`;

describe("draining", () => {
  test("answers what is in flight and then closes its connection", async () => {
    server = await startPredictionServer();
    server.engine.hold();
    const reply = postJson(`${server.url}/v1/churn/predict`, BODY, { agent: new Agent({ keepAlive: true }) });
    await expect.poll(() => server.engine.calls.length, { timeout: 20_000 }).toBe(1);
    const drained = server.http.drain(10_000);
    await expect(call(`${server.url}/health`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    server.engine.release();
    expect(await reply).toMatchObject({ status: 200, headers: { connection: "close" }, json: { predictions: [5] } });
    await drained;
  });

  test("still takes a request that is on its way on an open connection", async () => {
    server = await startPredictionServer({ limits: { drainGraceMs: 5_000 } });
    const connection = await RawConnection.open(server.port);
    connection.send("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.until((received) => received.includes('{"ready":true'));
    const drained = server.http.drain(10_000);
    connection.send(PREDICT + BODY);
    expect(await connection.ended()).toContain('"predictions":[5]');
    expect(connection.received).toContain("Connection: close");
    await drained;
  });

  test("tells that the server is not ready any more", async () => {
    server = await startPredictionServer({ limits: { drainGraceMs: 5_000 } });
    const connection = await RawConnection.open(server.port);
    connection.send("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.until((received) => received.includes('{"ready":true'));
    const drained = server.http.drain(10_000);
    connection.send("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await connection.ended()).toContain('{"ready":false,"models":{"churn":"ready"}}');
    await drained;
  });

  test("answers a request that came while the server was too busy to look", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.until((received) => received.endsWith("ok"));
    const drained = server.http.drain(60_000);
    connection.send(`${PREDICT}${BODY}`);
    holdUp(() => true, 500);
    expect(await connection.ended()).toContain('"predictions":[5]');
    await drained;
  });

  test("does not wait for connections on which nothing happens", async () => {
    server = await startPredictionServer();
    const silent = await RawConnection.open(server.port);
    const idle = await RawConnection.open(server.port);
    idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    await idle.until((received) => received.endsWith("ok"));
    const startMs = performance.now();
    await server.http.drain(60_000);
    await Promise.all([silent.ended(), idle.ended()]);
    expect(performance.now() - startMs).toBeLessThan(30_000);
  });

  test("cuts off what is not done in time", async () => {
    server = await startPredictionServer();
    server.engine.hold();
    const connection = await RawConnection.open(server.port);
    connection.send(PREDICT + BODY);
    await expect.poll(() => server.engine.calls.length, { timeout: 20_000 }).toBe(1);
    await server.http.drain(30);
    expect(await connection.ended()).toBe("");
  });

  test("sends a long reply to its end, however slowly it is read", async () => {
    const long = "x".repeat(20_000_000);
    server = await startPredictionServer({ answer: (rows) => rows.map(() => long) });
    const connection = await RawConnection.open(server.port);
    connection.send(PREDICT + BODY);
    await connection.until((received) => received.length > 0);
    connection.socket.on("data", () => {
      connection.socket.pause();
      setTimeout(() => connection.socket.resume(), 1);
    });
    const drained = server.http.drain(60_000);
    await expect(call(`${server.url}/health`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect((await connection.ended()).length).toBeGreaterThan(long.length);
    await drained;
  });

  test("loses no request of many busy clients", async () => {
    server = await startPredictionServer();
    const agent = new Agent({ keepAlive: true });
    let answered = 0;
    const client = async (): Promise<string> => {
      for (;;) {
        try {
          const { status, json } = await postJson(`${server.url}/v1/churn/predict`, BODY, { agent });
          expect({ status, json }).toMatchObject({ status: 200, json: { predictions: [5] } });
          answered++;
        } catch (error) {
          return error instanceof Error && "code" in error ? String(error.code) : String(error);
        }
      }
    };
    const clients = Array.from({ length: 32 }, client);
    await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(500);
    await server.http.drain(10_000);
    // Every client was answered until it could not connect any more.
    expect(new Set(await Promise.all(clients))).toEqual(new Set(["ECONNREFUSED"]));
  });

  test("asked for twice is the same", async () => {
    server = await startPredictionServer();
    server.engine.hold();
    const reply = postJson(`${server.url}/v1/churn/predict`, BODY);
    await expect.poll(() => server.engine.calls.length, { timeout: 20_000 }).toBe(1);
    const both = Promise.all([server.http.drain(10_000), server.http.drain(10_000)]);
    server.engine.release();
    await both;
    expect((await reply).status).toBe(200);
  });

  test("of a server that never listened is done at once", async () => {
    server = await startPredictionServer();
    await createHttpServer({ predictor: server.host, apiVersion: "1" }).drain(60_000);
  });
});
