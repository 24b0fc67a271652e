import { setImmediate as nextTurn } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { collectedLog } from "../../tests/support/collected-log.ts";
import { FunctionEngine, type AnswerRows } from "../../tests/support/function-engine.ts";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import type { Signature } from "../model/definition/signature.ts";
import type { ExactJson } from "../model/ports/predictor.ts";
import { loadedModel, type LoadedModelFields } from "./loaded-model.ts";

const SIGNATURE: Signature = {
  columns: [
    { name: "a", type: "integer", min: 0 },
    { name: "b", type: "float", optional: true },
  ],
  outputs: [{ name: "sum", kind: "value" }],
};

const INFO = { name: "m", reference: "m@1", version: "1", digest: "d1", proof: "predictions", metrics: {} } as const;

const echo: AnswerRows = (rows) => rows;

function setUp(fields: Partial<LoadedModelFields> = {}, answer = echo) {
  const engine = new FunctionEngine(answer);
  const collected = collectedLog();
  const model = loadedModel({
    info: INFO,
    engine,
    signature: SIGNATURE,
    batchable: true,
    log: collected.log,
    ...fields,
  });
  return { engine, model, events: collected.events };
}

describe("a reply", () => {
  test("answers the good rows and names the bad ones", async () => {
    const { engine, model } = setUp();
    const reply = await model.predict({ rows: [{ a: 1, b: "NaN" }, { a: -1 }, 5, { a: 2 }] });
    expect(reply).toEqual({
      predictions: [
        [1, "NaN"],
        [2, null],
      ],
      rows: [0, 3],
      version: "1",
      errors: { "1": { a: ["must be at least 0"] }, "2": { "": ["must be an object"] } },
    });
    expect(engine.calls).toHaveLength(1);
  });

  test("without a good row, or without any row, does not need the model", async () => {
    const { engine, model } = setUp();
    expect(await model.predict({ rows: [] })).toEqual({ predictions: [], rows: [], version: "1", errors: null });
    expect(await model.predict({ rows: [{}] })).toEqual({
      predictions: [],
      rows: [],
      version: "1",
      errors: { "0": { a: ["is missing"] } },
    });
    expect(engine.calls).toEqual([]);
  });

  test("to very many rows is that to each of them", async () => {
    const { model } = setUp();
    const rows = Array.from({ length: 3_500 }, (_, index) => (index % 7 === 3 ? { a: -1 } : { a: index }));
    const reply = await model.predict({ rows });
    const good = [...rows.keys()].filter((index) => index % 7 !== 3);
    expect(reply.rows).toEqual(good);
    expect(reply.predictions).toEqual(reply.rows.map((index) => [index, null]));
    expect(Object.keys(reply.errors ?? {})).toHaveLength(500);
    expect(reply.errors?.["1018"]).toEqual({ a: ["must be at least 0"] });
  });

  test("keeps integers beyond 2^53 on the way in and out", async () => {
    const { engine, model } = setUp({}, (rows) => rows.map((row) => (row as ExactJson[])[0] ?? null));
    const { predictions } = await model.predict({ rows: [{ a: 9007199254740993n }] });
    expect(engine.calls).toEqual([[[9007199254740993n, null]]]);
    expect(predictions).toEqual([9007199254740993n]);
  });

  test("without a signature comes from the rows as they are", async () => {
    const { model } = setUp({ signature: null });
    const rows = [{ any: [1, 2n ** 60n] }, [1, "x"], "text", null];
    expect(await model.predict({ rows })).toMatchObject({ predictions: rows, rows: [0, 1, 2, 3], errors: null });
  });
});

test("without a signature only requests whose rows have the same keys go together", async () => {
  const { engine, model } = setUp({ signature: null });
  const requests = [[{ a: 1 }], [{ a: 2 }], [{ a: 3, b: 4 }], [{ a: 5 }, { b: 6 }], [[7]]];
  await Promise.all(requests.map((rows) => model.predict({ rows })));
  expect(engine.calls).toEqual([[{ a: 1 }, { a: 2 }], [{ a: 3, b: 4 }, { a: 5 }, { b: 6 }], [[7]]]);
});

test("too many rows are refused", async () => {
  const { model } = setUp({ limits: { maxRows: 2 } });
  await expect(model.predict({ rows: [{}, {}, {}] })).rejects.toMatchObject({ code: "TOO_MANY_ROWS" });
});

