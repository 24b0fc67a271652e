import { setImmediate as nextTurn } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { collectedLog } from "../../tests/support/collected-log.ts";
import { FunctionEngine } from "../../tests/support/function-engine.ts";
import { Failure } from "../kernel/failure.ts";
import { loadedModel } from "./loaded-model.ts";
import { modelHost } from "./model-host.ts";

const ONE_ROW = { rows: [[1]] };

function model(name: string, version: string) {
  const engine = new FunctionEngine((rows) => rows.map(() => version));
  const info = { name, reference: `${name}@${version}`, version, digest: null, proof: "none", metrics: {} } as const;
  return { engine, loaded: loadedModel({ info, engine, signature: null, batchable: true }) };
}

const PROOF_FAILED = new Failure("PROOF_FAILED", { message: "Row 3 differs." });

describe("a model that cannot answer yet", () => {
  test("is unknown until it is named", async () => {
    const host = modelHost();
    await expect(host.predict("a", ONE_ROW)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    expect(() => host.findModel("constructor")).toThrow('No model named "constructor"');
    expect(host.states()).toMatchObject([]);
  });

  test("is loading, and says when to come back", async () => {
    const host = modelHost();
    host.setLoading("a");
    const failure = { code: "MODEL_LOADING", kind: "unavailable", details: { retryAfterSeconds: 1 } };
    await expect(host.predict("a", ONE_ROW)).rejects.toMatchObject(failure);
    expect(host.states()).toMatchObject([{ name: "a", state: "loading", code: null }]);
    expect(host.models()).toEqual([]);
  });

  test("has failed, and says by which code", async () => {
    const { log, events } = collectedLog();
    const host = modelHost({ log });
    host.setLoading("a");
    host.setFailed("a", PROOF_FAILED);
    await expect(host.predict("a", ONE_ROW)).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
      message: 'The model "a" could not be loaded (PROOF_FAILED).',
    });
    expect(host.states()).toMatchObject([{ name: "a", state: "failed", code: "PROOF_FAILED" }]);
    expect(events).toMatchObject([{ event: "model.failed", fields: { code: "PROOF_FAILED", isStillServed: false } }]);
  });
});

describe("several models", () => {
  test("answer side by side, one of them restarting", async () => {
    const host = modelHost();
    const [a, b] = [model("a", "1"), model("b", "2")];
    await host.put("a", a.loaded);
    await host.put("b", b.loaded);
    b.engine.isUp = false;
    expect(host.models().map(({ reference, ready }) => [reference, ready])).toEqual([
      ["a@1", true],
      ["b@2", false],
    ]);
    expect(host.states().map(({ state }) => state)).toEqual(["ready", "restarting"]);
    expect((await host.predict("a", ONE_ROW)).version).toBe("1");
    expect((await host.predict("b", ONE_ROW)).predictions).toEqual(["2"]);
    expect(host.findModel("b").version).toBe("2");
  });

  test("go one by one", async () => {
    const host = modelHost();
    const { engine, loaded } = model("a", "1");
    await host.put("a", loaded);
    await host.remove("a");
    await host.remove("a");
    expect(engine.isStopped).toBe(true);
    await expect(host.predict("a", ONE_ROW)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    expect(host.models()).toEqual([]);
  });
});

describe("a swap", () => {
  test("sends new requests to the new version, and lets the old one answer what it has", async () => {
    const host = modelHost();
    const [before, after] = [model("a", "1"), model("a", "2")];
    await host.put("a", before.loaded);
    before.engine.hold();
    const old = host.predict("a", ONE_ROW);
    await nextTurn();
    const swapped = host.put("a", after.loaded);
    expect(await host.predict("a", ONE_ROW)).toMatchObject({ version: "2", predictions: ["2"] });
    expect(before.engine.isStopped).toBe(false);
    before.engine.release();
    expect(await old).toMatchObject({ version: "1", predictions: ["1"] });
    await swapped;
    expect(before.engine.isStopped).toBe(true);
    expect(after.engine.isStopped).toBe(false);
  });

  test("that fails leaves the old version serving", async () => {
    const host = modelHost();
    await host.put("a", model("a", "1").loaded);
    host.setLoading("a");
    expect((await host.predict("a", ONE_ROW)).version).toBe("1");
    host.setFailed("a", PROOF_FAILED);
    expect((await host.predict("a", ONE_ROW)).version).toBe("1");
    expect(host.states()).toMatchObject([{ name: "a", state: "ready", code: null }]);
  });
});

describe("draining", () => {
  test("answers what is there, refuses what comes, and stops every model", async () => {
    const host = modelHost();
    const [a, b] = [model("a", "1"), model("b", "2")];
    await host.put("a", a.loaded);
    await host.put("b", b.loaded);
    a.engine.hold();
    const started = host.predict("a", ONE_ROW);
    const drained = host.drain(10_000);
    await expect(host.predict("b", ONE_ROW)).rejects.toMatchObject({ code: "SERVER_DRAINING" });
    a.engine.release();
    await drained;
    expect((await started).version).toBe("1");
    expect([a.engine.isStopped, b.engine.isStopped]).toEqual([true, true]);
  });

  test("stops a version that was loaded too late", async () => {
    const host = modelHost();
    await host.drain(10);
    const { engine, loaded } = model("a", "1");
    await host.put("a", loaded);
    expect(engine.isStopped).toBe(true);
  });
});
