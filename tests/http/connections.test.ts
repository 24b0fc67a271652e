import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, describe, expect, test } from "vitest";

import { createHttpServer } from "../../src/http/create-http-server.ts";
import { call, postJson, RawConnection } from "../support/http-exchange.ts";
import { startPredictionServer, type PredictionServer } from "../support/prediction-server.ts";

const BODY = '[{"age":5}]';
const PREDICT = "POST /v1/churn/predict HTTP/1.1\r\nHost: x\r\n";
const PREDICTED = '"predictions":[5]';

let server: PredictionServer;

afterEach(async () => {
  await server.stop();
});

describe("a connection", () => {
  test("is kept for further requests, also after an error", async () => {
    server = await startPredictionServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const url = `${server.url}/v1/churn/predict`;
    for (const body of [BODY, "nonsense", BODY, `"${"x".repeat(50_000)}"`, BODY]) {
      const { headers } = await postJson(url, body, { agent });
      expect(headers.connection).toBe("keep-alive");
    }
    expect((await call(`${server.url}/v1/none/predict`, { method: "POST", body: BODY, agent })).status).toBe(404);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  test("answers pipelined requests in their order", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    const ages = [1, 2, 3, 4, 5, 6, 7, 8];
    const requests = ages.map((age) => `${PREDICT}Content-Length: 11\r\n\r\n[{"age":${age}}]`);
    connection.send(`${requests.join("")}GET /health HTTP/1.1\r\nHost: x\r\n\r\n`);
    await connection.until((received) => received.endsWith("ok"));
    const answers = [...connection.received.matchAll(/"predictions":\[(\d)\]/g)].map(([, age]) => Number(age));
    expect(answers).toEqual(ages);
    connection.socket.destroy();
  });

  test("may send its body in chunks, byte by byte", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send(`${PREDICT}Transfer-Encoding: chunked\r\n\r\n`);
    for (const char of BODY) connection.send(`1\r\n${char}\r\n`);
    connection.send("0\r\n\r\n");
    await connection.until((received) => received.includes(PREDICTED));
    connection.socket.destroy();
  });

  test("is not asked alone while others are open: what comes with its request goes in the same call", async () => {
    server = await startPredictionServer();
    const connections = [await RawConnection.open(server.port), await RawConnection.open(server.port)];
    const ask = async (count: number): Promise<void> => {
      const asked = connections.slice(0, count);
      for (const [index, { socket }] of asked.entries())
        socket.write(`${PREDICT}Content-Length: 11\r\n\r\n[{"age":${index + 1}}]`);
      const answered = asked.map((connection) => connection.until((received) => received.includes("predictions")));
      await Promise.all(answered);
      for (const connection of asked) connection.received = "";
    };
    // The server has accepted both by now.
    await ask(1);
    await ask(2);
    expect(server.engine.calls.map((rows) => rows.length)).toEqual([1, 2]);
    for (const { socket } of connections) socket.destroy();
  });

  test("may send the last of its body late, and the length of it may be anything that HTTP allows", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send(`${PREDICT}Content-Length: 0${BODY.length}\r\n\r\n${BODY.slice(0, -1)}`);
    await sleep(20);
    expect(server.engine.calls).toHaveLength(0);
    connection.send(BODY.slice(-1));
    await connection.until((received) => received.includes(PREDICTED));
    expect(server.engine.calls).toHaveLength(1);
    connection.socket.destroy();
  });

  test("may name the host in the request line", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send("GET http://x/health?a=b HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.until((received) => received.endsWith("ok"));
    connection.socket.destroy();
  });
});

describe("a client that asks before it sends", () => {
  test("is told to go on when the request is fine so far", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send(`${PREDICT}Content-Length: ${BODY.length}\r\nExpect: 100-continue\r\n\r\n`);
    await connection.until((received) => received === "HTTP/1.1 100 Continue\r\n\r\n");
    connection.send(BODY);
    await connection.until((received) => received.includes(PREDICTED));
    connection.socket.destroy();
  });

  test.each([
    ["too long", `${PREDICT}Content-Length: 99999999\r\n`, 413],
    ["of the wrong type", `${PREDICT}Content-Length: 10\r\nContent-Type: text/csv\r\n`, 415],
    ["for nobody", "POST /v1/none/predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n", 404],
  ])("is refused at once when the body is %s", async (_name, head, status) => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send(`${head}Expect: 100-continue\r\n\r\n`);
    const received = await connection.ended();
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toContain("Connection: close");
  });
});

