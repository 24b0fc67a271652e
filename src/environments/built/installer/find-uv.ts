import { delimiter, join } from "node:path";

import { Failure } from "../../../kernel/failure.ts";
import type { InstallerChoice } from "../../../model/settings.ts";
import { runCommand } from "../../../process/run-command.ts";
import { isProgram } from "../../interpreter/list-candidates.ts";
import type { ProbeContext } from "../../interpreter/probe-interpreter.ts";

export interface UvRequest extends ProbeContext {
  readonly installer: InstallerChoice;
  /** `PATH`. */
  readonly searchPath: string;
}

/** The first with every option that the builder uses. */
const OLDEST = [0, 4] as const;
const TIMEOUT_MS = 10_000;

/**
 * The uv that works, as an absolute path; null: pip is used.
 * @throws Failure `ENVIRONMENT_FAILED` when uv is wanted and there is none, `INTERRUPTED`.
 */
export async function findUv(request: UvRequest): Promise<string | null> {
  if (request.installer === "pip") return null;
  const folders = request.searchPath.split(delimiter).filter((folder) => folder.startsWith("/"));
  const tried: string[] = [];
  for (const path of folders.map((folder) => join(folder, "uv")).filter(isProgram)) {
    const reason = await whyUnusable(path, request);
    if (reason === null) return path;
    tried.push(`${path} ${reason}`);
  }
  if (request.installer === "auto") {
    if (tried.length > 0) request.log("warn", "environment.uvUnusable", { tried });
    return null;
  }
  throw new Failure("ENVIRONMENT_FAILED", {
    message: `The project's installer is uv. ${tried.length === 0 ? "There is no uv on the search path" : tried.join("; ")}.`,
    hint: 'Install uv, or set "installer": "auto" in modelwright.json to use pip where there is none.',
    details: { tried },
  });
}

async function whyUnusable(path: string, request: UvRequest): Promise<string | null> {
  const result = await runCommand([path, "--version"], {
    cwd: request.workingFolder,
    env: request.variables,
    timeoutMs: TIMEOUT_MS,
    signal: request.signal,
    maxOutputBytes: 64 * 1024,
  });
  if (result.isInterrupted) throw new Failure("INTERRUPTED", { message: "Stopped while looking for uv." });
  const [, major, minor] = /^uv (\d+)\.(\d+)/.exec(result.stdout) ?? [];
  if (result.exitCode !== 0 || major === undefined) return "does not work";
  const isRecent = Number(major) > OLDEST[0] || Number(minor) >= OLDEST[1];
  return isRecent ? null : `is too old: ${result.stdout.trim()}`;
}
