import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

import { Failure } from "../kernel/failure.ts";
import type { Settings } from "../model/settings.ts";
import { serverSettings } from "./configuration/server-settings.ts";
import { findProject, findRepository, type ProjectFile } from "./project-file.ts";
import type { ProcessFacts } from "./read-process.ts";

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly home?: string | undefined;
  readonly project?: string | undefined;
  readonly store?: string | undefined;
  readonly profile?: string | undefined;
}

/** The environment variables that set the tool up. */
type SettingVariable =
  | "MODELWRIGHT_HOME"
  | "MODELWRIGHT_STORE"
  | "MODELWRIGHT_PYTHON"
  | "MODELWRIGHT_HOST"
  | "MODELWRIGHT_PORT"
  | "MODELWRIGHT_PROFILE";

/**
 * Reads settings for work in `folder`.
 * @throws Failure `CONFIG_INVALID` naming the file, variable or flag.
 */
export async function readSettings(
  facts: ProcessFacts,
  flags: GlobalFlags,
  folder: string = facts.cwd,
): Promise<Settings> {
  const start =
    flags.project === undefined ? await nearestFolder(folder) : await requireFolder(resolve(facts.cwd, flags.project));
  const variable = (name: SettingVariable) => facts.variables[name] || undefined;
  const profile = flags.profile ?? variable("MODELWRIGHT_PROFILE") ?? null;
  const project = await findProject(start, profile);
  const projectRoot =
    project?.folder ?? (flags.project === undefined ? ((await findRepository(start)) ?? start) : start);
  const file = project?.file ?? {};
  const home = flags.home ?? variable("MODELWRIGHT_HOME");
  const homeFolder =
    home !== undefined
      ? resolve(facts.cwd, home)
      : project === null
        ? userDataFolder(facts)
        : join(project.folder, ".modelwright");
  const store = flags.store ?? variable("MODELWRIGHT_STORE");
  return Object.freeze({
    profile,
    home: homeFolder,
    store: storeFolder(
      store === undefined ? undefined : resolve(facts.cwd, refuseRemote(store)),
      file,
      project?.folder,
      homeFolder,
    ),
    projectRoot,
    python: variable("MODELWRIGHT_PYTHON") ?? interpreterOf(file, project?.folder),
    install: file.install ?? true,
    installer: file.installer ?? "auto",
    wheels: file.wheels === undefined || project === null ? null : resolve(project.folder, file.wheels),
    variables: { pass: file.env?.pass ?? [], set: file.env?.set ?? {} },
    minimumProof: file.minimumProof ?? "digests",
    storeTestSet: file.storeTestSet ?? "sample",
    allowedEmailDomains: file.allowedEmailDomains ?? [],
    allowedPickleImports: file.allowedPickleImports ?? null,
    authorEmail: file.authorEmail ?? null,
    server: serverSettings(file.server ?? {}, projectRoot, {
      host: variable("MODELWRIGHT_HOST") ?? file.server?.host ?? "127.0.0.1",
      port: parsePort(variable("MODELWRIGHT_PORT")) ?? platformPort(facts, file.server?.port ?? 8080),
    }),
    defaults: file.defaults ?? {},
  });
}

function storeFolder(
  given: string | undefined,
  file: ProjectFile,
  projectFolder: string | undefined,
  home: string,
): string {
  if (given !== undefined) return given;
  if (file.store !== undefined && projectFolder !== undefined) return resolve(projectFolder, refuseRemote(file.store));
  return join(home, "store");
}

/** Object stores behind a network address come with a later version; a folder named `s3:` must never appear by mistake. */
function refuseRemote(store: string): string {
  if (!/^[a-z0-9]+:\/\//i.test(store)) return store;
  throw new Failure("CONFIG_INVALID", {
    message: `The model store "${store}" is an address; this version keeps models in a folder.`,
    hint: "Give a folder, for example --store /srv/models.",
  });
}

function interpreterOf(file: ProjectFile, projectFolder: string | undefined): string | null {
  if (file.python === undefined) return null;
  const isPath = file.python.includes("/");
  return isPath && !isAbsolute(file.python) && projectFolder !== undefined
    ? resolve(projectFolder, file.python)
    : file.python;
}

function userDataFolder(facts: ProcessFacts): string {
  const data = facts.variables["XDG_DATA_HOME"];
  const base =
    data !== undefined && isAbsolute(data) ? data : join(facts.variables["HOME"] ?? homedir(), ".local", "share");
  return join(base, "modelwright");
}

/**
 * Reads a TCP port.
 * @throws Failure `CONFIG_INVALID`.
 */
export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (isPort(text)) return Number(text);
  throw new Failure("CONFIG_INVALID", {
    message: `"${text}" is not a port.`,
    hint: "Give a number from 0 to 65535; 0 takes a free one.",
  });
}

/**
 * The port that the platform gives in PORT, as hosting platforms do for the programs that they start: the one variable that
 * is read though it is not the tool's own. Null when it holds no port, which is nothing to a command that does not serve.
 */
function platformPort({ variables }: ProcessFacts, otherwise: number): number | null {
  const text = variables["PORT"] || undefined;
  if (text === undefined) return otherwise;
  return isPort(text) ? Number(text) : null;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** The folder itself, or the one that a file lies in; for paths that do not exist, the nearest folder above. */
async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return path;
  return dirname(path) === path ? path : nearestFolder(dirname(path));
}

async function requireFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return path;
  throw new Failure("FILE_NOT_FOUND", {
    message: `The project folder ${path} does not exist.`,
    hint: "Check --project.",
  });
}
