import { afterEach, describe, expect, test } from "vitest";

import { Failure } from "../../src/kernel/failure.ts";
import { call, postJson } from "../support/http-exchange.ts";
import { serveWith, SIGNATURE, startPredictionServer, type PredictionServer } from "../support/prediction-server.ts";

let server: PredictionServer;

async function get(path: string) {
  const { status, headers, text, json } = await call(server.url + path);
  return { status, type: headers["content-type"], text, json };
}

afterEach(async () => {
  await server.stop();
});

describe("GET", () => {
  test("/health says ok, whatever the models do", async () => {
    server = await startPredictionServer();
    server.host.setLoading("late");
    expect(await get("/health")).toMatchObject({ status: 200, type: "text/plain; charset=utf-8", text: "ok" });
    expect(await get("/health?x=1")).toMatchObject({ status: 200 });
  });

  test("/ready says 200 only while every model answers", async () => {
    server = await startPredictionServer();
    expect(await get("/ready")).toMatchObject({ status: 200, json: { ready: true, models: { churn: "ready" } } });
    server.engine.isUp = false;
    expect(await get("/ready")).toMatchObject({ status: 503, json: { ready: false, models: { churn: "restarting" } } });
    server.engine.isUp = true;
    server.host.setLoading("late");
    expect(await get("/ready")).toMatchObject({ status: 503, json: { models: { churn: "ready", late: "loading" } } });
    server.host.setFailed("late", new Failure("PROOF_FAILED", { message: "No." }));
    expect(await get("/ready")).toMatchObject({ status: 503, json: { models: { late: "PROOF_FAILED" } } });
    await server.host.remove("late");
    expect(await get("/ready")).toMatchObject({ status: 200 });
    await server.host.remove("churn");
    expect(await get("/ready")).toMatchObject({ status: 503, json: { ready: false, models: {} } });
  });

  test("/version tells the model's and the API's versions apart, for one model and for several", async () => {
    server = await startPredictionServer();
    expect((await get("/version")).text).toBe('{"model_version":"v7","api_version":"1"}');
    await server.host.put("other", serveWith(server.engine, "other"));
    expect((await get("/version")).text).toBe(
      '{"model_version":null,"api_version":"1","models":{"churn":"v7","other":"v7"}}',
    );
    await server.host.remove("other");
    await server.host.remove("churn");
    expect((await get("/version")).json).toMatchObject({ model_version: null });
  });

  test("/v1/<model> tells what answers, and whether rows are checked", async () => {
    server = await startPredictionServer();
    const expected = {
      ...{ name: "churn", reference: "churn@champion", version: "v7", digest: "abc", engine: "worker" },
      ...{
        signature: SIGNATURE,
        checksRows: true,
        proof: "predictions",
        metrics: { accuracy: 0.9 },
        ready: true,
        update: null,
      },
    };
    expect(await get("/v1/churn")).toMatchObject({ status: 200, json: expected });
    expect((await get("/v1/ch%75rn")).json).toEqual(expected);
    await server.host.put("raw", serveWith(server.engine, "raw", { signature: null }));
    expect((await get("/v1/raw")).json).toMatchObject({ signature: null, checksRows: false });
  });

  test("/v1 lists the models, also those that are still loading", async () => {
    server = await startPredictionServer();
    server.host.setLoading("late");
    expect((await get("/v1")).json).toEqual({
      models: [
        {
          ...{ name: "churn", state: "ready", path: "/v1/churn", reference: "churn@champion" },
          ...{ version: "v7", digest: "abc", engine: "worker", proof: "predictions" },
        },
        { name: "late", state: "loading", path: "/v1/late" },
      ],
    });
  });
});

test("HEAD answers as GET does, without the body", async () => {
  server = await startPredictionServer();
  for (const path of ["/health", "/ready", "/version", "/v1", "/v1/churn"]) {
    const [head, full] = [await call(server.url + path, { method: "HEAD" }), await call(server.url + path)];
    expect(head).toMatchObject({ status: 200, text: "" });
    expect(head.headers["content-length"]).toBe(full.headers["content-length"]);
  }
});

describe("POST /predict", () => {
  test("asks the only model, in the newer and the older form", async () => {
    server = await startPredictionServer();
    const url = `${server.url}/predict`;
    expect((await postJson(url, [{ age: 3 }])).json).toMatchObject({ predictions: [3] });
    expect((await postJson(url, { inputs: [{ age: 4 }] })).json).toMatchObject({ predictions: [4] });
    const named = { data: { names: ["score", "age"], ndarray: [[0.5, 5]] } };
    expect((await postJson(url, named)).json).toMatchObject({ predictions: [5] });
    const bare = { data: { ndarray: [[6, 0.5], [7]] } };
    expect((await postJson(url, bare)).json).toMatchObject({
      ...{ predictions: [6], rows: [0] },
      errors: { "1": { "": ["must be a list of 2 values"] } },
    });
    expect(server.engine.calls.at(-1)).toEqual([[6, 0.5]]);
  });

  test("without a signature sends lists as they are", async () => {
    server = await startPredictionServer({ model: { signature: null } });
    const reply = await postJson(`${server.url}/predict`, { data: { ndarray: [[6, 0.5], [7]] } });
    expect(reply.json).toMatchObject({ predictions: [6, 7] });
    expect(server.engine.calls).toEqual([[[6, 0.5], [7]]]);
  });

  test("without a signature sends names beside the lists, and names lists of another length", async () => {
    server = await startPredictionServer({ model: { signature: null } });
    const data = { names: ["b", "a"], ndarray: [[6, 0.5], [7]] };
    const errors = { "1": { "": ["must be a list of 2 values"] } };
    expect((await postJson(`${server.url}/predict`, { data })).json).toMatchObject({ predictions: [6], errors });
    const newer = { inputs: data.ndarray, names: data.names };
    expect((await postJson(`${server.url}/v1/churn/predict`, newer)).json).toMatchObject({ errors });
    expect(server.engine.calls).toEqual([[[6, 0.5]], [[6, 0.5]]]);
    expect(server.engine.names).toEqual(['["b","a"]', '["b","a"]']);
  });

  test("is not there when there are several models", async () => {
    server = await startPredictionServer();
    await server.host.put("other", serveWith(server.engine, "other"));
    const reply = await postJson(`${server.url}/predict`, [{ age: 3 }]);
    expect(reply).toMatchObject({ status: 404, json: { code: "ROUTE_NOT_FOUND" } });
    expect((await postJson(`${server.url}/v1/other/predict`, [{ age: 3 }])).status).toBe(200);
  });
});
