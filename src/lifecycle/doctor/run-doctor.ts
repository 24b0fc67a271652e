import { randomBytes } from "node:crypto";
import { stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";

import { findInterpreter } from "../../environments/interpreter/find-interpreter.ts";
import { makeFolders } from "../../files/folders/make-folders.ts";
import { removeFolder } from "../../files/folders/remove-folder.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import type { ObjectStore } from "../../model/ports/object-store.ts";
import { buildVariables } from "../../process/allowed-variables.ts";
import { runCommand } from "../../process/run-command.ts";
import { listDefinitions } from "../definitions/list-definitions.ts";
import type { Services, Work } from "../services.ts";
import { examineAll, examine, failed, ok, warning, type Finding } from "./finding.ts";
import { verifyStore } from "./verify-store.ts";

const LEAST_FREE_BYTES = 1_000_000_000;
const GIT_TIMEOUT_MS = 10_000;

export interface DoctorRequest {
  /** Interpreter to check; null: the one that training would take. */
  readonly python: string | null;
  /** True: read the whole store against its digests. */
  readonly verify: boolean;
}

/** Checks this machine, the state, the store and the project. Writes nothing but probes, which it removes. */
export async function runDoctor(services: Services, request: DoctorRequest, work: Work): Promise<readonly Finding[]> {
  const checks: readonly [string, () => Promise<Finding>][] = [
    ["state folder", () => checkState(services)],
    ["free space", () => checkSpace(services)],
    ["model store", () => checkStore(services.objects)],
    ["python", () => checkPython(services, request.python, work)],
    ["git", () => checkGit(services, work)],
    ["definitions", () => checkDefinitions(services)],
    ["runs", () => checkRuns(services)],
  ];
  const findings: Finding[] = [ok("node", `Node ${process.version.slice(1)} on ${services.architecture}.`)];
  for (const [name, check] of checks) {
    work.onProgress({ step: "doctor.checking", message: `Checking ${name}` });
    findings.push(await examine(name, check));
  }
  // A store that cannot be reached was found to be so above.
  if (request.verify) findings.push(...(await examineAll("stored versions", () => verifyStore(services, work))));
  return findings;
}

async function checkState({ settings }: Services): Promise<Finding> {
  const folder = join(settings.home, `probe-${randomBytes(6).toString("hex")}`);
  try {
    await makeFolders(folder);
    await writeFileAtomically(join(folder, "probe"), "probe");
    return ok("state folder", `${settings.home} can be written.`);
  } finally {
    await removeFolder(folder);
  }
}

async function checkSpace({ settings }: Services): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestFolder(settings.home));
  const freeBytes = bavail * bsize;
  const message = `${(freeBytes / 1e9).toFixed(1)} GB are free for ${settings.home}.`;
  if (freeBytes >= LEAST_FREE_BYTES) return ok("free space", message);
  return warning(
    "free space",
    message,
    "Environments of Python models take up to several GB each: free some space or set --home.",
  );
}

/** The folder itself, or the one in which it would be made. */
async function nearestFolder(folder: string): Promise<string> {
  const parent = dirname(folder);
  const isThere = parent === folder || (await stat(folder).catch(() => null)) !== null;
  return isThere ? folder : nearestFolder(parent);
}

/** The store protocol stands on one promise: of two that create a key, one wins. */
async function checkStore(objects: ObjectStore): Promise<Finding> {
  const key = `probes/${randomBytes(12).toString("hex")}`;
  const first = await objects.create(key, Buffer.from("first"));
  const second = await objects.create(key, Buffer.from("second"));
  const kept = Buffer.from((await objects.read(key)) ?? []).toString();
  await objects.delete(key);
  if (first && !second && kept === "first") return ok("model store", `${objects.location} honours create-only writes.`);
  return failed("model store", {
    kind: "unavailable",
    message: `${objects.location} does not honour create-only writes: concurrent publishers could overwrite each other.`,
    remedy: "Keep the store on a file system or service that refuses to overwrite.",
  });
}

async function checkPython(services: Services, python: string | null, work: Work): Promise<Finding> {
  const { variables } = buildVariables({ from: services.processVariables, pass: [], set: {} });
  const interpreter = await findInterpreter({
    interpreter: python ?? services.settings.python,
    searchPath: services.processVariables["PATH"] ?? "",
    variables,
    cacheFolder: services.folders.cache,
    workingFolder: services.settings.projectRoot,
    runtimesFolder: join(services.folders.runtimes, "python"),
    log: services.log,
    signal: work.signal,
  });
  return ok("python", `${interpreter.implementation} ${interpreter.version} at ${interpreter.executable}.`);
}

async function checkGit(services: Services, { signal }: Work): Promise<Finding> {
  const { variables } = buildVariables({ from: services.processVariables, pass: [], set: {} });
  const { exitCode, stdout } = await runCommand(["git", "--version"], {
    // The state folder need not be there, and the project's folder was looked at by now.
    cwd: services.settings.projectRoot,
    env: variables,
    timeoutMs: GIT_TIMEOUT_MS,
    signal,
  });
  if (exitCode === 0) return ok("git", `${stdout.trim()}.`);
  return warning("git", "git does not run here: runs will not record the state of the repository.", "Install git.");
}

async function checkDefinitions(services: Services): Promise<Finding> {
  const { definitions } = await listDefinitions(services, null);
  const invalid = definitions.filter(({ read }) => !read.valid);
  const count = `${definitions.length} model ${definitions.length === 1 ? "definition" : "definitions"} in ${services.settings.projectRoot}`;
  if (invalid.length === 0) return ok("definitions", `${count}, all valid.`);
  const paths = invalid.map(({ path }) => path).join(", ");
  return failed("definitions", {
    kind: "invalid",
    message: `${count}, ${invalid.length} invalid: ${paths}.`,
    remedy: "`modelwright list` shows each fault with its remedy.",
  });
}

async function checkRuns(services: Services): Promise<Finding> {
  const lost = await services.runs.list({ status: "lost" });
  if (lost.length === 0) return ok("runs", "No run was lost.");
  // Nothing is wrong with the machine, and nothing is left to do.
  return ok("runs", `${lost.length} ${lost.length === 1 ? "run" : "runs"} lost: the tool was killed meanwhile.`);
}