test("the time limit is the request's own, else the server's", async () => {
  const { engine, model } = setUp({ limits: { timeoutMs: 20 } });
  engine.hold();
  await expect(model.predict({ rows: [{ a: 1 }] })).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  engine.release();
  const { engine: other, model: patient } = setUp();
  other.hold();
  const late = patient.predict({ rows: [{ a: 1 }], timeoutMs: 20 });
  await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

test("a model describes itself, and whether it is ready, as its engine is now", () => {
  const { engine, model } = setUp();
  expect(model.info).toEqual({ ...INFO, engine: "worker", signature: SIGNATURE, checksRows: true, ready: true });
  engine.isUp = false;
  expect(model.info.ready).toBe(false);
  expect(setUp({ signature: null }).model.info.checksRows).toBe(false);
});

describe("events", () => {
  test("tell version, input and output apart", async () => {
    const { model, events } = setUp();
    await model.predict({ rows: [{ a: 2n ** 60n }] });
    const prediction: unknown = events[0]?.fields["prediction"];
    expect(prediction).toEqual(expect.any(String));
    expect(events.map(({ event, fields }) => ({ event, ...fields }))).toEqual([
      { event: "prediction.version", prediction, model: "m", version: "1", digest: "d1" },
      { event: "prediction.input", prediction, model: "m", rows: [{ a: "1152921504606846976" }] },
      {
        ...{ event: "prediction.output", prediction, model: "m", version: "1" },
        ...{ predictions: [["1152921504606846976", null]], rows: [0], errors: null },
      },
    ]);
  });

  test("tie the failure of a predict to its input", async () => {
    const { model, events } = setUp({}, () => {
      throw new Failure("MODEL_FAILED", { message: "No." });
    });
    await expect(model.predict({ rows: [{ a: 1 }] })).rejects.toThrow("No.");
    expect(events.map(({ event }) => event)).toEqual(["prediction.version", "prediction.input", "prediction.failed"]);
    const [begun, , failed] = events.map(({ fields }) => fields);
    const prediction = begun?.["prediction"];
    expect(failed).toEqual({ prediction, model: "m", version: "1", code: "MODEL_FAILED", message: "No." });
  });

  test("do not quote what a model says when it fails where values are redacted", async () => {
    const { model, events } = setUp({ redact: ["a"] }, () => {
      throw new Failure("MODEL_FAILED", { message: "The model failed: 4711 is odd." });
    });
    await expect(model.predict({ rows: [{ a: 4711 }] })).rejects.toMatchObject({ code: "MODEL_FAILED" });
    expect(events.map(({ event }) => event)).toContain("prediction.failed");
    expect(JSON.stringify(events)).not.toContain("4711");
  });

  test.each([
    [0, 0],
    [0.25, 2],
    [1, 8],
  ])("are written for a share of %d of the requests", async (loggedShare, expected) => {
    const { model, events } = setUp({ loggedShare });
    for (let round = 0; round < 8; round++) await model.predict({ rows: [{ a: round }] });
    expect(events.filter(({ event }) => event === "prediction.output")).toHaveLength(expected);
  });

  test("warn of extra columns once a minute", async () => {
    let nowMs = 0;
    const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };
    const { model, events } = setUp({ clock, loggedShare: 0 });
    for (nowMs of [0, 1, 59_999, 60_000]) await model.predict({ rows: [{ a: 1 }, { a: 1, z: 2 }] });
    expect(events).toEqual([
      { level: "warn", event: "prediction.extraColumnsIgnored", fields: { model: "m", columns: ["z"] } },
      { level: "warn", event: "prediction.extraColumnsIgnored", fields: { model: "m", columns: ["z"] } },
    ]);
  });
});

describe("draining", () => {
  test("waits for the requests there are before the engine is stopped", async () => {
    const { engine, model } = setUp();
    engine.hold();
    const rows = Array.from({ length: 2_500 }, () => ({ a: 1 }));
    const answers = [model.predict({ rows: [{ a: 1 }] }), model.predict({ rows })];
    const drained = model.drain(10_000);
    await nextTurn();
    expect(engine.isStopped).toBe(false);
    engine.release();
    await drained;
    expect(engine.isStopped).toBe(true);
    expect((await Promise.all(answers)).map(({ predictions }) => predictions.length)).toEqual([1, 2_500]);
  });

  test("gives up after its time, and refuses what was not started", async () => {
    const { engine, model } = setUp();
    engine.hold();
    const started = model.predict({ rows: [{ a: 1 }] });
    await expect.poll(() => engine.calls.length, { timeout: 20_000 }).toBe(1);
    const waiting = model.predict({ rows: [{ a: 1 }] });
    const refused = expect(waiting).rejects.toMatchObject({ code: "SERVER_DRAINING" });
    await model.drain(20);
    await refused;
    expect(engine.isStopped).toBe(true);
    engine.release();
    await started;
  });
});
