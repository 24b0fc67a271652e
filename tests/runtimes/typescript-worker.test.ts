import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { WorkerSpec } from "../../src/model/ports/job.ts";
import { TypescriptTestbed, type TestWorker } from "../support/spawn-typescript-runtime.ts";

let bed: TypescriptTestbed;
beforeAll(async () => {
  bed = await TypescriptTestbed.create();
});
afterAll(() => bed.remove());

async function start(index: string, fields: Partial<WorkerSpec> = {}): Promise<TestWorker> {
  return bed.startWorker((await bed.stageIndex(index)).codeRoot, fields);
}

/** A scorer whose `predict` has this body; its parameter is `rows`. */
function scorer(body: string): string {
  return `export class ModelScorer { constructor(public config: any, public context: any) {} predict(rows: any) { ${body} } }`;
}

async function ready(worker: TestWorker): Promise<TestWorker> {
  expect(await worker.frame()).toMatchObject({ type: "ready" });
  return worker;
}

describe("a warm model", () => {
  test("is constructed with config and context, and answers one prediction a row", async () => {
    const worker = await start(
      scorer(
        "return rows.map((row) => [row.a + 1, this.config.hyperParameters, this.context.modelId, this.context.seed])",
      ),
      { columns: [{ name: "a", type: "integer" }] },
    );
    expect(await worker.frame()).toEqual({
      type: "ready",
      predictForm: "rows",
      inputForm: null,
      loadMs: expect.any(Number) as number,
    });
    expect(await worker.predictions([[1], [2]])).toEqual([
      [2, { "n.trees": 3 }, "m-1", null],
      [3, { "n.trees": 3 }, "m-1", null],
    ]);
  });

  test("is given rows as objects whose keys are exactly the columns", async () => {
    const names = ["a", "2nd", "__proto__", 'quote"\\\n', "constructor"];
    const worker = await ready(
      await start(
        scorer(
          "return rows.map((row) => [Object.keys(row), Object.values(row), Object.getPrototypeOf(row) === Object.prototype])",
        ),
        {
          columns: names.map((name) => ({ name, type: "string" })),
        },
      ),
    );
    expect(await worker.predictions([["v", "w", "x", "y", "z"]])).toEqual([[names, ["v", "w", "x", "y", "z"], true]]);
  });

  test("is given rows as they came when there is no signature", async () => {
    const worker = await ready(await start(scorer("return rows")));
    expect(await worker.predictions([{ b: [1] }, [2], "NaN"])).toEqual([{ b: [1] }, [2], "NaN"]);
  });

  test("sees NaN and infinities as numbers in float columns and as words in others, and may answer them", async () => {
    const worker = await ready(
      await start(scorer("return rows.map((row) => [typeof row.f, typeof row.s, row.f, row.s])"), {
        columns: [
          { name: "f", type: "float" },
          { name: "s", type: "string" },
        ],
      }),
    );
    expect(
      await worker.predictions([
        ["NaN", "NaN"],
        ["-Infinity", "x"],
        [null, "x"],
        [0.1, "x"],
      ]),
    ).toEqual([
      ["number", "string", "NaN", "NaN"],
      ["number", "string", "-Infinity", "x"],
      ["object", "string", null, "x"],
      ["number", "string", 0.1, "x"],
    ]);
  });

  test("sees integers beyond 2^53 as bigint and answers bigint as integers, without loss", async () => {
    const columns = [
      { name: "id", type: "integer" },
      { name: "f", type: "float" },
    ] as const;
    const worker = await ready(
      await start(scorer("return rows.map((row) => [row.id, typeof row.id, typeof row.f])"), { columns }),
    );
    expect(await worker.ask("[[9007199254740993,9007199254740993],[12,0.30000000000000004]]")).toBe(
      '{"type":"predictions","id":1,"predictions":[[9007199254740993,"bigint","number"],[12,"number","number"]]}',
    );
  });

  test("may answer typed arrays, undefined and dates", async () => {
    const worker = await ready(
      await start(scorer("return [Float32Array.of(0.5, NaN), undefined, { at: new Date(0), none: undefined }]")),
    );
    expect(await worker.predictions([1, 2, 3])).toEqual([
      [0.5, "NaN"],
      null,
      { at: "1970-01-01T00:00:00.000Z", none: null },
    ]);
    const whole = await ready(await start(scorer("return Float64Array.from(rows)")));
    expect(await whole.predictions([1, 2])).toEqual([1, 2]);
  });

  test("may be asynchronous, and answers in the order of the requests", async () => {
    const worker = await ready(
      await start(
        `export class ModelScorer { async predict(rows) { await new Promise((r) => setTimeout(r, rows[0])); return rows } }`,
      ),
    );
    const ids = [worker.send("[30]"), worker.send("[1]")];
    expect([await worker.frame(), await worker.frame()]).toEqual([
      { type: "predictions", id: ids[0], predictions: [30] },
      { type: "predictions", id: ids[1], predictions: [1] },
    ]);
  });

  test.each(["return rows * 2", "return Promise.resolve(rows * 2)"])("may take one row at a time: %s", async (body) => {
    const worker = await ready(await start(scorer(body), { predictForm: "row" }));
    expect(await worker.predictions([1, 2, 3])).toEqual([2, 4, 6]);
    expect(await worker.predictions([])).toEqual([]);
  });

  test("may print what it likes", async () => {
    const worker = await ready(
      await start(scorer('console.log("row", rows.length); process.stdout.write("\\u0000{}"); return rows')),
    );
    expect(await worker.predictions([1])).toEqual([1]);
    worker.channel.close();
    expect(await worker.stdout).toBe("row 1\n\u0000{}");
  });

  test("answers rows of megabytes that arrive in pieces", async () => {
    const worker = await ready(await start(scorer("return rows.map((row) => row.length)")));
    const long = "ü".repeat(3_000_000);
    expect(await worker.predictions([long, long])).toEqual([3_000_000, 3_000_000]);
  });
});