describe("a body over the limit", () => {
  test("is answered before it is sent, and the connection is closed", async () => {
    server = await startPredictionServer({ limits: { maxBodyBytes: 1000, lingerMs: 60_000 } });
    const connection = await RawConnection.open(server.port);
    connection.send(`${PREDICT}Content-Length: 100000000\r\n\r\n`);
    await connection.until((received) => received.includes("BODY_TOO_LARGE"));
    connection.send(Buffer.alloc(1_000_000));
    expect(connection.received).toContain("Connection: close");
    connection.socket.end();
    await connection.ended();
    expect(connection.error).toBeNull();
  });

  test("reaches a client that sends all of it before it reads", async () => {
    server = await startPredictionServer({ limits: { maxBodyBytes: 1000 } });
    const body = Buffer.alloc(8_000_000, " ");
    for (const headers of [{}, { "transfer-encoding": "chunked" }])
      expect((await postJson(`${server.url}/v1/churn/predict`, body.toString(), { headers })).status).toBe(413);
  });

  test("does not hold the connection of a client that never ends it", async () => {
    server = await startPredictionServer({ limits: { maxBodyBytes: 1000, lingerMs: 50 } });
    const connection = await RawConnection.open(server.port);
    connection.send(`${PREDICT}Transfer-Encoding: chunked\r\n\r\nFFFF\r\n${"x".repeat(5000)}`);
    expect(await connection.ended()).toContain("BODY_TOO_LARGE");
  });
});

describe("hostile or unlucky clients", () => {
  test.each([
    ["headers", "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: "],
    ["a body", `${PREDICT}Content-Length: 100\r\n\r\n[`],
    ["nothing", ""],
  ])("that send %s too slowly are cut off", async (_name, start) => {
    server = await startPredictionServer({ limits: { headersTimeoutMs: 100, requestTimeoutMs: 200 } });
    const connection = await RawConnection.open(server.port);
    if (start !== "") connection.send(start);
    expect(await connection.ended()).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test.each([
    ["headers without end", `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}`, 431],
    ["no HTTP", "\x16\x03\x01\x02\x00 hello\r\n\r\n", 400],
    ["two lengths", `${PREDICT}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ["a broken chunk", `${PREDICT}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ["no host", "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["an expectation unknown to us", `${PREDICT}Expect: cake\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, 417],
  ])("that send %s are refused and hurt nobody", async (_name, data, status) => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send(data);
    const [head = "", body = ""] = (await connection.ended()).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^Content-Type: application\/json/m);
    expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/\.$/) as string, code: "REQUEST_MALFORMED" });
    expect((await call(`${server.url}/health`)).status).toBe(200);
    expect((await call(`${server.url}/metrics`)).text).toContain('code="REQUEST_MALFORMED"} 1');
  });

  test("that send rubbish behind a request whose answer has begun cut nothing into it", async () => {
    server = await startPredictionServer();
    const connection = await RawConnection.open(server.port);
    connection.send(`${PREDICT}Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n`);
    await connection.until((received) => received.includes("BODY_TOO_LARGE"));
    connection.send(`${PREDICT}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
    expect((await connection.ended()).match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  test("that hang up in the middle of a body, or while the model works, hurt nobody", async () => {
    server = await startPredictionServer();
    const half = await RawConnection.open(server.port);
    half.send(`${PREDICT}Content-Length: 100\r\n\r\n[{`);
    server.engine.hold();
    const gone = await RawConnection.open(server.port);
    gone.send(`${PREDICT}Content-Length: ${BODY.length}\r\n\r\n${BODY}`);
    await expect.poll(() => server.engine.calls.length, { timeout: 20_000 }).toBe(1);
    half.socket.destroy();
    gone.socket.resetAndDestroy();
    server.engine.release();
    expect((await postJson(`${server.url}/v1/churn/predict`, BODY)).status).toBe(200);
    expect(server.events.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("listening", () => {
  test("fails with a code of its own when the port is taken", async () => {
    server = await startPredictionServer();
    const second = createHttpServer({ predictor: server.host, apiVersion: "1" });
    const listening = second.listen({ host: "127.0.0.1", port: server.port });
    await expect(listening).rejects.toMatchObject({ code: "PORT_IN_USE", kind: "unavailable" });
    expect((await call(`${server.url}/health`)).status).toBe(200);
    await second.drain(10);
  });

  test("fails with a reason on an address that is not this machine's", async () => {
    server = await startPredictionServer();
    const other = createHttpServer({ predictor: server.host, apiVersion: "1" });
    await expect(other.listen({ host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      hint: expect.stringContaining("--host") as string,
    });
  });

  test("writes an IPv6 address so that it can be opened", async () => {
    server = await startPredictionServer();
    const other = createHttpServer({ predictor: server.host, apiVersion: "1" });
    const { url } = await other.listen({ host: "::1", port: 0 });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await call(`${url}/health`)).text).toBe("ok");
    await other.drain(100);
  });
});
