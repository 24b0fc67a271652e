import { gzipSync } from "node:zlib";

import { afterEach, describe, expect, test } from "vitest";

import { Failure } from "../../src/kernel/failure.ts";
import { call, postJson, type HttpCall } from "../support/http-exchange.ts";
import {
  serveWith,
  startPredictionServer,
  type PredictionServer,
  type PredictionServerFields,
} from "../support/prediction-server.ts";

let server: PredictionServer;

async function start(fields?: PredictionServerFields): Promise<string> {
  server = await startPredictionServer(fields);
  return `${server.url}/v1/churn/predict`;
}

afterEach(async () => {
  await server.stop();
});

describe("200", () => {
  test("answers rows in either envelope", async () => {
    const url = await start();
    const reply = await postJson(url, [{ age: 41, score: 0.5 }]);
    expect(reply.status).toBe(200);
    expect(reply.text).toBe('{"predictions":[41],"rows":[0],"version":"v7","errors":null}');
    expect(reply.headers).toMatchObject({ "content-type": "application/json; charset=utf-8", "content-length": "60" });
    expect((await postJson(url, { inputs: [{ age: 1 }, { age: 2 }] })).json).toMatchObject({ predictions: [1, 2] });
  });

  test("names bad rows beside the good ones' answers", async () => {
    const url = await start();
    const reply = await postJson(url, [{ age: 41 }, { age: "x" }, { age: 42 }]);
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      ...{ predictions: [41, 42], rows: [0, 2], version: "v7" },
      errors: { "1": { age: ["must be an integer"] } },
    });
  });

  test("answers no rows with nothing, without asking the model", async () => {
    const url = await start();
    for (const body of [[], { inputs: [] }])
      expect(await postJson(url, body)).toMatchObject({
        status: 200,
        json: { predictions: [], rows: [], version: "v7", errors: null },
      });
    expect(server.engine.calls).toEqual([]);
  });

  test("keeps every digit of large integers on the way in and out", async () => {
    const url = await start({ model: { signature: null } });
    const reply = await postJson(url, "[[9007199254740993]]");
    expect(reply.text).toContain('"predictions":[9007199254740993]');
  });

  test("takes a large body", async () => {
    const url = await start();
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ age: index % 150, score: index / 3 }));
    const { status, json } = await postJson(url, { inputs: rows });
    expect(status).toBe(200);
    expect(json).toMatchObject({ predictions: rows.map(({ age }) => age), errors: null });
  });

  test.each([
    [{}],
    [{ "content-type": "application/json" }],
    [{ "content-type": "Application/JSON; charset=UTF-8" }],
    [{ "content-type": 'application/json; charset="utf-8"; profile=x' }],
    [{ "content-type": "application/vnd.rows+json" }],
    [{ "content-type": "application/json", "content-encoding": "identity" }],
  ])("takes JSON as %j", async (headers) => {
    const url = await start();
    expect(await call(url, { method: "POST", headers, body: '[{"age":1}]' })).toMatchObject({ status: 200 });
  });

  test("takes a byte order mark before the JSON", async () => {
    const url = await start();
    expect(await postJson(url, '\uFEFF[{"age":1}]')).toMatchObject({ status: 200 });
  });
});

test("422 when every row is bad, with the same body", async () => {
  const url = await start();
  expect(await postJson(url, [{}, 1])).toMatchObject({
    status: 422,
    json: {
      ...{ predictions: [], rows: [], version: "v7" },
      errors: { "0": { age: ["is missing"] }, "1": { "": ["must be an object"] } },
    },
  });
  expect(server.engine.calls).toEqual([]);
});

