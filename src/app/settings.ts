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

/** Where settings come from: facts of the process, flags, and the project around the work. */
interface Sources {
  readonly facts: ProcessFacts;
  readonly flags: GlobalFlags;
  readonly profile: string | null;
  readonly projectRoot: string;
  /** Null without a project file. */
  readonly projectFolder: string | null;
  readonly file: ProjectFile;
}

/**
 * Reads settings for work in `folder`.
 * @throws Failure `CONFIG_INVALID` naming the file, variable or flag.
 */
export async function readSettings(
  facts: ProcessFacts,
  flags: GlobalFlags,
  folder: string = facts.cwd,
): Promise<Settings> {
  const sources = await findSources(facts, flags, folder);
  const { profile, projectRoot, projectFolder, file } = sources;
  const home = homeFolder(sources);
  return Object.freeze({
    profile,
    home,
    store: storeFolder(sources, home),
    projectRoot,
    python: variable(facts, "MODELWRIGHT_PYTHON") ?? interpreterOf(sources),
    install: file.install ?? true,
    installer: file.installer ?? "auto",
    wheels: file.wheels === undefined || projectFolder === null ? null : resolve(projectFolder, file.wheels),
    variables: { pass: file.env?.pass ?? [], set: file.env?.set ?? {} },
    minimumProof: file.minimumProof ?? "digests",
    storeTestSet: file.storeTestSet ?? "sample",
    allowedEmailDomains: file.allowedEmailDomains ?? [],
    allowedPickleImports: file.allowedPickleImports ?? null,
    authorEmail: file.authorEmail ?? null,
    server: serverSettings(file.server ?? {}, projectRoot, {
      host: variable(facts, "MODELWRIGHT_HOST") ?? file.server?.host ?? "127.0.0.1",
      port: parsePort(variable(facts, "MODELWRIGHT_PORT")) ?? platformPort(facts, file.server?.port ?? 8080),
    }),
    defaults: file.defaults ?? {},
  });
}

async function findSources(facts: ProcessFacts, flags: GlobalFlags, folder: string): Promise<Sources> {
  const isNamed = flags.project !== undefined;
  const start = isNamed ? await requireFolder(resolve(facts.cwd, flags.project)) : await nearestFolder(folder);
  const profile = flags.profile ?? variable(facts, "MODELWRIGHT_PROFILE") ?? null;
  const project = await findProject(start, profile);
  const projectRoot = project?.folder ?? (isNamed ? start : ((await findRepository(start)) ?? start));
  const projectFolder = project?.folder ?? null;
  return { facts, flags, profile, projectRoot, projectFolder, file: project?.file ?? {} };
}

function variable(facts: ProcessFacts, name: SettingVariable): string | undefined {
  return facts.variables[name] || undefined;
}

function homeFolder({ facts, flags, projectFolder }: Sources): string {
  const home = flags.home ?? variable(facts, "MODELWRIGHT_HOME");
  if (home !== undefined) return resolve(facts.cwd, home);
  return projectFolder === null ? userDataFolder(facts) : join(projectFolder, ".modelwright");
}

function storeFolder({ facts, flags, file, projectFolder }: Sources, home: string): string {
  const store = flags.store ?? variable(facts, "MODELWRIGHT_STORE");
  if (store !== undefined) return resolve(facts.cwd, refuseRemote(store));
  if (file.store !== undefined && projectFolder !== null) return resolve(projectFolder, refuseRemote(file.store));
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

function interpreterOf({ file: { python }, projectFolder }: Sources): string | null {
  if (python === undefined) return null;
  const isRelative = python.includes("/") && !isAbsolute(python);
  return isRelative && projectFolder !== null ? resolve(projectFolder, python) : python;
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
