import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import packageJson from "../../package.json" with { type: "json" };
import { localExecutor } from "../executors/local-executor.ts";
import { systemClock } from "../kernel/clock.ts";
import { Failure } from "../kernel/failure.ts";
import { silentLog } from "../kernel/log.ts";
import type { Folders, Services } from "../lifecycle/services.ts";
import type { Language } from "../model/definition/model-definition.ts";
import type { Runtime } from "../model/ports/runtime.ts";
import type { Settings } from "../model/settings.ts";
import { architectureOf } from "../model/version/place.ts";
import { runStore } from "../runs/run-store.ts";
import { pythonRuntime } from "../runtimes/python-runtime.ts";
import { typescriptRuntime } from "../runtimes/typescript-runtime.ts";
import { localObjectStore } from "../storage/local-object-store.ts";
import { modelStore } from "../store/model-store.ts";
import type { ProcessFacts } from "./read-process.ts";
import { readSettings, type GlobalFlags } from "./settings.ts";

/**
 * The one place where implementations are chosen.
 * @param folder - where the work is; default: the working directory.
 * @throws Failure `CONFIG_INVALID`.
 */
export async function composeServices(facts: ProcessFacts, flags: GlobalFlags, folder?: string): Promise<Services> {
  const settings = await readSettings(facts, flags, folder);
  const folders = foldersOf(settings, packageFolder());
  const objects = localObjectStore(settings.store);
  const deps = { clock: systemClock, log: silentLog };
  return {
    ...deps,
    settings,
    folders,
    objects,
    toolVersion: packageJson.version,
    processVariables: facts.variables,
    pid: facts.pid,
    architecture: architectureOf(process),
    runs: runStore(join(settings.home, "runs"), { ...deps, host: hostname(), pid: facts.pid }),
    store: modelStore(objects, {
      ...deps,
      publisher: publisherOf(facts),
      newNonce: () => randomBytes(16).toString("hex"),
    }),
    executor: localExecutor(deps),
    runtimes: runtimesOf(folders),
  };
}

/** Who publishes and moves aliases, for people: `ada@laptop:4711`. */
function publisherOf({ pid }: ProcessFacts): string {
  const place = `${hostname()}:${pid}`;
  try {
    return `${userInfo().username}@${place}`;
  } catch {
    // A container may run as a user that its machine does not know.
    return place;
  }
}

function runtimesOf({ runtimes }: Folders): ReadonlyMap<Language, Runtime> {
  const all = [pythonRuntime(runtimes), typescriptRuntime(join(packageFolder(), "dist", "runtimes"))];
  return new Map(all.map((runtime) => [runtime.language, runtime]));
}

function foldersOf({ home }: Settings, tool: string): Folders {
  return {
    environments: join(home, "envs"),
    code: join(home, "code"),
    cache: join(home, "cache"),
    logs: join(home, "logs"),
    temporary: join(home, "tmp"),
    runtimes: join(tool, "runtimes"),
    authorPackage: join(tool, "python/src/modelwright"),
    templates: join(tool, "templates"),
    examples: join(tool, "examples"),
  };
}

/** The package's own folder, wherever this file was bundled to. @throws Failure `INTERNAL` when it is not whole. */
function packageFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "templates"))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new Failure("INTERNAL", {
    message: `Files of Modelwright itself are missing: there is no folder "templates" above ${start}.`,
    hint: "Install it again.",
  });
}
