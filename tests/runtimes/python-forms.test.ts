import { describe, expect, test } from "vitest";

import type { WireColumn, WorkerMessage, WorkerSpec } from "../../src/model/ports/job.ts";
import { runPythonJob, seenBy, startPythonWorker, trainReporting, type TestWorker } from "../support/python-testbed.ts";
import { testPython } from "../support/test-python.ts";

const NUMBERS: readonly WireColumn[] = [
  { name: "a", type: "float" },
  { name: "b", type: "float" },
  { name: "c", type: "float" },
];
const MIXED: readonly WireColumn[] = [
  { name: "i", type: "integer" },
  { name: "f", type: "float" },
  { name: "s", type: "string" },
  { name: "b", type: "boolean" },
];

/** A scorer whose `predict(self, data)` has this body; NumPy and pandas are imported as the model would. */
async function start(
  body: string,
  fields: Partial<WorkerSpec> = {},
  imports = "import numpy as np\nimport pandas as pd",
): Promise<TestWorker> {
  const lines = body.split("\n").map((line) => `        ${line}`);
  const text = [imports, "class ModelScorer:", "    def predict(self, data):", ...lines].join("\n");
  return startPythonWorker({ files: { "model_modules/__init__.py": text }, interpreter: testPython() }, fields);
}

async function formsOf(worker: TestWorker): Promise<unknown> {
  const message: WorkerMessage = await worker.frame();
  return message.type === "ready" ? [message.predictForm, message.inputForm] : message;
}

/** What `predict` was given, as Python prints it. */
async function given(expression: string, rows: string, fields: Partial<WorkerSpec>): Promise<unknown> {
  const worker = await start(`return [${expression}] * len(data)`, { predictForm: "rows", ...fields });
  await worker.frame();
  const message = JSON.parse(await worker.ask(rows)) as WorkerMessage;
  return message.type === "predictions" ? message.predictions[0] : message;
}

