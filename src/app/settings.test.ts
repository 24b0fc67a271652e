import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { ProcessFacts } from "./read-process.ts";
import { parsePort, readSettings } from "./settings.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mw-settings-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function facts(variables: Record<string, string> = {}, cwd = folder): ProcessFacts {
  return {
    variables: { HOME: "/home/someone", ...variables },
    cwd,
    pid: 1,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    stdinIsTerminal: false,
  };
}

async function project(file: unknown): Promise<void> {
  await writeFile(join(folder, "modelwright.json"), typeof file === "string" ? file : JSON.stringify(file));
}

test("without a project, state goes to the user's data folder and never into the folder that is read", async () => {
  expect((await readSettings(facts(), {})).home).toBe("/home/someone/.local/share/modelwright");
  expect((await readSettings(facts({ XDG_DATA_HOME: "/data" }), {})).home).toBe("/data/modelwright");
});

test("a project keeps its state beside its file, from wherever below it one works", async () => {
  await project({});
  await mkdir(join(folder, "a", "b"), { recursive: true });
  const settings = await readSettings(facts({}, join(folder, "a", "b")), {});
  expect([settings.home, settings.projectRoot]).toEqual([join(folder, ".modelwright"), folder]);
});

test("a flag counts more than a variable, a variable more than the project file", async () => {
  await project({ store: "models-store", server: { port: 1111 } });
  expect((await readSettings(facts(), {})).store).toBe(join(folder, "models-store"));
  expect((await readSettings(facts({ MODELWRIGHT_STORE: "/from/variable", MODELWRIGHT_PORT: "2222" }), {})).store).toBe(
    "/from/variable",
  );
  expect((await readSettings(facts({ MODELWRIGHT_PORT: "2222" }), {})).server.port).toBe(2222);
  expect((await readSettings(facts({ MODELWRIGHT_STORE: "/from/variable" }), { store: "flag" })).store).toBe(
    join(folder, "flag"),
  );
});

test("the project's interpreter is relative to its file when it is a path", async () => {
  await project({ python: ".venv/bin/python" });
  expect((await readSettings(facts(), {})).python).toBe(join(folder, ".venv/bin/python"));
  await project({ python: "python3.9" });
  expect((await readSettings(facts(), {})).python).toBe("python3.9");
});

test.each([
  ['{ "stroe": "x" }', /modelwright\.json is not valid.*stroe/],
  ['{ "store": }', /modelwright\.json:1:12 is not JSON/],
  ['{ "minimumProof": "trust" }', /minimumProof/],
])("the project file %s is refused with the place", async (text, message) => {
  await project(text);
  await expect(readSettings(facts(), {})).rejects.toThrow(message);
});

test("a store behind an address is refused rather than made as a folder", async () => {
  await expect(readSettings(facts(), { store: "s3://bucket/models" })).rejects.toThrow(/keeps models in a folder/);
});

test.each(["", "x", "-1", "65536", "80.5"])("%j is no port", (text) => {
  expect(() => parsePort(text)).toThrow(/is not a port/);
});
