import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";

import { localExecutor } from "../../src/executors/local-executor.ts";
import { sha256 } from "../../src/kernel/digest.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { readPickledRows } from "../../src/lifecycle/data/read-pickled-rows.ts";
import type { RowsJobSpec } from "../../src/model/ports/job.ts";
import { rowsCommand } from "../../src/runtimes/python-runtime.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { testPython } from "../support/test-python.ts";

/** Protocol 0, by hand: `os.system("touch trace")`, and a list of two rows. */
const EVIL = "cposix\nsystem\n(S'touch trace'\ntR.";
const ROWS = "((I9007199254740993\nS'a'\nl(Finf\nNll.";

/** Runs a job that opens a pickle, whatever a check would say. */
async function open(pickle: string | Buffer, options: Partial<RowsJobSpec> = {}, python = "python3") {
  const folder = await testFolder();
  const file = join(folder, "data.pkl");
  await writeFile(file, pickle, "latin1");
  const spec: RowsJobSpec = {
    ...{ protocol: 1, kind: "rows", workFolder: folder, parentPid: process.pid, file, format: "pickle", imports: [] },
    sha256: sha256(pickle),
    resultFile: join(folder, "result.json"),
    eventsFile: join(folder, "events.jsonl"),
    rowsFile: join(folder, "rows.jsonl"),
    ...options,
  };
  const { command, variables } = rowsCommand(join(process.cwd(), "runtimes"), python, join(folder, "job.json"));
  const outcome = await localExecutor({ clock: systemClock, log: silentLog }).runJob({
    ...{ spec, jobFolder: folder, command, timeoutMs: 60_000, memoryLimitBytes: null, onEvent: () => undefined },
    variables: { ...variables, PATH: process.env["PATH"] ?? "" },
    signal: new AbortController().signal,
  });
  return { ...outcome, folder, rowsFile: spec.rowsFile };
}

test("rows in a pickle come back as plain values, with all digits and numbers that JSON lacks", async () => {
  const { result, rowsFile } = await open(ROWS);
  expect(result).toMatchObject({ status: "succeeded" });
  expect(await readPickledRows(rowsFile)).toEqual({
    names: null,
    rows: [
      [9007199254740993n, "a"],
      [Infinity, null],
    ],
  });
});

test("what joblib and NumPy do while they are imported is not held against a file", async () => {
  // As joblib compresses: what it finds in the file imports nothing.
  const { result, rowsFile } = await open(deflateSync(ROWS), { format: "joblib" }, testPython());
  expect(result).toMatchObject({ status: "succeeded", error: null });
  expect((await readPickledRows(rowsFile)).rows).toHaveLength(2);
});

test("a name that the check did not find is not imported, even if the check was deceived", async () => {
  const { result, folder } = await open(EVIL, { imports: [["numpy", "ndarray"]] });
  expect(result).toMatchObject({
    status: "failed",
    error: { type: "ImportRefused", message: expect.stringContaining("posix.system") as unknown },
  });
  expect(existsSync(join(folder, "trace"))).toBe(false);
  // Opened by nobody in particular it does leave the trace, so it was held back and not broken.
  execFileSync("python3", ["-c", "import pickle; pickle.load(open('data.pkl', 'rb'))"], { cwd: folder });
  expect(existsSync(join(folder, "trace"))).toBe(true);
});

test.each([
  ["starts a program", EVIL, ["posix", "system"], "os.system"],
  ["writes a file", "c_io\nopen\n(S'trace'\nS'w'\ntR.", ["_io", "open"], "write to trace"],
] as const)("what %s is refused even where a list allows the name", async (_, pickle, name, told) => {
  const { result, folder } = await open(pickle, { imports: [name] });
  expect(result).toMatchObject({
    status: "failed",
    error: { type: "ActionRefused", message: expect.stringContaining(told) as unknown },
  });
  expect(existsSync(join(folder, "trace"))).toBe(false);
});

test("bytes other than those that were checked are not opened", async () => {
  const { result, folder } = await open(EVIL, { sha256: sha256("rows"), imports: [["posix", "system"]] });
  expect(result).toMatchObject({ status: "failed", error: { type: "FileChanged" } });
  expect(existsSync(join(folder, "trace"))).toBe(false);
});