describe("the form is found by one example", () => {
  const SUM = "np.asarray(data, dtype=float).sum(axis=1)";

  test.each([
    ["an array of many rows", `return ${SUM}`, ["rows", "array"]],
    ["an array by its columns", "return data[:, 0] + data[:, 1] + data[:, 2]", ["rows", "array"]],
    ["a table of one column of predictions", `return ${SUM}.reshape(-1, 1)`, ["rows", "array"]],
    ["lists only", "assert isinstance(data, list)\nreturn [sum(row) for row in data]", ["rows", "list"]],
    ["a frame by its names", "return data['a'] + data['b'] + data['c']", ["rows", "frame"]],
    ["a frame, answered with a frame", "return pd.DataFrame({'sum': data.sum(axis=1)})", ["rows", "array"]],
    ["records", "return [row['a'] + row['b'] + row['c'] for row in data if type(row) is dict]", ["rows", "records"]],
    [
      "one row that it wraps itself",
      "rows = np.array([data], dtype=float)\nassert rows.ndim == 2\nreturn rows.sum(axis=1)",
      ["row", "array"],
    ],
    [
      "one row that it reshapes",
      "rows = np.array(data, dtype=float).reshape(1, -1)[:, :3]\nreturn rows.sum(axis=1)",
      ["row", "array"],
    ],
    [
      "one row that it makes a frame of",
      "return pd.DataFrame([data], columns=list('abc')).sum(axis=1).tolist()",
      ["row", "array"],
    ],
    [
      "a frame of one row, answered with one number",
      "assert len(data) == 1\nreturn float(data['a'].iloc[0] + data['b'].iloc[0] + data['c'].iloc[0])",
      ["row", "frame"],
    ],
    ["one record", "return data['a'] + data['b'] + data['c'] if type(data) is dict else 1 / 0", ["row", "records"]],
    [
      "one row by position",
      "return data[0] + data[1] + data[2] if isinstance(data[0], float) else 1 / 0",
      ["row", "array"],
    ],
  ])("%s", async (_, body, forms) => {
    const worker = await start(body, { columns: NUMBERS, probeRows: [[1, 2, 3]] });
    expect(await formsOf(worker)).toEqual(forms);
    const predictions = (await worker.predictions([
      [1, 2, 3],
      [4, 5, 6],
    ])) as unknown[];
    const numbers = predictions.map((prediction) =>
      typeof prediction === "number" ? prediction : Object.values(prediction as Record<string, unknown>)[0],
    );
    expect(numbers).toEqual([6, 15]);
  });

  test("a model that never imported NumPy is given lists, although NumPy is installed", async () => {
    const body = "return [sum(row + [0.5]) for row in data]";
    const worker = await start(body, { columns: NUMBERS, probeRows: [[1, 2, 3]] }, "");
    expect(await formsOf(worker)).toEqual(["rows", "list"]);
    expect(await worker.predictions([[1, 2, 3]])).toEqual([6.5]);
  });

  test("rows with text are lists, then an array of objects, then a frame, then records", async () => {
    const tried = await start("raise ValueError(1)", { columns: MIXED, probeRows: [[1, 2, "x", true]] });
    const message = await tried.frame();
    expect(message.type === "failed" && message.error.message).toContain(
      "rows as list, rows as array, rows as frame, rows as records, row as list, row as array, row as frame",
    );
    const array = await start("return data[:, 0] * 2", { columns: MIXED, probeRows: [[1, 2, "x", true]] });
    expect(await formsOf(array)).toEqual(["rows", "array"]);
    expect(await array.predictions([[21, 2, "x", true]])).toEqual([42]);
  });

  test("objects without a signature are records, then a frame, never arrays", async () => {
    const worker = await start("return data['b'] - data['a']", { probeRows: [{ b: 3, a: 1 }] });
    expect(await formsOf(worker)).toEqual(["rows", "frame"]);
    expect(
      await worker.predictions([
        { a: 1, b: 3 },
        { b: 3, a: 1 },
      ]),
    ).toEqual([2, 2]);
    const failing = await start("return data.nothing", { probeRows: [{ b: 3, a: 1 }] });
    const message = await failing.frame();
    expect(message.type === "failed" && message.error.message).not.toMatch(/array,|list,/);
  });

  test("a model that was trained on names is given names, so that it can check their order", async () => {
    const train = `
import numpy as np, pandas as pd
from sklearn.linear_model import LinearRegression
X = pd.DataFrame({"a": [1., 2., 4.], "b": [1., 0., 5.], "c": [3., 1., 1.]})
MODEL = LinearRegression().fit(X, X["a"] + 10 * X["b"])
`;
    const worker = await start("return MODEL.predict(data)", { columns: NUMBERS, probeRows: [[1, 2, 3]] }, train);
    expect(await formsOf(worker)).toEqual(["rows", "frame"]);
    const nameless = await start(
      "return MODEL.predict(np.asarray(data))",
      { columns: NUMBERS, probeRows: [[1, 2, 3]] },
      train,
    );
    expect(await formsOf(nameless)).toEqual(["rows", "array"]);
    const scrambled = await start(
      "return MODEL.predict(data)",
      { columns: NUMBERS, inputForm: "frame", predictForm: "rows" },
      train.replace("MODEL =", 'X = X[["b", "a", "c"]]\nMODEL ='),
    );
    await scrambled.frame();
    expect(await scrambled.predictions([[1, 2, 3]])).toMatchObject({ type: "error", error: { type: "ValueError" } });
  });
});

