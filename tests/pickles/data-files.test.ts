import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

import { composeServices } from "../../src/app/compose-services.ts";
import { readProcess } from "../../src/app/read-process.ts";
import { warnOfImports } from "../../src/lifecycle/publishing/warn-of-imports.ts";
import { testFolder } from "../process/support/test-folder.ts";

const { signal } = new AbortController();

function servicesIn(cwd: string, home = join(cwd, "state")) {
  return composeServices({ ...readProcess(), cwd }, { home });
}

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
