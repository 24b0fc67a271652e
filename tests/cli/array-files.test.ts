import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { summariseRowFile } from "../../src/lifecycle/data/row-files.ts";
import { proposeSignature } from "../../src/model/definition/propose-signature.ts";
import { folderMadeBy } from "../arrays/support/run-python.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";

const MAKE = `
import os
import numpy as np, pandas as pd
rows = np.array([(3, 49.9, "basic", 1), (40, 20.0, "plus", 0), (55, 12.5, "pro", 0)],
                dtype=[("tenure_months", "<i8"), ("monthly_price", "<f8"), ("plan", "<U5"), ("churned", "<i1")])
names = ["tenure_months", "monthly_price", "plan"]
np.save("rows.npy", rows[names])
np.savez("labelled.npz", **{name: rows[name] for name in rows.dtype.names})
np.save("train.npy", np.tile(rows, 10))
np.save("line.npy", np.arange(3.0))
np.save("objects.npy", np.array([[3, "basic"]], dtype=object))
frame = pd.DataFrame(rows[names])
np.savez("texts.npz", **{name: frame[name].astype(object if name == "plan" else frame[name].dtype) for name in names})
frame.assign(monthly_price=[49.9, 20.0, np.nan]).to_pickle("frame.pkl")
class Evil:
    def __reduce__(self): return os.system, ("touch '%s/trace'" % os.getcwd(),)
np.save("evil.npy", np.array([[3, 49.9, Evil()]], dtype=object))
`;

let arrays = "";
beforeAll(async () => {
  arrays = await folderMadeBy(MAKE);
});

/** An environment as it stands among those that were built, with the packages of the tests. */
async function keepEnvironment(home: string): Promise<void> {
  const folder = join(home, "envs", "0123456789abcdef".repeat(2));
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "bin/python"), `#!/bin/sh\nexec '${testPython()}' "$@"\n`, { mode: 0o755 });
  const ready = { interpreterVersion: "CPython 3.11.7", lockDigest: "0", packages: ["numpy==2.0.0"] };
  await writeFile(join(folder, "ready.json"), JSON.stringify(ready));
}

/** A project whose model is tested on, and published with, arrays. */
async function project() {
  const cwd = await testFolder();
  const home = await testFolder();
  const run = (...args: readonly string[]) => runCli([...args, "--json"], { cwd, home });
  const succeeds = async (...args: readonly string[]) => {
    const { exitCode, stderr, json } = await run(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return json as Record<string, unknown>;
  };
  await writeFile(join(cwd, "modelwright.json"), "{}");
  await succeeds("add", "churn", "--language", "typescript");
  for (const file of await readdir(arrays)) await copyFile(join(arrays, file), join(cwd, file));
  return { cwd, home, run, succeeds, definition: join(cwd, "model_definitions", "churn") };
}

test("a model is measured on, published with and asked rows of arrays", async () => {
  const { cwd, home, succeeds, definition } = await project();
  const { run } = await succeeds("train", "churn");
  const { id } = run as { readonly id: string };
  await copyFile(join(home, "runs", id, "signature.json"), join(definition, "signature.json"));
  const file = join(definition, "model.json");
  await writeFile(file, (await readFile(file, "utf8")).replace("data/test.csv", "labelled.npz"));

  const published = await succeeds("publish", "churn", "--examples", "rows.npy");
  expect(published).toMatchObject({ proof: "metrics", recordedRows: 3, metrics: { accuracy: 1 } });
  for (const rows of ["rows.npy", "labelled.npz"])
    expect(await succeeds("predict", "churn", join(cwd, rows))).toMatchObject({ predictions: [1, 0, 0], errors: null });
});

test("a signature is proposed from an array of records", async () => {
  const summary = await summariseRowFile(join(arrays, "train.npy"), {
    openPickled: () => Promise.reject(new Error("There is no pickle in it.")),
    signal: new AbortController().signal,
  });
  const { columns, outputs } = proposeSignature(summary, { target: "churned", features: null });
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ["tenure_months", "integer"],
    ["monthly_price", "float"],
    ["plan", "string"],
  ]);
  expect(outputs).toEqual([{ name: "churned", kind: "label", classes: [0, 1] }]);
});

test("rows in pickles are read where the reader's list allows what they import, and nothing runs otherwise", async () => {
  const { cwd, home, run, succeeds } = await project();
  await succeeds("train", "churn", "--publish");
  await writeFile(join(cwd, "modelwright.json"), JSON.stringify({ allowedPickleImports: ["numpy.*", "pandas.*"] }));
  const predict = (file: string) => run("predict", "churn", file, "--python", testPython());
  const bare = join(await testFolder(), "bare");
  execFileSync("python3", ["-m", "venv", "--without-pip", bare]);
  const lacking = await run("predict", "churn", "texts.npz", "--python", join(bare, "bin/python"));
  expect(lacking.stderr).toContain("No module named 'numpy'");
  // Where nobody chose an interpreter, one that a model brought along does.
  await keepEnvironment(home);
  const PATH = `${bare}/bin:${process.env["PATH"] ?? ""}`;
  const unchosen = await runCli(["predict", "churn", "texts.npz", "--json"], { cwd, home, variables: { PATH } });
  expect(unchosen).toMatchObject({ exitCode: 0, json: { predictions: [1, 0, 0] } });

  expect(await predict("texts.npz")).toMatchObject({ exitCode: 0, json: { predictions: [1, 0, 0], errors: null } });
  expect(await predict("frame.pkl")).toMatchObject({ exitCode: 0, json: { predictions: [1, 0, 0] } });

  const refused = await predict("evil.npy");
  expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(JSON.parse(refused.stderr)).toMatchObject({
    error: { code: "PICKLE_NOT_ALLOWED", message: expect.stringContaining("posix.system (dangerous)") as unknown },
  });
  expect(existsSync(join(arrays, "trace"))).toBe(false);

  await writeFile(join(cwd, "modelwright.json"), JSON.stringify({ allowedPickleImports: ["numpy.*"] }));
  const { stderr } = await predict("frame.pkl");
  expect(stderr).toContain("it would import pandas.core.frame.DataFrame");
  expect(stderr).toContain('add pandas.* to \\"allowedPickleImports\\"');
  await writeFile(join(cwd, "call.pkl"), "cnumpy\nasarray\n(]I1\natR.");
  const call = await predict("call.pkl");
  expect(call.stderr).toContain("it would call numpy.asarray");
  expect(call.stderr).toContain('add numpy.asarray to \\"allowedPickleImports\\"');
});

test.each([
  ["line.npy", "DATA_MALFORMED", /shape \(3\) is not that of a table/],
  ["objects.npy", "DATA_PICKLED", /holds a pickle/],
])("rows of %s are refused with %s", async (file, code, message) => {
  const { run, succeeds } = await project();
  await succeeds("train", "churn", "--publish");
  const { exitCode, stdout, stderr } = await run("predict", "churn", file);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code, message: expect.stringMatching(message) as unknown },
  });
});