describe("400", () => {
  test.each([
    ["no body", "", "REQUEST_MALFORMED", /not JSON/],
    ["broken JSON", '[{"age":1}', "REQUEST_MALFORMED", /not JSON/],
    ["something after the JSON", "[] []", "REQUEST_MALFORMED", /not JSON/],
    ["a bare NaN", '[{"age":NaN}]', "REQUEST_MALFORMED", /not JSON.* the texts "NaN"/],
    ["a bare infinity", '[{"age":-Infinity}]', "REQUEST_MALFORMED", /not JSON.* "-Infinity"/],
    ["one row without a list", '{"age":1}', "REQUEST_MALFORMED", /"inputs": \[row/],
    ["the older form", '{"data":{"ndarray":[[1]]}}', "REQUEST_MALFORMED", /"inputs": \[row/],
    ["a number", "7", "REQUEST_MALFORMED", /"inputs": \[row/],
    ["deep nesting", "[".repeat(100_000), "JSON_TOO_DEEP", /at most 32/],
  ])("for %s", async (_name, body, code, message) => {
    const url = await start();
    const reply = await postJson(url, body);
    expect(reply).toMatchObject({ status: 400, json: { error: expect.stringMatching(message) as unknown, code } });
    expect(Object.keys(reply.json as object)).toEqual(["error", "code"]);
  });

  test("for bytes that are not UTF-8", async () => {
    const url = await start();
    const body = Buffer.concat([Buffer.from('[{"age":"'), Buffer.from([0xff, 0xc0]), Buffer.from('"}]')]);
    const reply = await call(url, { method: "POST", body });
    expect(reply).toMatchObject({ status: 400, json: { code: "REQUEST_MALFORMED" } });
  });
});

describe("404", () => {
  test.each([
    ["/v1/other/predict", "MODEL_NOT_FOUND"],
    ["/v1/constructor/predict", "MODEL_NOT_FOUND"],
    ["/v1//predict", "ROUTE_NOT_FOUND"],
    ["/v1/..%2fchurn/predict", "ROUTE_NOT_FOUND"],
    ["/v1/%zz/predict", "ROUTE_NOT_FOUND"],
    ["/v1/churn/predict/", "ROUTE_NOT_FOUND"],
    ["/v2/churn/predict", "ROUTE_NOT_FOUND"],
    ["/", "ROUTE_NOT_FOUND"],
  ])("POST %s: %s", async (path, code) => {
    await start();
    expect(await postJson(server.url + path, [])).toMatchObject({ status: 404, json: { code } });
  });

  test("GET of an unknown model", async () => {
    await start();
    expect(await call(`${server.url}/v1/other`)).toMatchObject({ status: 404, json: { code: "MODEL_NOT_FOUND" } });
  });
});

describe("405", () => {
  test.each([
    ["GET", "/v1/churn/predict", "POST"],
    ["DELETE", "/v1/churn", "GET, HEAD"],
    ["POST", "/health", "GET, HEAD"],
    ["OPTIONS", "/predict", "POST"],
  ])("%s %s, with what is allowed", async (method, path, allow) => {
    await start();
    const reply = await call(server.url + path, { method });
    expect(reply).toMatchObject({ status: 405, headers: { allow }, json: { code: "METHOD_NOT_ALLOWED" } });
  });
});

describe("413", () => {
  test("for a body over the limit, by its announced length or as it comes", async () => {
    const url = await start({ limits: { maxBodyBytes: 1000 } });
    const body = " ".repeat(2000);
    const expected = { status: 413, json: { code: "BODY_TOO_LARGE" } };
    expect(await postJson(url, body)).toMatchObject(expected);
    expect(await call(url, { method: "POST", headers: { "transfer-encoding": "chunked" }, body })).toMatchObject(
      expected,
    );
    expect(await postJson(url, `[]${" ".repeat(998)}`)).toMatchObject({ status: 200 });
  });

  test("for too many rows", async () => {
    const url = await start({ model: { limits: { maxRows: 2 } } });
    expect(await postJson(url, [{}, {}, {}])).toMatchObject({ status: 413, json: { code: "TOO_MANY_ROWS" } });
  });
});

describe("415", () => {
  const gzipped: HttpCall = { headers: { "content-encoding": "gzip" }, body: gzipSync("[]") };
  test.each<[string, HttpCall]>([
    ["text", { headers: { "content-type": "text/plain" }, body: "[]" }],
    ["a form", { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "a=1" }],
    ["JSON that is not UTF-8", { headers: { "content-type": "application/json; charset=latin1" }, body: "[]" }],
    ["something like JSON", { headers: { "content-type": "application/jsonp" }, body: "[]" }],
    ["a compressed body", gzipped],
  ])("for %s", async (_name, options) => {
    const url = await start();
    const reply = await call(url, { method: "POST", ...options });
    expect(reply).toMatchObject({ status: 415, json: { code: "CONTENT_TYPE_UNSUPPORTED" } });
  });
});

describe("500", () => {
  const SECRET = "Traceback: /home/ann/model.py line 3";

  test("when the model fails: a code, no stack and nothing from inside; the log has it all", async () => {
    const url = await start({
      answer: () => {
        throw new Failure("MODEL_FAILED", { message: SECRET, details: { frames: [SECRET] } });
      },
    });
    const reply = await postJson(url, [{ age: 1 }]);
    expect(reply).toMatchObject({
      status: 500,
      json: { error: "The model raised an error while predicting.", code: "MODEL_FAILED" },
    });
    expect(reply.text).not.toContain("Traceback");
    const failed = server.events.find(({ event }) => event === "http.failed");
    expect(failed?.fields).toMatchObject({ code: "MODEL_FAILED", message: SECRET, details: { frames: [SECRET] } });
  });

  test("when it answers with another number of predictions", async () => {
    const url = await start({ answer: () => [] });
    expect(await postJson(url, [{ age: 1 }])).toMatchObject({ status: 500, json: { code: "PREDICTION_MISMATCH" } });
  });

  test("for a fault of the server's own", async () => {
    const url = await start({
      answer: () => {
        throw new RangeError(SECRET);
      },
    });
    const reply = await postJson(url, [{ age: 1 }]);
    expect(reply).toMatchObject({ status: 500, json: { code: "INTERNAL" } });
    expect(reply.text).not.toContain("Traceback");
    expect(server.events.find(({ event }) => event === "http.failed")?.fields["stack"]).toContain("RangeError");
  });

  test("fails one request; the next is answered", async () => {
    const url = await start({
      answer: (rows) => {
        if (JSON.stringify(rows).includes("13")) throw new Failure("MODEL_FAILED", { message: "No." });
        return rows.map(() => "fine");
      },
    });
    const ages = [11, 12, 13, 14];
    const replies = await Promise.all(ages.map((age) => postJson(url, [{ age }])));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 500, 200]);
  });
});

describe("503", () => {
  test("when the worker is lost", async () => {
    const url = await start({
      answer: () => {
        throw new Failure("WORKER_LOST", { message: "The model's worker ended (signal SIGKILL)." });
      },
    });
    expect(await postJson(url, [{ age: 1 }])).toMatchObject({ status: 503, json: { code: "WORKER_LOST" } });
  });

  test("while the model is loading, with when to come back, and after loading failed", async () => {
    await start();
    server.host.setLoading("late");
    const loading = { status: 503, headers: { "retry-after": "1" }, json: { code: "MODEL_LOADING" } };
    expect(await postJson(`${server.url}/v1/late/predict`, [])).toMatchObject(loading);
    expect(await call(`${server.url}/v1/late`)).toMatchObject(loading);
    server.host.setFailed("late", new Failure("PROOF_FAILED", { message: "Row 3: 0.1 is not 0.2." }));
    expect(await postJson(`${server.url}/v1/late/predict`, [])).toMatchObject({
      status: 503,
      json: { code: "MODEL_UNAVAILABLE", error: 'The model "late" could not be loaded (PROOF_FAILED).' },
    });
    await server.host.put("late", serveWith(server.engine, "late"));
    expect(await postJson(`${server.url}/v1/late/predict`, [])).toMatchObject({ status: 200 });
  });
});

test("429 when the queue is full, with when to come back", async () => {
  const url = await start({ model: { limits: { maxQueuedRequests: 1 } } });
  server.engine.hold();
  const first = postJson(url, [{ age: 1 }]);
  await expect.poll(() => server.engine.calls.length, { timeout: 20_000 }).toBe(1);
  const others = [postJson(url, [{ age: 2 }]), postJson(url, [{ age: 3 }])];
  const refused = await Promise.race(others);
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" }, json: { code: "QUEUE_FULL" } });
  server.engine.release();
  expect((await first).status).toBe(200);
  expect((await Promise.all(others)).map(({ status }) => status).sort()).toEqual([200, 429]);
});

test("429 when all bodies together are too large to hold", async () => {
  const url = await start({ limits: { maxBufferedBytes: 100 } });
  expect(await postJson(url, " ".repeat(200))).toMatchObject({ status: 429, json: { code: "QUEUE_FULL" } });
  for (let round = 0; round < 20; round++) expect((await postJson(url, [{ age: 1 }])).status).toBe(200);
});

test("504 when the model is too late", async () => {
  const url = await start({ model: { limits: { timeoutMs: 30 } } });
  server.engine.hold();
  const error = expect.stringMatching(/^The model did not answer within 0\.03 s\. Send fewer rows/) as string;
  expect(await postJson(url, [{ age: 1 }])).toMatchObject({ status: 504, json: { code: "DEADLINE_EXCEEDED", error } });
});
