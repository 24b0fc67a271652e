import { describe, expect, test } from "vitest";

import type { WireColumn, WorkerSpec } from "../../src/model/ports/job.ts";
import { startPythonWorker, type Files, type TestWorker } from "../support/python-testbed.ts";

/** A scorer whose `predict(self, data)` has this body. */
function scorer(predict: string, before = ""): Files {
  const body = predict.split("\n").map((line) => `        ${line}`);
  return {
    "model_modules/__init__.py": [before, "class ModelScorer:", "    def predict(self, data):", ...body].join("\n"),
  };
}

const AS_LISTS = { predictForm: "rows", inputForm: "list" } as const;

async function startReady(files: Files, fields: Partial<WorkerSpec> = {}): Promise<TestWorker> {
  const worker = await startPythonWorker({ files }, fields);
  expect(await worker.frame()).toMatchObject({ type: "ready" });
  return worker;
}

/** What a scorer that hands its input back is given. */
async function given(rows: readonly unknown[], columns: readonly WireColumn[], fields: Partial<WorkerSpec> = {}) {
  const worker = await startReady(scorer("return [repr(row) for row in data]"), { ...AS_LISTS, columns, ...fields });
  return worker.predictions(rows);
}

describe("loading", () => {
  test.each([
    ["config", "self, config", true],
    ["a config that may be left out", "self, config=None", true],
    ["a config under another name", "self, settings", true],
    ["a config with a default of its own", "self, model_conf={}", true],
    ["anything", "self, *args", true],
    ["nothing", "self", false],
    ["a setting of its own", "self, path='models/model.pkl'", false],
    ["only keywords", "self, **kwargs", false],
  ])("a scorer that takes %s is made so", async (_, signature, takesConfig) => {
    const init = `    def __init__(${signature}):\n        self.given = {k: v for k, v in locals().items() if k != "self"}`;
    const files = {
      "model_modules/__init__.py": `class ModelScorer:\n${init}\n    def predict(self, data): return [repr(self.given)] * len(data)`,
    };
    const worker = await startReady(files, AS_LISTS);
    const [seen] = (await worker.predictions([[1]])) as string[];
    expect(seen?.includes("n.trees")).toBe(takesConfig);
  });

  test("identifiers are given to a scorer that names them", async () => {
    const files = {
      "model_modules/__init__.py": `
class ModelScorer:
    def __init__(self, config, model_version, path="x"): self.given = [config["hyperParameters"], model_version, path]
    def predict(self, data): return [self.given]`,
    };
    const worker = await startReady(files, AS_LISTS);
    expect(await worker.predictions([[1]])).toEqual([[{ "n.trees": 3 }, "v-1", "x"]]);
  });

  test("a scorer is found in scoring.py, and the work folder is the current one", async () => {
    const files = {
      "model_modules/__init__.py": "",
      "model_modules/scoring.py":
        "import os\nclass ModelScorer:\n    def predict(self, data): return [sorted(os.listdir())] * len(data)",
    };
    const worker = await startReady(files, AS_LISTS);
    expect(await worker.predictions([[1]])).toEqual([["artifacts", "models"]]);
  });

  test.each([
    [
      "no scorer",
      "x = 1",
      "EntryPointMissing",
      "The model has no ModelScorer. Looked for: model_modules.ModelScorer; ",
    ],
    ["no predict", "class ModelScorer: pass", "EntryPointMissing", "ModelScorer has no method predict(data)."],
    ["an error in its constructor", "class ModelScorer:\n    def __init__(self): {}['a']", "KeyError", "'a'"],
    ["sys.exit(0) while it loads", "import sys; sys.exit(0)", "SystemExit", "The model called sys.exit(0)."],
  ])("%s is told, and the worker ends", async (_, text, type, message) => {
    const worker = await startPythonWorker({ files: { "model_modules/__init__.py": text } });
    const expected = { type, message: expect.stringContaining(message) as string };
    expect(await worker.frame()).toMatchObject({ type: "failed", error: expected });
    expect(await worker.group.exited).toEqual({ exitCode: 1, signal: null });
  });

  test("what the model prints while it loads and predicts never reaches the channel", async () => {
    const noise = "import os, sys\nprint('loading')\nos.write(1, b'\\x00\\x00\\x00\\x02{}')";
    const worker = await startReady(scorer("print('row', data)\nreturn data", noise), AS_LISTS);
    expect(await worker.predictions([1, 2])).toEqual([1, 2]);
    expect(await worker.stdout()).toContain("row [1, 2]\n");
  });

  test("standard input is empty", async () => {
    const worker = await startReady(scorer("import sys\nreturn [sys.stdin.read()]"), AS_LISTS);
    expect(await worker.predictions([1])).toEqual([""]);
  });
});

