import { access, constants, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

import { hasSystemCode } from "../../kernel/failure.ts";

/** An environment of the tool's own, as it stands on the disk. */
export interface KeptEnvironment {
  /** Name of its folder. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Absolute path of its interpreter. */
  readonly python: string;
  /** For example `CPython 3.11.7`. */
  readonly interpreterVersion: string;
  readonly packages: readonly string[];
  /** Of the lock that it was made from; see `parseLock`. */
  readonly lockDigest: string;
  readonly lastUsedAt: Date;
}

/** What stands in the folder of environments. */
export interface KeptEnvironments {
  readonly environments: readonly KeptEnvironment[];
  /** Absolute folders of what was never finished, or whose interpreter is gone. */
  readonly broken: readonly string[];
}

const NAME = /^[0-9a-f]{32}$/;
const readySchema = z.object({ interpreterVersion: z.string(), lockDigest: z.string(), packages: z.array(z.string()) });

/** Reads what is kept, the environment that was used last first. */
export async function listEnvironments(envsFolder: string): Promise<KeptEnvironments> {
  const names = await namesIn(envsFolder);
  const found = await Promise.all(names.filter((name) => NAME.test(name)).map((name) => read(envsFolder, name)));
  const environments = found.filter((one) => typeof one !== "string");
  const unfinished = names.filter((name) => name.endsWith(".tmp") && NAME.test(name.slice(0, -4)));
  return {
    environments: environments.sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime()),
    broken: [
      ...found.filter((one) => typeof one === "string"),
      ...unfinished.map((name) => join(envsFolder, name)),
      ...(await brokenPips(join(envsFolder, "pip"))),
    ],
  };
}

/** The environment, or its folder where it is broken. */
async function read(envsFolder: string, name: string): Promise<KeptEnvironment | string> {
  const folder = join(envsFolder, name);
  const python = join(folder, "bin", "python");
  try {
    await access(python, constants.X_OK);
    const file = join(folder, "ready.json");
    const ready = readySchema.parse(JSON.parse(await readFile(file, "utf8")));
    return { name, folder, python, ...ready, lastUsedAt: (await stat(file)).mtime };
  } catch {
    return folder;
  }
}

/** The tool's own pip is kept in environments beside the others. */
async function brokenPips(folder: string): Promise<readonly string[]> {
  const folders = (await namesIn(folder)).filter((name) => NAME.test(name)).map((name) => join(folder, name));
  const states = await Promise.all(
    folders.map(async (path) => ({ path, isWhole: await isThere(join(path, "ready")) })),
  );
  return states.flatMap(({ path, isWhole }) => (isWhole ? [] : [path]));
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasSystemCode(error, "ENOENT")) return [];
    throw error;
  }
}
