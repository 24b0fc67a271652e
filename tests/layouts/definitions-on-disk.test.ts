import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { findFolders } from "../../src/files/find-folders.ts";
import { DEFINITION_FOLDERS, DEFINITION_MARKER, selectDefinitionFolders } from "../../src/layouts/find-definitions.ts";
import { findDuplicates, type FoundDefinition } from "../../src/layouts/find-duplicates.ts";
import { processorTime } from "../support/processor-time.ts";
import { readFromDisk } from "./read-from-disk.ts";

let project = "";

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "modelwright-layouts-"));
});

afterEach(async () => {
  await rm(project, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), content);
  }
}

async function readAll(): Promise<readonly FoundDefinition[]> {
  const roots = DEFINITION_FOLDERS.map((name) => join(project, name));
  const { folders } = await findFolders({ projectRoot: project, roots, containing: DEFINITION_MARKER });
  const found: FoundDefinition[] = [];
  for (const folder of selectDefinitionFolders(folders))
    found.push({ displayPath: relative(project, folder), read: await readFromDisk(folder, project) });
  return findDuplicates(found);
}

const PYTHON = { "model_modules/__init__.py": "", "config.json": '{"hyperParameters": {}}' };

function definition(
  folder: string,
  model: string,
  files: Readonly<Record<string, string>> = PYTHON,
): Record<string, string> {
  const entries = Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text] as const);
  return { [`${folder}/model.json`]: model, ...Object.fromEntries(entries) };
}

test("an old repository is read: uuids, both forms of the code root, several languages, one broken file", async () => {
  const docker = { "DOCKER/model_modules/__init__.py": "", "DOCKER/config.json": "{}" };
  const folder = "model_definitions/03c9a01f-bd46-4e7c-9a60-4282039094e6";
  await write({
    ...definition(
      folder,
      '{"id": "03c9a01f-bd46-4e7c-9a60-4282039094e6", "name": "XGBoost", "language": "python"}',
      docker,
    ),
    ...definition("model_definitions/r", '\uFEFF{"id": "r-1",\r\n"language": "R"}', { "model_modules/training.R": "" }),
    ...definition("model_definitions/team/deep/sql", '{"language": "sql"}', { "model_modules/training.sql": "" }),
    ...definition("models/spark", '{"language": "python", "launcher": "pyspark"}'),
    ...definition("models/broken", '{"id": "b",\n "language" "python"}'),
    ...definition("models/copy", '{"id": "r-1", "language": "python"}'),
    "models/spark/models/model.json": '{"learner": {}}',
  });
  const summary = (await readAll()).map(({ displayPath, read }) => [
    displayPath,
    read.valid
      ? relative(project, read.definition.codeRoot)
      : read.faults.map((fault) => `${fault.code} ${fault.where}`),
  ]);
  expect(summary).toEqual([
    [folder, `${folder}/DOCKER`],
    ["model_definitions/r", ["DEFINITION_DUPLICATE model_definitions/r/model.json#/id"]],
    ["model_definitions/team/deep/sql", "model_definitions/team/deep/sql"],
    ["models/broken", ["JSON_MALFORMED models/broken/model.json:2:13"]],
    ["models/copy", ["DEFINITION_DUPLICATE models/copy/model.json#/id"]],
    ["models/spark", "models/spark"],
  ]);
});

test("text in another encoding, NUL bytes and huge files are faults of their definition alone", async () => {
  await write({
    ...definition("models/a", "{}"),
    ...definition("models/b", "{}"),
    ...definition("models/c", `{"language": "python", "x": "${"y".repeat(1_000_001)}"}`),
    ...definition("models/sound", '{"language": "python"}'),
    "models/a/model.json": Buffer.from('{"name": "\xfcber", "language": "python"}', "latin1"),
    "models/b/model.json": Buffer.from([0, 0, 0]),
  });
  const reads = (await readAll()).map(({ read }) => (read.valid ? "valid" : read.faults.map((fault) => fault.where)));
  expect(reads).toEqual([["models/a/model.json"], ["models/b/model.json:1:1"], ["models/c/model.json"], "valid"]);
});

test("two hundred definitions are found and read in a moment", async () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  await write(
    Object.assign(
      {},
      ...numbers.map((n) => definition(`model_definitions/m${n}`, `{"id": "m${n}", "language": "python"}`)),
    ) as Record<string, string>,
  );
  await readAll();
  const computedMs = processorTime();
  expect((await readAll()).filter(({ read }) => read.valid)).toHaveLength(200);
  // Some 150 ms of a core, whatever else the machine does; the limit only catches a change of order.
  expect(computedMs()).toBeLessThan(2000);
});
