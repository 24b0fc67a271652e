import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

import { composeServices } from "../../src/app/compose-services.ts";
import { readProcess } from "../../src/app/read-process.ts";
import { tableOfRows } from "../../src/arrays/array-table.ts";
import { pickleOpener } from "../../src/lifecycle/data/pickle-opener.ts";
import { needsSignature } from "../../src/lifecycle/data/row-files.ts";
import { inspectFile } from "../../src/lifecycle/inspection/inspect-file.ts";
import { warnOfImports } from "../../src/lifecycle/publishing/warn-of-imports.ts";
import { proposeSignatureFor } from "../../src/lifecycle/training/propose-signature-for.ts";
import { testFolder } from "../process/support/test-folder.ts";

const { signal } = new AbortController();
/** Where nobody, not even root, may make a folder. */
const UNWRITABLE = "/sys/modelwright";

function servicesIn(cwd: string, home = join(cwd, "state")) {
  return composeServices({ ...readProcess(), cwd }, { home });
}

test.each(["gone.pkl", "folder.pkl", "file.txt/rows.joblib"])("a pickle that is no file (%s) is told", async (name) => {
  const folder = await testFolder({ "folder.pkl/rows.csv": "", "file.txt": "" });
  const opened = pickleOpener(await servicesIn(folder), null, { signal })(join(folder, name));
  await expect(opened).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message: expect.stringContaining(join(folder, name)) as string,
  });
});

test("endings of pickles are the same for who inspects a file, or an archive of them, and for who reads rows", async () => {
  const names = [".pkl", ".pickle", ".joblib", ".p", ".sav", ".PKL"].map((ending) => `data${ending}`);
  const folder = await testFolder(Object.fromEntries(names.map((name) => [name, "(l."])));
  const zip =
    "import glob, zipfile\nwith zipfile.ZipFile('all.zip', 'w') as z: [z.write(name) for name in glob.glob('data.*')]";
  execFileSync("python3", ["-c", zip], { cwd: folder });
  const inspected = await Promise.all(names.map((name) => inspectFile(join(folder, name), null)));
  expect(inspected.map(({ format }) => format)).toEqual(names.map(() => "pickle"));
  expect((await inspectFile(join(folder, "all.zip"), null)).pickles).toHaveLength(names.length);
  expect(names.filter(needsSignature)).toEqual(names);
});

test("a training whose proposal needs a folder that cannot be made goes on without one", async () => {
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }";
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]);
  const folder = await testFolder({ "train.npy": Buffer.concat([start, Buffer.from(`${header}(l.`)]) });
  const path = join(folder, "train.npy");
  const proposal = await proposeSignatureFor(
    await servicesIn(folder, UNWRITABLE),
    {
      definition: { signature: null, evaluation: null },
      data: { value: {}, path: null, resolved: [], files: [{ key: "train", path }] },
      python: null,
    },
    signal,
  );
  expect(proposal).toEqual({
    signature: null,
    reason: expect.stringContaining(`Cannot write ${UNWRITABLE}`) as string,
  });
});

test("publishing without a list warns of artifacts that cannot be looked into, and goes on to the others", async () => {
  const folder = await testFolder({
    "cut.zip": "PK\x03\x04 and no zip",
    "new.npy": Buffer.from("\x93NUMPY\x09\x00\x02\x00{}", "latin1"),
    "evil.pkl": "cposix\nsystem\n(S'true'\ntR.",
  });
  execFileSync(
    "python3",
    ["-c", "import zipfile as z; z.ZipFile('bz2.zip', 'w', z.ZIP_BZIP2).writestr('data.txt', 'text')"],
    { cwd: folder },
  );
  const names = ["cut.zip", "new.npy", "bz2.zip", "evil.pkl"];
  const told: string[] = [];
  const warnings = await warnOfImports(
    await servicesIn(folder),
    {
      artifacts: names.map((name) => ({ name, source: join(folder, name) })),
      code: { codeRoot: folder, projectRoot: folder, definitionFolder: folder, codeFiles: [] },
    },
    { signal, onProgress: ({ message }) => told.push(message) },
  );
  expect(told).toEqual(warnings);
  expect(warnings).toEqual([
    expect.stringMatching(/^What opening cut\.zip may run cannot be checked: .*cut\.zip .*damaged/),
    expect.stringMatching(/^What opening new\.npy may run cannot be checked: .*version 9/),
    expect.stringMatching(/^What opening bz2\.zip may run cannot be checked: .*bz2\.zip/),
    expect.stringMatching(/^Opening evil\.pkl may run .*posix\.system \(dangerous\)/),
  ]);
});

test("a table whose columns do not differ in their names is refused, as of CSV", () => {
  const origin = { path: "rows.pkl", columns: undefined };
  expect(() => tableOfRows({ names: ["1", "a", "1"], rows: [[1, 2, 3]] }, origin)).toThrow(
    'the column "1" is there twice',
  );
  expect(tableOfRows({ names: ["1", "a"], rows: [[1, 2]] }, origin).rowCount).toBe(1);
});