describe("a model that fails", () => {
  test("answers an error that names the user's line, and lives on", async () => {
    const worker = await ready(
      await start(
        `export class ModelScorer {\n  predict(rows) {\n    if (rows[0] < 0) throw new RangeError("below zero");\n    return rows;\n  }\n}`,
      ),
    );
    expect(await worker.predictions([-1])).toMatchObject({
      type: "error",
      id: 1,
      error: {
        type: "RangeError",
        message: "below zero",
        frames: [{ line: 3, function: "ModelScorer.predict", isUser: true }],
      },
    });
    expect(await worker.predictions([1])).toEqual([1]);
  });

  test.each([
    ["return 3", "no list but number"],
    ["return null", "no list but null"],
    ["return { a: 1 }", "no list but object"],
    ["return rows.map(() => () => 1)", "function cannot be written as JSON"],
    ["const own = []; own.push(own); return own", "contains itself"],
    ["throw undefined", "undefined"],
  ])("answers an error for: %s", async (body, message) => {
    const worker = await ready(await start(scorer(body)));
    const answer = (await worker.predictions([1])) as { readonly error: { readonly message: string } };
    expect(answer.error.message).toContain(message);
  });

  test("lives on after a rejection that nobody handled", async () => {
    const worker = await ready(await start(scorer('Promise.reject(new Error("stray")); return rows')));
    expect(await worker.predictions([1])).toEqual([1]);
    expect(await worker.predictions([2])).toEqual([2]);
    worker.channel.close();
    expect(await worker.stderr).toContain("stray");
  });

  test("ends after an error outside of its call, having answered the request in hand", async () => {
    const worker = await ready(
      await start(scorer('setTimeout(() => { throw new Error("in a timer") }, 5); return new Promise(() => {})')),
    );
    expect(await worker.predictions([1])).toMatchObject({ type: "error", error: { message: "in a timer" } });
    await worker.exit;
    expect(worker.child.exitCode).toBe(1);
  });
});

describe("a model that cannot be loaded", () => {
  test.each([
    ["export const train = 1", {}, "MissingExport", "model_modules/index.ts does not export a class ModelScorer."],
    [
      "export class ModelScorer { constructor() { throw new TypeError('no model file') } predict() {} }",
      {},
      "TypeError",
      "no model file",
    ],
    ["export class ModelScorer {}", {}, "ScorerMisfit", "no method predict"],
    ["process.exit(0)", {}, "EndedEarly", "process.exit(0)"],
    ["await new Promise(() => {}); export class ModelScorer {}", {}, "EndedEarly", "nothing is left to settle"],
    [scorer("return rows.a"), { probeRows: [{ a: 1 }] }, "ScorerMisfit", 'says "predict": "row"'],
    [scorer("return [1, 2]"), { probeRows: [1] }, "ScorerMisfit", "2 predictions for one row"],
  ])("says why: %s", async (index, fields, type, message) => {
    const worker = await start(index, fields);
    expect(await worker.frame()).toMatchObject({
      type: "failed",
      error: { type, message: expect.stringContaining(message) as string },
    });
    await worker.exit;
    expect(worker.child.exitCode).toBe(1);
  });
});

test("a worker ends when its channel is closed", async () => {
  const worker = await ready(await start(scorer("return rows")));
  worker.channel.close();
  await worker.exit;
  expect(worker.child.exitCode).toBe(0);
});

test("a child that the model leaves behind does not hold the channel open", async () => {
  const worker = await ready(
    await start(`
      import { spawn } from "node:child_process";
      const child = spawn("sleep", ["1000"], { stdio: "ignore" });
      export class ModelScorer { predict() { return [child.pid] } }`),
  );
  const [child] = (await worker.predictions([1])) as [number];
  worker.child.kill("SIGKILL");
  await worker.channelEnd;
  // Throws if the child is gone and the test has shown nothing.
  process.kill(child, "SIGKILL");
});

test("a worker in an endless loop dies when its parent is another one", async () => {
  const worker = await start("while (true) {}", { parentPid: 1 });
  const [, signal] = (await once(worker.child, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
});

test("a published version answers the same without the checkout", async () => {
  const code = await bed.project({
    "model/model_modules/index.ts": scorer("return rows.map((row) => row * 2)"),
    "model/config.json": "{}",
  });
  const staged = await bed.stage(code);
  const files = await Promise.all(
    staged.files.map(async ({ source, path }) => [`model/${path}`, await readFile(source, "utf8")] as const),
  );
  const version = await bed.project(Object.fromEntries(files));
  const restaged = await bed.stage(version);
  expect(restaged.codeRoot).toBe(join(version.codeRoot, "model_modules/index.bundle.mjs"));
  const worker = await ready(await bed.startWorker(restaged.codeRoot));
  expect(await worker.predictions([1, 2])).toEqual([2, 4]);
});