describe("rows that are arrays with names, without a signature", () => {
  const NAMES = ["b", "a"];
  const ROWS = [
    [3, 1],
    [7, 2],
  ];

  test.each([
    ["go by position to a model that takes arrays", "return data[:, 0] - data[:, 1]", ["rows", "array"]],
    ["go by position to one that wraps a row", "return (np.array([data]) @ [1, -1]).tolist()", ["row", "array"]],
    ["go by name to one that takes a frame", "return data['b'] - data['a']", ["rows", "frame"]],
    ["go by name to one that takes records", "return [row['b'] - row['a'] for row in data]", ["rows", "records"]],
  ])("%s", async (_, body, forms) => {
    const worker = await start(body, { probeRows: ROWS.slice(0, 1), probeNames: NAMES });
    expect(await formsOf(worker)).toEqual(forms);
    expect(await worker.predictions(ROWS, NAMES)).toEqual([2, 5]);
    const untried = await start(body);
    await untried.frame();
    expect(await untried.predictions(ROWS, NAMES)).toEqual([2, 5]);
  });

  test("of another order mean the same to a model that takes names", async () => {
    const worker = await start("return data['b'] - data['a']", { probeRows: ROWS.slice(0, 1), probeNames: NAMES });
    await worker.frame();
    expect(await worker.predictions([[1, 3]], ["a", "b"])).toEqual([2]);
    expect(await worker.predictions([{ a: 1, b: 3 }])).toEqual([2]);
  });

  test("have in a frame the types that pandas itself would read", async () => {
    const fields = { predictForm: "rows", inputForm: "frame" } as const;
    const types = "[str([str(t) for t in data.dtypes]) + str(data.values.tolist())] * len(data)";
    const worker = await start(`return ${types}`, fields);
    await worker.frame();
    const expected = "['float64', 'bool', 'object'][[1.0, True, 'x'], [nan, False, nan]]";
    const names = ["n", "b", "t"];
    const rows = [
      [1, true, "x"],
      [null, false, null],
    ];
    expect(await worker.predictions(rows, names)).toEqual([expected, expected]);
    const objects = rows.map((row) => Object.fromEntries(row.map((cell, index) => [names[index] ?? "", cell])));
    expect(await worker.predictions(objects)).toEqual([expected, expected]);
  });

  test("of differing lengths are the client's fault, told as such", async () => {
    const worker = await start("return data[:, 0]", { probeRows: [[1, 2]] });
    await worker.frame();
    expect(await worker.predictions([[1, 2], [1]])).toMatchObject({ error: { type: "RowsUnfit" } });
  });
});

describe("rows of another kind than the examples", () => {
  const FRAME = "f = pd.DataFrame(data, columns=['a', 'b'])\nreturn (f['b'] - f['a']).tolist()";
  const TRAIN = "import numpy as np, pandas as pd\nfrom sklearn.linear_model import LinearRegression";
  const FIT = "MODEL = LinearRegression().fit(np.array([[1., 2.], [2., 5.], [4., 4.]]), [1., 3., 0.])";

  test("are tried for themselves: a scorer that makes a frame takes arrays and objects", async () => {
    for (const probeRows of [[[1, 3]], [{ b: 3, a: 1 }]]) {
      const worker = await start(FRAME, { probeRows });
      await worker.frame();
      expect(await worker.predictions([[1, 3]])).toEqual([2]);
      expect(await worker.predictions([{ b: 3, a: 1 }])).toEqual([2]);
      expect(await worker.predictions([[1, 4]])).toEqual([3]);
    }
  });

  test("are refused when the model could only take them in the order of their keys", async () => {
    for (const fields of [{ probeRows: [[1, 3]] }, {}]) {
      const worker = await start("return MODEL.predict(data)", fields, `${TRAIN}\n${FIT}`);
      await worker.frame();
      const message = expect.stringContaining("an object gives no order") as unknown;
      const objects = await worker.predictions([{ b: 3, a: 1 }]);
      expect(objects).toMatchObject({ error: { type: "RowsUnfit", message } });
      expect(await worker.predictions([[1, 3]])).toHaveLength(1);
    }
  });

  test("that are objects come in the order of the examples, where these are objects", async () => {
    const worker = await start("return MODEL.predict(data)", { probeRows: [{ a: 1, b: 3 }] }, `${TRAIN}\n${FIT}`);
    expect(await formsOf(worker)).toEqual(["rows", "frame"]);
    expect(await worker.predictions([{ b: 3, a: 1 }])).toEqual(await worker.predictions([[1, 3]], ["a", "b"]));
    expect(await worker.predictions([{ a: 1 }])).toMatchObject({ type: "error" });
  });

  test("are refused when the model takes values by name", async () => {
    const worker = await start("return data['b'] - data['a']", { probeRows: [{ a: 1, b: 3 }] });
    await worker.frame();
    const message = "The model takes values by name, and an array gives no names.";
    expect(await worker.predictions([[1, 3]])).toMatchObject({ error: { type: "RowsUnfit", message } });
    expect(await worker.predictions([[1, 3]], ["a", "b"])).toEqual([2]);
    expect(await worker.predictions([[1, 3]])).toMatchObject({ error: { type: "RowsUnfit", message } });
  });
});

