import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "../../kernel/digest.ts";
import { Failure, hasSystemCode } from "../../kernel/failure.ts";
import { canonicalJson } from "../../kernel/json.ts";
import type { Requirements } from "../requirements/read-requirements.ts";
import type { BuildRequest } from "./build-request.ts";
import { explainBuilderFailure, unlockable } from "./explain-builder-failure.ts";
import { lockHeader } from "./lock.ts";
import { findUv } from "./installer/find-uv.ts";
import { indexSettings, redactCredentials } from "./installer/pip-variables.ts";
import { pipFolder } from "./installer/pip-folder.ts";
import { runBuilder } from "./run-builder.ts";

const LOCAL_ARCHIVE = /(?:^|\s|file:\/\/)(\/\S+?\.(?:whl|zip|tar\.gz|tgz|tar\.bz2))(?=[\s#[]|$)/gm;

const REPOSITORY = /^(?:-e|--editable)\b|(?:^|@\s*)(?:git|hg|svn|bzr)\+/;

/**
 * The lock of the requirements: the one that is kept, or a new one.
 * @throws Failure `ENVIRONMENT_FAILED`, `STATE_UNWRITABLE`, `INTERRUPTED`.
 */
export async function obtainLock(request: BuildRequest): Promise<string> {
  const { requirements, interpreter } = request;
  const header = lockHeader(interpreter);
  if (requirements.isEmpty) return header;
  refuseUnreadable(requirements);
  const key = lockKey(requirements, header, request.variables);
  const lockFile = join(request.envsFolder, "locks", `${key}.txt`);
  const kept = request.upgrade ? null : await readKept(lockFile);
  return kept ?? (await resolve(request, { key, lockFile, header }));
}

function refuseUnreadable({ unreadable }: Requirements): void {
  if (unreadable.length === 0) return;
  throw new Failure("ENVIRONMENT_FAILED", {
    message: `${unreadable.join("; ")}.`,
    hint: "Put the file back or take the line out.",
  });
}

/** Equal for requests that the same lock answers. */
export function lockKey(
  requirements: Requirements,
  header: string,
  variables: Readonly<Record<string, string>>,
): string {
  const { text, includedTexts } = requirements;
  const archives = [...text.matchAll(LOCAL_ARCHIVE)].map(([, path = ""]) => stampOf(path));
  return sha256(canonicalJson({ header, text, includedTexts, archives, settings: indexSettings(variables) })).slice(
    0,
    32,
  );
}

/** A wheel that was built anew under its old name is another one. */
function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "absent" : `${stats.mtimeMs} ${stats.size}`;
}

async function readKept(lockFile: string): Promise<string | null> {
  try {
    return await readFile(lockFile, "utf8");
  } catch (error) {
    if (hasSystemCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** pip would fetch and build them, and then there would be no file whose hash can be told. */
function refuseRepositories({ text }: Requirements): void {
  const lines = text.split("\n").filter((line) => REPOSITORY.test(line));
  if (lines.length > 0) throw unlockable(lines.map(redactCredentials).join(", "));
}

async function resolve(
  request: BuildRequest,
  { key, lockFile, header }: { readonly key: string; readonly lockFile: string; readonly header: string },
): Promise<string> {
  const { interpreter, requirements, envsFolder } = request;
  refuseRepositories(requirements);
  const logFile = join(envsFolder, "logs", `resolve-${key}.log`);
  const outcome = await runBuilder(
    {
      action: "resolve",
      requirements: requirements.text,
      ...{ lockFile, header, isRefresh: request.upgrade, isClosure: requirements.isClosure, logFile },
      uv: await findUv(request),
      pipFolder: pipFolder(envsFolder, interpreter),
    },
    request,
  );
  if (outcome.event === "done") return await readFile(lockFile, "utf8");
  throw await explainBuilderFailure(outcome, {
    task: `resolve the requirements in ${requirements.paths.join(" and ")}`,
    ...{ interpreter, logFile, folder: envsFolder, wheels: request.wheels },
    requirementLines: requirements.text.split("\n"),
  });
}
