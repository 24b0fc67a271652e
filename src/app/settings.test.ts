import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

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

describe("profiles", () => {
  const FILE = {
    minimumProof: "digests",
    env: { pass: ["TOKEN"], set: { LEVEL: "debug", ZONE: "eu" } },
    server: { port: 1111, redact: ["email"] },
    profiles: {
      production: { minimumProof: "metrics", env: { set: { LEVEL: "info" } }, server: { host: "0.0.0.0", workers: 4 } },
      testing: { server: { port: 0 } },
    },
  };

  test("a profile's fields count instead of those beside it, field by field", async () => {
    await project(FILE);
    const settings = await readSettings(facts(), { profile: "production" });
    expect(settings).toMatchObject({
      profile: "production",
      minimumProof: "metrics",
      variables: { pass: ["TOKEN"], set: { LEVEL: "info", ZONE: "eu" } },
      server: { host: "0.0.0.0", port: 1111, workers: 4, redact: ["email"] },
    });
    expect(await readSettings(facts(), {})).toMatchObject({ profile: null, server: { host: "127.0.0.1", workers: 1 } });
  });

  test("the variable chooses one, and the flag counts more", async () => {
    await project(FILE);
    const variables = { MODELWRIGHT_PROFILE: "testing" };
    expect((await readSettings(facts(variables), {})).server.port).toBe(0);
    expect((await readSettings(facts(variables), { profile: "production" })).server.port).toBe(1111);
    expect((await readSettings(facts({ ...variables, MODELWRIGHT_PORT: "2222" }), {})).server.port).toBe(2222);
  });

  test("one that does not exist is refused with those that do", async () => {
    await project(FILE);
    await expect(readSettings(facts(), { profile: "prod" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('has no profile "prod"') as string,
      hint: "It has production, testing.",
    });
    await project({});
    await expect(readSettings(facts({ MODELWRIGHT_PROFILE: "constructor" }), {})).rejects.toThrow(/no profile/);
  });

  test("without a project file there is none to choose", async () => {
    await expect(readSettings(facts(), { profile: "production" })).rejects.toThrow(/there is none at or above/);
  });

  test.each([
    [{ profiles: { production: { sever: {} } } }, /\/profiles\/production.*sever/],
    [{ profiles: { production: { server: { workers: 0 } } } }, /\/profiles\/production\/server\/workers/],
    [{ profiles: { production: { profiles: {} } } }, /\/profiles\/production.*profiles/],
    [{ profiles: { "a b": {} } }, /\/profiles\/a b/],
    [{ server: { memory: "lots" } }, /\/server\/memory: must be a size/],
    [{ server: { models: { churn: { memory: "5" } } } }, /\/server\/models\/churn\/memory: must be at least 16Mi/],
    [{ server: { followSeconds: 0 } }, /\/server\/followSeconds: /],
    [{ server: { timeoutSeconds: 0 } }, /\/server\/timeoutSeconds: /],
    [{ server: { models: { churn: { timeoutSeconds: 3601 } } } }, /\/server\/models\/churn\/timeoutSeconds: /],
  ])("%j is refused even when it is not chosen", async (file, message) => {
    await project(file);
    await expect(readSettings(facts(), {})).rejects.toThrow(message);
  });
});

test("PORT counts more than the project file and less than MODELWRIGHT_PORT", async () => {
  await project({ server: { port: 1111 } });
  const portWith = async (variables: Record<string, string>) => (await readSettings(facts(variables), {})).server.port;
  expect(await portWith({ PORT: "2222" })).toBe(2222);
  expect(await portWith({ PORT: "2222", MODELWRIGHT_PORT: "3333" })).toBe(3333);
  expect(await portWith({ PORT: "" })).toBe(1111);
  // Only who serves is to be told.
  expect(await portWith({ PORT: "tcp://10.0.0.1:80" })).toBeNull();
});

test("server settings have their defaults, and paths are relative to the project file", async () => {
  await project({
    server: {
      log: { file: "logs/server.log", maxSize: "1Mi", maxHours: 1 },
      models: { churn: { memory: "2Gi", timeoutSeconds: 120 } },
    },
  });
  expect((await readSettings(facts(), {})).server).toEqual({
    ...{ host: "127.0.0.1", port: 8080, workers: 1, memoryLimitBytes: null, followIntervalMs: 5000 },
    ...{ timeoutMs: 30_000, loggedShare: 1, redact: [] },
    models: { churn: { memoryLimitBytes: 2 ** 31, timeoutMs: 120_000 } },
    log: { path: join(folder, "logs/server.log"), maxBytes: 2 ** 20, maxAgeMs: 3_600_000, keep: 7 },
  });
  await project({ server: { followSeconds: false } });
  expect((await readSettings(facts(), {})).server).toMatchObject({ followIntervalMs: null, log: null });
});
