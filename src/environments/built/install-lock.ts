import { access, constants, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "../../kernel/digest.ts";
import { canonicalJson, type JsonObject, type JsonValue } from "../../kernel/json.ts";
import { PROTOCOL } from "../../model/ports/job.ts";
import { identityOf, nameOf } from "../interpreter/interpreter.ts";
import type { BuildRequest } from "./build-request.ts";
import { explainBuilderFailure } from "./explain-builder-failure.ts";
import type { Lock } from "./lock.ts";
import { findUv } from "./installer/find-uv.ts";
import { pipFolder, placeKey } from "./installer/pip-folder.ts";
import { runBuilder } from "./run-builder.ts";

/** An environment with exactly the packages of a lock. */
export interface InstalledLock {
  /** Absolute path of its `python`. */
  readonly interpreter: string;
  /** Equal for equal packages on the same kind of interpreter, on whichever machine. */
  readonly digest: string;
}

/**
 * The environment of a lock: the one that stands, or a new one. All models with the same lock share it.
 * @throws Failure `ENVIRONMENT_FAILED`, `STATE_UNWRITABLE`, `INTERRUPTED`.
 */
export async function installLock(lock: Lock, request: BuildRequest): Promise<InstalledLock> {
  const { interpreter, envsFolder } = request;
  const digest = sha256(canonicalJson({ origin: "built", ...identityOf(interpreter), lock: lock.digest }));
  const folder = join(envsFolder, sha256(`${digest} ${placeKey(interpreter)}`).slice(0, 32));
  const python = join(folder, "bin", "python");
  const ready: JsonObject = {
    protocol: PROTOCOL,
    interpreterVersion: nameOf(interpreter),
    lockDigest: lock.digest,
    packages: lock.packages,
  };
  if (await isReady(folder, python, ready)) await noteUse(folder);
  else await install(lock, { folder, ready }, request);
  return { interpreter: python, digest };
}

async function isReady(folder: string, python: string, ready: JsonObject): Promise<boolean> {
  try {
    // The link leads nowhere once the interpreter that the environment was made from is gone.
    await access(python, constants.X_OK);
    const text = await readFile(join(folder, "ready.json"), "utf8");
    return canonicalJson(JSON.parse(text) as JsonValue) === canonicalJson(ready);
  } catch {
    // Not there or damaged: the builder looks again, under its lock, and tells what is wrong with the folder.
    return false;
  }
}

/** The time of the file tells when the environment was last used. */
async function noteUse(folder: string): Promise<void> {
  const now = new Date();
  // On a disk that cannot be written the environment can be used all the same.
  await utimes(join(folder, "ready.json"), now, now).catch(() => undefined);
}

/** The folder that an environment is made in, and what its `ready.json` says when it is whole. */
interface EnvironmentPlace {
  readonly folder: string;
  readonly ready: JsonObject;
}

async function install(lock: Lock, { folder, ready }: EnvironmentPlace, request: BuildRequest): Promise<void> {
  const { interpreter, requirements, envsFolder } = request;
  const logFile = `${join(envsFolder, "logs", `install-${lock.digest.slice(0, 32)}`)}.log`;
  const outcome = await runBuilder(
    {
      action: "install",
      ...{ folder, ready, logFile },
      lock: lock.lines.map((line) => `${line}\n`).join(""),
      indexOptions: requirements.indexOptions.map((line) => `${line}\n`).join(""),
      uv: await findUv(request),
      pipFolder: pipFolder(envsFolder, interpreter),
    },
    request,
  );
  if (outcome.event === "done") return;
  throw await explainBuilderFailure(outcome, {
    task: "install the packages",
    ...{ interpreter, logFile, folder, wheels: request.wheels, requirementLines: lock.lines },
  });
}
