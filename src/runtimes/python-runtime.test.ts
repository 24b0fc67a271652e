import { expect, test } from "vitest";

import type { PreparedEnvironment } from "../model/ports/environment.ts";
import { pythonRuntime } from "./python-runtime.ts";

const runtime = pythonRuntime("/tool/runtimes");
const PROGRAM = "/tool/runtimes/python/modelwright_runtime/__main__.py";

function environment(origin: PreparedEnvironment["origin"]): PreparedEnvironment {
  const known = { interpreterVersion: "CPython 3.11.7", digest: "d", lock: null, packages: [], unmet: [] };
  return { language: "python", interpreter: "/env/bin/python", origin, preparedInMs: 0, ...known };
}

test("code runs where it lies, and a version keeps all of it", async () => {
  const code = {
    codeRoot: "/project/model/DOCKER",
    projectRoot: "/project",
    definitionFolder: "/project/model",
    codeFiles: ["config.json", "model_modules/__init__.py"],
  };
  const signal = new AbortController().signal;
  expect(await runtime.stage({ code, cacheFolder: "/cache", onProgress: () => undefined, signal })).toEqual({
    codeRoot: "/project/model/DOCKER",
    files: [
      { source: "/project/model/DOCKER/config.json", path: "config.json" },
      { source: "/project/model/DOCKER/model_modules/__init__.py", path: "model_modules/__init__.py" },
    ],
  });
});

test("a given environment is used as it is, a built one without the user's own packages", () => {
  expect(runtime.jobCommand(environment("given"), "/run/job.json")).toEqual([
    "/env/bin/python",
    PROGRAM,
    "job",
    "/run/job.json",
  ]);
  expect(runtime.workerCommand(environment("built"), "/run/worker.json")).toEqual([
    "/env/bin/python",
    "-s",
    PROGRAM,
    "worker",
    "/run/worker.json",
  ]);
});
