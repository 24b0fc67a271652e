import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import { nameOf } from "../interpreter/interpreter.ts";
import { unmetPythons } from "../requirements/unmet-pythons.ts";
import type { BuildRequest } from "./build-request.ts";
import { installLock } from "./install-lock.ts";
import { lockHeader, parseLock } from "./lock.ts";
import { obtainLock } from "./obtain-lock.ts";

/**
 * Finds or builds an environment with just what the requirements lead to.
 * @throws Failure `ENVIRONMENT_FAILED`, `STATE_UNWRITABLE`, `INTERRUPTED`.
 */
export async function buildEnvironment(request: BuildRequest): Promise<Omit<PreparedEnvironment, "preparedInMs">> {
  const text = fittingLock(request) ?? (await obtainLock(request));
  const lock = parseLock(text, request.lock === text ? "The version's environment lock" : "The environment lock");
  const { interpreter, digest } = await installLock(lock, request);
  return {
    ...{ language: "python", interpreter, digest, origin: "built", lock: text },
    interpreterVersion: nameOf(request.interpreter),
    packages: lock.packages,
    unmet: unmetPythons(request.requirements, request.interpreter),
  };
}

/** The given lock, unless it was resolved for another kind of interpreter. */
function fittingLock({ lock, interpreter, log, onProgress }: BuildRequest): string | null {
  if (lock === null) return null;
  const header = lockHeader(interpreter);
  if (lock.startsWith(header)) return lock;
  const fields = { lock: lock.split("\n")[0] ?? "", interpreter: nameOf(interpreter) };
  log("warn", "environment.lockUnfit", fields);
  onProgress({
    step: "environment.lock-unfit",
    message: `The recorded lock is not for ${nameOf(interpreter)}: the requirements are resolved anew`,
    fields,
  });
  return null;
}