test.each(["records", "list", "array"] as const)(
  "rows of several kinds are refused as such, whatever the model takes: %s",
  async (input) => {
    const worker = await start("return [1 for _ in data]", { predictForm: "rows", inputForm: input });
    await worker.frame();
    const message = "Rows of one request must be of one kind, not arrays and objects and plain values.";
    expect(await worker.predictions([[1], { a: 1 }, 5])).toMatchObject({ error: { type: "RowsUnfit", message } });
  },
);

describe("the input", () => {
  const INTEGERS: readonly WireColumn[] = [
    { name: "i", type: "integer" },
    { name: "j", type: "integer" },
  ];
  const SHOW = "f'{data.dtype} {data.tolist()}'";

  test.each([
    ["floats", NUMBERS, '[[1, "NaN", null]]', "float64 [[1.0, nan, nan]]"],
    ["infinities", NUMBERS, '[["Infinity", "-Infinity", 0]]', "float64 [[inf, -inf, 0.0]]"],
    ["integers", INTEGERS, "[[1, 9007199254740993]]", "int64 [[1, 9007199254740993]]"],
    ["integers with nulls", INTEGERS, "[[1, null]]", "float64 [[1.0, nan]]"],
    ["integers that would lose digits", INTEGERS, "[[null, 9007199254740993]]", "object [[None, 9007199254740993]]"],
    ["integers of any size", INTEGERS, "[[1, 123456789012345678901]]", "object [[1, 123456789012345678901]]"],
    ["text", MIXED, '[[1, 2, "x", null]]', "object [[1, 2.0, 'x', None]]"],
    ["numbers without a signature", null, "[[1, 2.5]]", "float64 [[1.0, 2.5]]"],
    ["integers without a signature", null, "[[1, 2]]", "int64 [[1, 2]]"],
    ["anything without a signature", null, '[[1, "NaN"]]', "object [[1, 'NaN']]"],
  ])("as an array of %s", async (_, columns, rows, expected) => {
    expect(await given(SHOW, rows, { inputForm: "array", columns })).toBe(expected);
  });

  const TYPES = "[[str(t) for t in data.dtypes], data.to_dict('list')]";

  test("as a frame has the names and types that pandas itself would read", async () => {
    const frame = { inputForm: "frame", columns: MIXED } as const;
    const text = expect.stringMatching(/^(object|str)$/) as string;
    expect(await given(TYPES, '[[1, 2, "x", true], [2, "NaN", "", false]]', frame)).toEqual([
      ["int64", "float64", text, "bool"],
      { i: [1, 2], f: [2, "NaN"], s: ["x", ""], b: [true, false] },
    ]);
    expect(await given(TYPES, '[[1, 2, "x", true], [null, null, null, null]]', frame)).toEqual([
      ["float64", "float64", text, "object"],
      { i: [1, "NaN"], f: [2, "NaN"], s: ["x", "NaN"], b: [true, "NaN"] },
    ]);
    expect(await given(TYPES, "[[null, null, null, null]]", frame)).toEqual([
      ["float64", "float64", "object", "object"],
      { i: ["NaN"], f: ["NaN"], s: ["NaN"], b: ["NaN"] },
    ]);
    expect(await given(TYPES, '[[9007199254740993, 1, "x", true], [null, 1, "x", true]]', frame)).toMatchObject([
      ["object", "float64", text, "bool"],
      {},
    ]);
  });

  test("as a frame of floats alone, and without a signature", async () => {
    expect(await given(TYPES, '[[1, null, "NaN"]]', { inputForm: "frame", columns: NUMBERS })).toEqual([
      ["float64", "float64", "float64"],
      { a: [1], b: ["NaN"], c: ["NaN"] },
    ]);
    expect(await given("list(data.columns)", '[{"x": 1, "y": 2}, {"y": 3}]', { inputForm: "frame" })).toEqual([
      "x",
      "y",
    ]);
  });

  test("of one row at a time is an array of one dimension, a frame of one row", async () => {
    const fields = { predictForm: "row", columns: NUMBERS } as const;
    const array = await start("return str(data.shape)", { ...fields, inputForm: "array" });
    await array.frame();
    expect(
      await array.predictions([
        [1, 2, 3],
        [1, 2, 3],
      ]),
    ).toEqual(["(3,)", "(3,)"]);
    const frame = await start("return str(data.shape)", { ...fields, inputForm: "frame" });
    await frame.frame();
    expect(
      await frame.predictions([
        [1, 2, 3],
        [1, 2, 3],
      ]),
    ).toEqual(["(1, 3)", "(1, 3)"]);
  });
});

