import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";

import {
  preparePythonEnvironment,
  type PythonEnvironmentRequest,
} from "../../../src/environments/prepare-python-environment.ts";
import { silentLog } from "../../../src/kernel/log.ts";
import type { PreparedEnvironment } from "../../../src/model/ports/environment.ts";
import { testFolder } from "../../process/support/test-folder.ts";
import { testPython } from "../../support/test-python.ts";

/** A state folder of one test, a folder of wheels that pip finds, and what preparing said on the way. */
export interface Workshop {
  readonly home: string;
  readonly wheels: string;
  readonly request: PythonEnvironmentRequest;
  /** Steps of the progress events, in order. */
  readonly steps: string[];
  prepare(requirements: string, fields?: Partial<PythonEnvironmentRequest>): Promise<PreparedEnvironment>;
  /** Names in the folder of environments: what a failure left behind. */
  leftovers(): Promise<string[]>;
}

let pipFolder = "";

/** Lets the tests of a file share one pip, whose making takes seconds. Call it at the top of the file. */
export function sharePip(): void {
  beforeAll(async () => {
    pipFolder = await realpath(await mkdtemp(join(tmpdir(), "modelwright-test-pip-")));
  });
  afterAll(() => rm(pipFolder, { recursive: true, force: true }));
}

/** Everything that the tests need to build environments without a network. */
export async function makeWorkshop(): Promise<Workshop> {
  const home = await testFolder({ "wheels/.keep": "" });
  const wheels = join(home, "wheels");
  const envsFolder = join(home, "environments");
  await mkdir(envsFolder);
  if (pipFolder !== "") await symlink(pipFolder, join(envsFolder, "pip"));
  const steps: string[] = [];
  const request: PythonEnvironmentRequest = {
    ...{ mode: "build", interpreter: testPython(), requirements: [], strict: false, upgrade: false, envsFolder },
    installer: "pip",
    cacheFolder: join(home, "cache"),
    runtimesFolder: resolve(import.meta.dirname, "../../../runtimes/python"),
    variables: {
      ...{ PATH: process.env["PATH"] ?? "", HOME: home },
      ...{ PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, PIP_NO_CACHE_DIR: "1" },
    },
    searchPath: process.env["PATH"] ?? "",
    onProgress: ({ step }) => steps.push(step),
    signal: new AbortController().signal,
    log: silentLog,
  };
  return {
    ...{ home, wheels, request, steps },
    prepare: (text, fields) =>
      preparePythonEnvironment({ ...request, requirements: [{ path: "requirements.txt", text }], ...fields }),
    leftovers: async () => {
      const names = await readdir(envsFolder, { recursive: true });
      return names.filter((name) => !name.startsWith("pip") && !/^(locks|logs)$|\.lock$|\.log$/.test(name));
    },
  };
}
