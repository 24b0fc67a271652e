import { afterEach, expect, test } from "vitest";

import { FunctionEngine } from "../support/function-engine.ts";
import { Failure } from "../../src/kernel/failure.ts";
import { call, postJson } from "../support/http-exchange.ts";
import { serveWith, startPredictionServer, type PredictionServer } from "../support/prediction-server.ts";
import { parsePrometheus, valueOf } from "./support/prometheus-text.ts";

let server: PredictionServer;
afterEach(() => server.stop());

async function scrape() {
  const reply = await call(`${server.url}/metrics`);
  expect(reply.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parsePrometheus(reply.text);
}

const ask = (body: unknown, model = "churn") => postJson(`${server.url}/v1/${model}/predict`, body);
const V7 = { model: "churn", version: "v7" };

test("requests are counted by model, version and status, rows and row errors too", async () => {
  server = await startPredictionServer();
  await ask([{ age: 1 }, { age: 2 }]);
  await ask([{ age: 1 }, { age: "old" }]);
  await ask([{ age: -1 }]);
  await ask("{");
  await ask([], "nobody");
  const samples = await scrape();
  expect(valueOf(samples, "modelwright_requests_total", { ...V7, status: "200", code: "" })).toBe(2);
  expect(valueOf(samples, "modelwright_requests_total", { ...V7, status: "422", code: "" })).toBe(1);
  expect(valueOf(samples, "modelwright_rows_total", V7)).toBe(5);
  expect(valueOf(samples, "modelwright_row_errors_total", V7)).toBe(2);
  expect(valueOf(samples, "modelwright_request_duration_seconds_count", V7)).toBe(3);
  // The first request's two rows in one call, and the second's good one.
  expect(valueOf(samples, "modelwright_batch_rows_sum", V7)).toBe(3);
  expect(valueOf(samples, "modelwright_batch_rows_bucket", { ...V7, le: "1" })).toBe(1);
  expect(valueOf(samples, "modelwright_http_errors_total", { status: "400", code: "REQUEST_MALFORMED" })).toBe(1);
  expect(valueOf(samples, "modelwright_http_errors_total", { status: "404", code: "MODEL_NOT_FOUND" })).toBe(1);
  expect(samples.filter(({ name }) => name === "modelwright_http_errors_total").length).toBe(2);
});

test("a model that fails, and one that is too slow, are counted by code", async () => {
  server = await startPredictionServer({
    answer: () => {
      throw new Failure("WORKER_OUT_OF_MEMORY", { message: "Too much." });
    },
  });
  await ask([{ age: 1 }]);
  const samples = await scrape();
  const labels = { ...V7, status: "503", code: "WORKER_OUT_OF_MEMORY" };
  expect(valueOf(samples, "modelwright_requests_total", labels)).toBe(1);
});

test("what waits and what is in flight is told while it is so", async () => {
  server = await startPredictionServer();
  server.engine.hold();
  const first = ask([{ age: 1 }]);
  await expect.poll(() => server.engine.calls.length, { timeout: 20_000 }).toBe(1);
  const second = ask([{ age: 2 }, { age: 3 }]);
  await expect.poll(async () => valueOf(await scrape(), "modelwright_queue_rows", V7), { timeout: 20_000 }).toBe(2);
  expect(valueOf(await scrape(), "modelwright_queue_requests", V7)).toBe(1);
  expect(valueOf(await scrape(), "modelwright_requests_in_flight", V7)).toBe(2);
  server.engine.release();
  await Promise.all([first, second]);
  expect(valueOf(await scrape(), "modelwright_requests_in_flight", V7)).toBe(0);
});

test("counts of a version stay when another takes over, and go on when it comes back", async () => {
  server = await startPredictionServer();
  await ask([{ age: 1 }]);
  const other = serveWith(new FunctionEngine((rows) => rows), "churn", {
    info: { name: "churn", reference: "churn", version: 'v8 "x\\y"', digest: null, proof: "none", metrics: {} },
  });
  await server.host.put("churn", other);
  await ask([{ age: 1 }]);
  expect(valueOf(await scrape(), "modelwright_rows_total", V7)).toBe(1);
  expect(valueOf(await scrape(), "modelwright_rows_total", { version: 'v8 "x\\y"' })).toBe(1);
  await server.host.put("churn", serveWith(server.engine, "churn"));
  await ask([{ age: 1 }]);
  expect(valueOf(await scrape(), "modelwright_rows_total", V7)).toBe(2);
  expect(valueOf(await scrape(), "modelwright_model_ready", { model: "churn" })).toBe(1);
});