describe("predictions of NumPy and pandas", () => {
  test.each([
    ["float32", "np.array([0.1, 2], dtype=np.float32)", [0.10000000149011612, 2]],
    ["not-a-number and infinity", "np.array([np.nan, np.inf])", ["NaN", "Infinity"]],
    ["a list of scalars", "[np.int64(1), np.float32(0.5), np.bool_(True), np.str_('x')]", [1, 0.5, true, "x"]],
    ["a list of arrays", "[np.array([0.25, 0.75]), np.array([[1]])]", [[0.25, 0.75], [[1]]]],
    [
      "two dimensions",
      "np.array([[0.1, 0.9], [0.2, 0.8]])",
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
    ],
    ["objects", "np.array(['a', None, np.float64('nan')], dtype=object)", ["a", null, "NaN"]],
    ["long doubles", "np.array([0.5, 2], dtype=np.longdouble)", [0.5, 2]],
    ["times", "np.array(['2026-01-02T03:04', 'NaT'], dtype='datetime64[ns]')", ["2026-01-02T03:04:00.000000000", null]],
    ["a series", "pd.Series([1, None, 3], index=[7, 8, 9])", [1, "NaN", 3]],
    ["a series with missing values", "pd.Series([1, None], dtype='Int64')", [1, null]],
    ["a series of times", "pd.Series(pd.to_datetime(['2026-01-02', None]))", ["2026-01-02T00:00:00", null]],
    ["categories", "pd.Series(['x', 'y']).astype('category')", ["x", "y"]],
    [
      "a frame",
      "pd.DataFrame({'label': ['x', 'y'], 'p': np.array([0.5, np.nan], dtype=np.float32)})",
      [
        { label: "x", p: 0.5 },
        { label: "y", p: "NaN" },
      ],
    ],
    ["a dict of scalars for each row", "[{'p': np.float32(0.5), np.int64(1): np.array([1])}]", [{ p: 0.5, "1": [1] }]],
  ])("%s", async (_, expression, expected) => {
    const worker = await start(`return ${expression}`, { predictForm: "rows", inputForm: "list" });
    await worker.frame();
    expect(await worker.predictions(expected.map((_item, index) => index))).toEqual(expected);
  });

  test("an array of one is one prediction, where a scorer takes one row", async () => {
    const worker = await start("return np.array([data[0]], dtype=np.int32)", { predictForm: "row", inputForm: "list" });
    await worker.frame();
    expect(await worker.predictions([[1], [2]])).toEqual([1, 2]);
  });
});

test("NumPy is seeded when the model imports it, and imports as it always does", async () => {
  const before = "import sys\nassert 'numpy' not in sys.modules\nimport numpy, inspect";
  const expression =
    "[numpy.random.rand(2).tolist(), type(numpy.random.__spec__.loader).__name__, 'def ' in inspect.getsource(numpy.random)]";
  const files = trainReporting("a, b", expression, before);
  const run = await runPythonJob({ files, interpreter: testPython() });
  expect(run.result?.status, run.stderr).toBe("succeeded");
  expect(await seenBy(run)).toEqual([[0.3745401188473625, 0.9507143064099162], "SourceFileLoader", true]);
});