describe("a request", () => {
  test("that fails is answered with the model's frames, and the worker lives on", async () => {
    const worker = await startReady(
      scorer("if data[0] == 'bad': raise ValueError('no such row')\nreturn data"),
      AS_LISTS,
    );
    expect(await worker.predictions(["bad"])).toEqual({
      type: "error",
      id: 1,
      error: {
        type: "ValueError",
        message: "no such row",
        frames: [
          {
            file: expect.stringMatching(/model_modules\/__init__\.py$/) as string,
            line: 4,
            function: "predict",
            source: "if data[0] == 'bad': raise ValueError('no such row')",
            isUser: true,
          },
        ],
      },
    });
    expect(await worker.predictions(["good"])).toEqual(["good"]);
  });

  test.each([
    ["SystemExit", "import sys\nsys.exit(0)"],
    ["KeyboardInterrupt", "raise KeyboardInterrupt"],
    ["MemoryError", "return [0] * (1 << 60)"],
    ["RecursionError", "return self.predict(data)"],
    ["TypeError", "return [object()] * len(data)"],
    ["PredictionMismatch", "return data + data"],
    ["PredictionMismatch", "return 'one'"],
    ["PredictionMismatch", "return None"],
  ])("in which a %s is raised costs the worker nothing", async (type, body) => {
    const worker = await startReady(scorer(`if data == [2]: return data\n${body}`), AS_LISTS);
    expect(await worker.predictions([1])).toMatchObject({ type: "error", id: 1, error: { type } });
    expect(await worker.predictions([2])).toEqual([2]);
  });

  test("of another number of predictions says both numbers", async () => {
    const worker = await startReady(scorer("return data[1:]"), AS_LISTS);
    expect(await worker.predictions([1, 2, 3])).toMatchObject({
      error: { message: "predict answered 3 rows with 2 predictions." },
    });
  });

  test("that is nested too deep to be read is answered too", async () => {
    const worker = await startReady(scorer("return [1]"), AS_LISTS);
    const answer = await worker.ask(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
    expect(JSON.parse(answer)).toMatchObject({ type: "error", id: 1, error: { type: "RecursionError" } });
    expect(await worker.predictions([1])).toEqual([1]);
  });

  test("without rows is answered without asking the model", async () => {
    const worker = await startReady(scorer("raise ValueError"));
    expect(await worker.predictions([])).toEqual([]);
  });

  test("may be larger than any buffer, in both directions", async () => {
    const worker = await startReady(scorer("return data"), AS_LISTS);
    const rows = Array.from({ length: 200_000 }, (_, index) => [index, `é${index}`]);
    expect(await worker.predictions(rows)).toEqual(rows);
  });

  test("that is cut off ends the worker quietly", async () => {
    const worker = await startReady(scorer("return data"), AS_LISTS);
    worker.group.channel?.end(Buffer.from([0, 0, 0, 9, 0x7b]));
    expect(await worker.group.exited).toEqual({ exitCode: 0, signal: null });
  });
});

describe("rows", () => {
  const columns: readonly WireColumn[] = [
    { name: "i", type: "integer" },
    { name: "f", type: "float" },
    { name: "s", type: "string" },
    { name: "b", type: "boolean" },
  ];

  test("keep integers exact and whole, and make floats of all that stands in a float column", async () => {
    const worker = await startReady(scorer("return [repr(row) for row in data]"), { ...AS_LISTS, columns });
    const answer = await worker.ask(
      '[[12345678901234567890123, 1, "NaN", true], [null, null, null, null], [-1, "NaN", "", false], [0, "-Infinity", "x", true]]',
    );
    expect((JSON.parse(answer) as { predictions: unknown }).predictions).toEqual([
      "[12345678901234567890123, 1.0, 'NaN', True]",
      "[None, None, None, None]",
      "[-1, nan, '', False]",
      "[0, -inf, 'x', True]",
    ]);
  });

  test("as records have the names of the columns", async () => {
    expect(await given([[1, 2, "x", true]], columns, { inputForm: "records" })).toEqual([
      "{'i': 1, 'f': 2.0, 's': 'x', 'b': True}",
    ]);
  });

  test.each(["list", "array"] as const)(
    "that are objects are never made a %s by the order of their keys",
    async (inputForm) => {
      const worker = await startReady(scorer("return [row[0] for row in data]"), { predictForm: "rows", inputForm });
      expect(await worker.predictions([{ b: 1, a: 2 }])).toMatchObject({ error: { type: "RowsUnfit" } });
    },
  );

  test("that are arrays of unknown columns are never made records", async () => {
    const worker = await startReady(scorer("return data"), { predictForm: "rows", inputForm: "records" });
    expect(await worker.predictions([[1, 2]])).toMatchObject({ error: { type: "RowsUnfit" } });
  });
});

describe("predictions", () => {
  test.each([
    [
      "floats that JSON lacks",
      "[float('nan'), float('inf'), -float('inf'), 0.1]",
      ["NaN", "Infinity", "-Infinity", 0.1],
    ],
    ["decimals", "[Decimal('1.5'), Decimal('NaN')]", [1.5, "NaN"]],
    [
      "times",
      "[datetime(2026, 1, 2, 3), date(2026, 1, 2), timedelta(hours=1)]",
      ["2026-01-02T03:00:00", "2026-01-02", "1:00:00"],
    ],
    ["bytes", "[b'text', b'\\xff\\x00']", ["text", "/wA="]],
    ["tuples, sets and mappings", "[(1, 2), {3}, MappingProxyType({'a': 1})]", [[1, 2], [3], { a: 1 }]],
    ["enumerations", "[Kind.A, Kind.B]", ["a", 2]],
    [
      "keys that are not text",
      "[{None: 'b', True: float('nan'), (1, 2): 'c'}]",
      [{ true: "NaN", null: "b", "(1, 2)": "c" }],
    ],
    ["nothing", "[None, False, '']", [null, false, ""]],
    ["surrogates", "['\\ud800', 'é']", ["\ud800", "é"]],
    ["an iterator", "(i for i in range(2))", [0, 1]],
    ["a tuple", "(1, 2)", [1, 2]],
  ])("that are %s", async (_, expression, expected) => {
    const imports =
      "from datetime import *\nfrom decimal import Decimal\nfrom enum import Enum\nfrom types import MappingProxyType\nclass Kind(Enum):\n    A = 'a'\n    B = 2";
    const worker = await startReady(scorer(`return ${expression}`, imports), AS_LISTS);
    expect(await worker.predictions(expected.map((_item, index) => index))).toEqual(expected);
  });

  test("that are large integers stay exact", async () => {
    const worker = await startReady(scorer("return [2 ** 70]"), AS_LISTS);
    expect(await worker.ask("[1]")).toBe('{"type":"predictions","id":1,"predictions":[1180591620717411303424]}');
  });

  test("that hold themselves are an error", async () => {
    const worker = await startReady(scorer("a = []\na.append(a)\nreturn [a]"), AS_LISTS);
    expect(await worker.predictions([1])).toMatchObject({ type: "error", error: { type: "RecursionError" } });
  });
});

describe("the forms", () => {
  const NUMBERS: readonly WireColumn[] = [
    { name: "a", type: "float" },
    { name: "b", type: "float" },
  ];

  test.each([
    ["many rows", "return [row[0] + row[1] for row in data]", "rows", "list", 3],
    ["one row", "return data[0] + data[1]", "row", "list", 3],
    ["one row, answered with a list of one", "return [data[0] + data[1]]", "row", "list", 3],
    ["one row, answered with a list", "return [data[0] + data[1], data[1] + 0.5]", "row", "list", [3, 2.5]],
    [
      "one row that it wraps itself",
      "rows = [data]\nreturn [float(row[0]) + float(row[1]) for row in rows]",
      "row",
      "list",
      3,
    ],
    ["records", "return [row['a'] + row['b'] for row in data]", "rows", "records", 3],
    ["one record", "return data['a'] + data['b'] if type(data) is dict else 1 / 0", "row", "records", 3],
  ] as const)("a scorer of %s is found out by one example", async (_, body, predictForm, inputForm, expected) => {
    const worker = await startPythonWorker({ files: scorer(body) }, { columns: NUMBERS, probeRows: [[1, 2]] });
    expect(await worker.frame()).toMatchObject({ type: "ready", predictForm, inputForm });
    expect(await worker.predictions([[1, 2]])).toEqual([expected]);
    expect(await worker.predictions(Array.from({ length: 4 }, () => [1, 2]))).toEqual(Array(4).fill(expected));
  });

  test("a scorer that flattens its input is not taken for one of many rows", async () => {
    const flatten =
      "flat = [cell for row in data for cell in row] if isinstance(data[0], list) else data\nreturn [flat[0] + flat[1]]";
    const worker = await startPythonWorker({ files: scorer(flatten) }, { columns: NUMBERS, probeRows: [[1, 2]] });
    expect(await worker.frame()).toMatchObject({ predictForm: "row" });
    expect(
      await worker.predictions([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([3, 7]);
  });

  test("a scorer whose answers depend on the place of a row is still one of many rows", async () => {
    const body = "return [row[0] + row[1] + place for place, row in enumerate(data)]";
    const worker = await startPythonWorker({ files: scorer(body) }, { columns: NUMBERS, probeRows: [[1, 2]] });
    expect(await worker.frame()).toMatchObject({ type: "ready", predictForm: "rows", inputForm: "list" });
    expect(
      await worker.predictions([
        [1, 2],
        [1, 2],
      ]),
    ).toEqual([3, 4]);
  });

  test("a scorer that changes its rows is tried with fresh ones", async () => {
    const body = "return [row.pop() for row in data]";
    const worker = await startPythonWorker({ files: scorer(body) }, { probeRows: [[1, 2]] });
    expect(await worker.frame()).toMatchObject({ predictForm: "rows", inputForm: "list" });
    expect(
      await worker.predictions([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([2, 4]);
  });

  test("what is declared is not tried otherwise", async () => {
    const declared = await startReady(scorer("return [1, 2]"), {
      predictForm: "row",
      inputForm: "list",
      probeRows: [[1]],
    });
    expect(await declared.predictions([[1], [2]])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const half = await startPythonWorker(
      { files: scorer("return [data[0]]") },
      { predictForm: "row", probeRows: [[5]] },
    );
    expect(await half.frame()).toMatchObject({ predictForm: "row", inputForm: "list" });
  });

  test("that nobody can find are an error that says what was tried and what settles it", async () => {
    const worker = await startPythonWorker(
      { files: scorer("raise ValueError('never')") },
      { columns: NUMBERS, probeRows: [[1, 2]] },
    );
    const message = await worker.frame();
    expect(message).toMatchObject({
      type: "failed",
      error: { type: "ValueError", frames: [{ source: "raise ValueError('never')", isUser: true }] },
    });
    const text = message.type === "failed" ? message.error.message : "";
    expect(text).toMatch(
      /^never\nTried predict with rows as list, .*row as records: none gave one prediction a row\. Set "predict"/,
    );
    expect(text).not.toContain("Caused by");
  });

  test("are found with the first rows when there is no example, and a request that fails settles nothing", async () => {
    const body = "if 'bad' in str(data): raise ValueError('bad')\nreturn [row['x'] for row in data]";
    const worker = await startPythonWorker({ files: scorer(body) });
    expect(await worker.frame()).toMatchObject({ type: "ready", predictForm: null, inputForm: null });
    expect(await worker.predictions([])).toEqual([]);
    expect(await worker.predictions([["bad"]])).toMatchObject({ type: "error", error: { type: "ValueError" } });
    expect(await worker.predictions([{ x: 1 }, { x: 2 }])).toEqual([1, 2]);
    expect(await worker.predictions([{ x: 3 }])).toEqual([3]);
  });

  test("of rows that are objects are records", async () => {
    const worker = await startPythonWorker(
      { files: scorer("return [row['b'] for row in data]") },
      { probeRows: [{ b: 1, a: 2 }] },
    );
    expect(await worker.frame()).toMatchObject({ predictForm: "rows", inputForm: "records" });
  });

  test("of rows that are texts are lists of texts", async () => {
    const worker = await startPythonWorker(
      { files: scorer("return [len(text) for text in data]") },
      { probeRows: ["some text"] },
    );
    expect(await worker.frame()).toMatchObject({ predictForm: "rows", inputForm: "list" });
    expect(await worker.predictions(["a", "bcd"])).toEqual([1, 3]);
  });
});
