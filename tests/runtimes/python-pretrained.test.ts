import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import type { WireColumn, WorkerSpec } from "../../src/model/ports/job.ts";
import { runCommand } from "../../src/process/run-command.ts";
import { startPythonWorker, type TestWorker } from "../support/python-testbed.ts";
import { testPython } from "../support/test-python.ts";

const RUNTIMES = resolve(import.meta.dirname, "../../runtimes/python");
const CODE_ROOT = join(RUNTIMES, "pretrained");

/** Runs Python in `folder`, as a data scientist would to make a model file. */
async function python(folder: string, code: string): Promise<string> {
  const command = [testPython(), "-c", code];
  const result = await runCommand(command, { cwd: folder, env: { PYTHONDONTWRITEBYTECODE: "1" } });
  expect(result.exitCode, result.stderr).toBe(0);
  return result.stdout;
}

const TRAIN = `
import joblib, pickle, numpy as np, pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression, LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
frame = pd.DataFrame({"kind": ["x", "y"] * 10, "size": np.arange(20.0)})
table = make_column_transformer((OneHotEncoder(), ["kind"]), (StandardScaler(), ["size"]))
named = make_pipeline(table, LogisticRegression()).fit(frame, np.where(frame["size"] > 9, "big", "small"))
sizes = LinearRegression().fit(pd.DataFrame({"a": [1., 2., 4.], "b": [1., 0., 5.]}), [1., 2., 3.])
pickle.dump(sizes, open("sizes.pkl", "wb"))
pickle.dump({"model": sizes}, open("dict.pkl", "wb"))
nameless = LinearRegression().fit(np.array([[1.0], [2.0]]), [10.0, 20.0])
joblib.dump(named, "named.joblib")
joblib.dump(named, "named.joblib.pkl", compress=3)
pickle.dump(named, open("named.pkl", "wb"))
pickle.dump(nameless, open("nameless.pickle", "wb"))
`;

let files: ReadonlyMap<string, Buffer>;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "modelwright-test-"));
  try {
    await python(folder, TRAIN);
    const names = await readdir(folder);
    files = new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function bytesOf(name: string): Buffer {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`${name} was not made`);
  return bytes;
}

describe("a model file alone", () => {
  const columns: readonly WireColumn[] = [
    { name: "size", type: "float" },
    { name: "kind", type: "string" },
  ];

  function serve(artifacts: Readonly<Record<string, Buffer>>, fields: Partial<WorkerSpec>): Promise<TestWorker> {
    const placement = { files: {}, interpreter: testPython() };
    return startPythonWorker(placement, { ...fields, codeRoot: CODE_ROOT, artifacts });
  }

  test.each(["named.joblib", "named.joblib.pkl", "named.pkl"])(
    "%s predicts by the names of its columns",
    async (name) => {
      const worker = await serve({ [name]: bytesOf(name) }, { columns, probeRows: [[1, "x"]] });
      expect(await worker.frame()).toMatchObject({ type: "ready", predictForm: "rows", inputForm: "frame" });
      expect(
        await worker.predictions([
          [1, "x"],
          [18, "y"],
        ]),
      ).toEqual(["small", "big"]);
    },
  );

  test("takes objects where there is no signature, in any order of keys", async () => {
    const worker = await serve({ "m.pkl": bytesOf("named.pkl") }, { probeRows: [{ size: 1, kind: "x", extra: 0 }] });
    expect(await worker.frame()).toMatchObject({ inputForm: "records" });
    expect(await worker.predictions([{ kind: "y", size: 18 }])).toEqual(["big"]);
    for (const rows of [[{ size: 18 }], [{ kind: "y", size: 18 }, { size: 18 }]])
      expect(await worker.predictions(rows)).toMatchObject({
        error: { message: "The model was trained with columns that the rows lack: kind" },
      });
  });

  test("takes objects also where its examples are arrays, if it knows names", async () => {
    const worker = await serve({ "m.pkl": bytesOf("sizes.pkl") }, { probeRows: [[1, 2]] });
    await worker.frame();
    expect(await worker.predictions([{ b: 2, a: 1 }])).toEqual(await worker.predictions([[1, 2]]));
  });

  test("that is no model says what it is", async () => {
    const frame = await (await serve({ "m.pkl": bytesOf("dict.pkl") }, {})).frame();
    expect(frame.type === "failed" && frame.error.message).toContain("m.pkl holds a dict, which has no predict");
  });

  test("that knows no names is given an array", async () => {
    const worker = await serve(
      { "m.pickle": bytesOf("nameless.pickle"), "notes.md": Buffer.from("") },
      { columns: [{ name: "a", type: "float" }], probeRows: [[3]] },
    );
    expect(await worker.frame()).toMatchObject({ inputForm: "array" });
    expect(await worker.predictions([[3]])).toEqual([expect.closeTo(30)]);
  });

  test.each([
    ["none", {}, "found: none"],
    ["two", { "a.pkl": "", "b.json": "" }, "found: a.pkl, b.json"],
  ])("is not chosen among %s, which is told", async (_, artifacts, message) => {
    const buffers = Object.fromEntries(Object.keys(artifacts).map((name) => [name, Buffer.from("")]));
    const frame = await (await serve(buffers, {})).frame();
    expect(frame.type === "failed" && frame.error.message).toContain(message);
  });
});
