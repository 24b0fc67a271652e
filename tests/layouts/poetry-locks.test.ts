import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { readFromDisk } from "./read-from-disk.ts";

const OLD = [
  "colorama==0.4.6 ; (sys_platform == 'win32')",
  "humanize==4.13.0 ; (python_version >= '3.9')",
  "humanize==4.9.0 ; (python_version < '3.9') and (python_version >= '3.8')",
  "pysocks==1.7.1",
  "tomli==2.5.0 ; (python_version < '3.11')",
  "urllib3==2.2.3",
];
const NEW = [
  "colorama==0.4.6 ; (sys_platform == 'win32')",
  "humanize==4.13.0 ; (python_version >= '3.9')",
  "humanize==4.9.0 ; (python_version < '3.9') and (python_version == '3.8')",
  "pysocks==1.7.1 ; ((python_version == '3.8')) or ((python_version >= '3.9'))",
  "tomli==2.5.0 ; (python_version < '3.11')",
  "urllib3==2.2.3 ; (python_version == '3.8')",
  "urllib3==2.6.3 ; (python_version >= '3.9')",
];
const SAMPLES = join(import.meta.dirname, "../fixtures/poetry");

// What is installed for Python 3.11 and 3.8 is what `poetry install` of that Poetry installs.
test.each([
  ["1.1", OLD],
  ["2.1", NEW],
])("a lock file that Poetry wrote in format %s pins what Poetry installs", async (format, pins) => {
  const folder = await testFolder({
    "model_definitions/churn/model.json": '{"id": "churn", "name": "churn", "language": "python"}',
    "model_definitions/churn/config.json": "{}",
    "model_definitions/churn/model_modules/__init__.py": "",
    "model_definitions/churn/pyproject.toml": await readFile(join(SAMPLES, "pyproject.toml"), "utf8"),
    "model_definitions/churn/poetry.lock": await readFile(join(SAMPLES, `poetry-${format}.lock`), "utf8"),
  });
  const read = await readFromDisk(join(folder, "model_definitions/churn"), folder);
  if (!read.valid) expect.fail(JSON.stringify(read.faults));
  const lines = (read.definition.requirements.predict[0]?.text ?? "").trim().split("\n");
  expect(lines.map((line) => line.replace(/ --hash=.*/, "").replaceAll('"', "'"))).toEqual(pins);
  expect(lines.filter((line) => !line.includes(" --hash=sha256:"))).toEqual([]);
});
