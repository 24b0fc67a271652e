import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { folderMadeBy } from "../arrays/support/run-python.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { runCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";

const MAKE = `
import joblib, os, pickle
from sklearn.linear_model import LinearRegression
class Evil:
    def __reduce__(self): return os.system, ("touch trace",)
model = LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])
joblib.dump(model, "model.joblib")
joblib.dump([model, Evil()], "evil.joblib")
model.hook = eval
joblib.dump(model, "odd.joblib")
del model.hook
joblib.dump(model, "model-xz.joblib", compress=("xz", 1))
joblib.dump([model, Evil()], "evil-bz2.joblib", compress=("bz2", 1))
`;

let files = "";
beforeAll(async () => {
  files = await folderMadeBy(MAKE);
});

async function project(settings: object) {
  const cwd = await testFolder();
  const home = await testFolder();
  await writeFile(join(cwd, "modelwright.json"), JSON.stringify(settings));
  await writeFile(join(cwd, "rows.json"), "[[3]]");
  for (const file of ["model.joblib", "evil.joblib", "model-xz.joblib", "evil-bz2.joblib", "odd.joblib"])
    await copyFile(join(files, file), join(cwd, file));
  const run = (...args: readonly string[]) => runCli([...args, "--json"], { cwd, home });
  const publish = (file: string) =>
    run("publish", "--from", file, "--name", "m", "--examples", "rows.json", "--python", testPython(), "--no-install");
  const useList = (list: readonly string[]) =>
    writeFile(join(cwd, "modelwright.json"), JSON.stringify({ allowedPickleImports: list }));
  return { cwd, run, publish, useList };
}

test("inspect tells a pickle that runs a program, and nothing is run", async () => {
  const { cwd, run } = await project({});
  const { exitCode, json, stderr } = await run("inspect", "evil.joblib");
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "" });
  expect(json).toMatchObject({ format: "joblib", verdict: "dangerous", policy: "default" });
  expect(await run("inspect", "model.joblib")).toMatchObject({ exitCode: 0 });
  const text = await runCli(["inspect", "evil.joblib"], { cwd });
  expect(text.stdout).toContain("DANGEROUS  posix.system('touch trace')");
  expect(existsSync(join(cwd, "trace"))).toBe(false);
});

test("what Node cannot unpack is unpacked by Python, and still not opened", async () => {
  const { cwd, run } = await project({});
  expect(await run("inspect", "model-xz.joblib")).toMatchObject({
    exitCode: 0,
    json: { format: "joblib", compression: "xz", verdict: "allowed" },
  });
  const { exitCode, json } = await run("inspect", "evil-bz2.joblib");
  expect({ exitCode, json }).toMatchObject({ exitCode: 3, json: { compression: "bz2", verdict: "dangerous" } });
  expect(existsSync(join(cwd, "trace"))).toBe(false);

  const packed = await readFile(join(cwd, "model-xz.joblib"));
  await writeFile(join(cwd, "cut.joblib"), packed.subarray(0, packed.length - 40));
  const cut = await runCli(["inspect", "cut.joblib"], { cwd });
  expect(cut.exitCode).toBe(3);
  expect(cut.stdout).toContain("it cannot be unpacked: Compressed file ended before");
});

test("without a list, publishing warns of what no model should need", async () => {
  const { publish } = await project({});
  const { exitCode, stderr, json } = await publish("odd.joblib");
  const warning = expect.stringMatching(
    /^Opening odd\.joblib may run .*: builtins\.eval \(dangerous\)\..* modelwright inspect \/.*odd\.joblib/,
  ) as string;
  expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { proof: "predictions", warnings: [warning] } });
  expect(stderr).toBe(`warning: ${(json as { readonly warnings: readonly string[] }).warnings.join("")}\n`);
});

test("with a list, a published pickle is opened only if it imports nothing else; the list is that of whoever loads", async () => {
  const { cwd, run, publish, useList } = await project({ allowedPickleImports: ["sklearn.*", "numpy.*"] });
  const refused = await publish("evil.joblib");
  expect(refused.exitCode).toBe(3);
  expect(JSON.parse(refused.stderr)).toMatchObject({
    error: { code: "PICKLE_NOT_ALLOWED", message: expect.stringContaining("posix.system (dangerous)") as unknown },
  });
  expect(existsSync(join(cwd, "trace"))).toBe(false);

  const published = await publish("model.joblib");
  expect({ exitCode: published.exitCode, stderr: published.stderr }).toEqual({ exitCode: 0, stderr: "" });
  const predict = () => run("predict", "m", "rows.json", "--python", testPython(), "--no-install");
  expect(await predict()).toMatchObject({ exitCode: 0 });
  await useList(["numpy.*"]);
  const later = await predict();
  expect(later.exitCode).toBe(3);
  expect(later.stderr).toContain("it would import sklearn.linear_model._base.LinearRegression");
});

test.each([
  [["sklearn.*; os.system"], /must be a full name such as sklearn/],
  ["sklearn.*", /expected array/],
])("a list that is none (%j) is refused", async (allowedPickleImports, message) => {
  const { run } = await project({ allowedPickleImports });
  const { exitCode, stderr } = await run("inspect", "model.joblib");
  expect(exitCode).toBe(3);
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: "CONFIG_INVALID", message: expect.stringMatching(message) as unknown },
  });
});

test("a file that is not there, a folder, and a damaged array are told", async () => {
  const { cwd, run } = await project({});
  await writeFile(join(cwd, "cut.npy"), "\x93NUMPY\x01", "latin1");
  for (const [file, code, exitCode] of [
    ["gone.pkl", "FILE_NOT_FOUND", 4],
    [".", "FILE_NOT_FOUND", 4],
    ["cut.npy", "DATA_MALFORMED", 3],
  ] as const) {
    const result = await run("inspect", file);
    expect(result.exitCode).toBe(exitCode);
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code } });
  }
});
