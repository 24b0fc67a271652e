import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";

import { Failure, hasSystemCode } from "../kernel/failure.ts";
import { check, schemaFailure } from "../kernel/parse.ts";
import type { JsonObject } from "../kernel/json.ts";
import { IMPORT_PATTERN } from "../pickles/policy/judge-import.ts";
import { parseCommentedJson } from "../layouts/parse-commented-json.ts";
import { PROOF_LEVELS } from "../model/version/manifest.ts";
import { applyProfile } from "./configuration/apply-profile.ts";
import { serverSchema } from "./configuration/server-settings.ts";

export const PROJECT_FILE = "modelwright.json";

const PROFILE_NAME = /^[A-Za-z0-9][\w-]*$/;

const toleranceSchema = z.strictObject({
  relative: z.number().nonnegative().describe("Relative difference of floats that is still equal."),
  absolute: z
    .number()
    .nonnegative()
    .default(0)
    .describe("Absolute difference that is still equal, for values near zero."),
  labels: z.number().min(0).max(1).default(0).describe("Share of labels that may differ."),
});

const settingsFields = {
  store: z.string().min(1).optional().describe("Folder of the model store."),
  python: z.string().min(1).optional().describe("Interpreter for Python models: a path or a name on the PATH."),
  install: z.boolean().optional().describe("False: use the interpreter's packages as they are."),
  installer: z
    .enum(["auto", "pip", "uv"])
    .optional()
    .describe("What resolves and installs Python packages; auto (the default): uv where it is on the PATH, else pip."),
  wheels: z.string().min(1).optional().describe("Folder of package files to install from, instead of an index."),
  env: z
    .strictObject({
      pass: z.array(z.string()).default([]).describe("Names of variables that models are given."),
      set: z.record(z.string(), z.string()).default({}).describe("Variables that are set for models."),
    })
    .optional(),
  defaults: z
    .strictObject({ tolerance: toleranceSchema.optional(), owner: z.string().optional() })
    .optional()
    .describe("Fields that every model.json of the project begins with."),
  minimumProof: z.enum(PROOF_LEVELS).optional().describe("Versions with a weaker proof are not served."),
  allowedEmailDomains: z.array(z.string()).optional().describe("Domains that the author's e-mail address may have."),
  allowedPickleImports: z
    .array(z.string().regex(IMPORT_PATTERN, "must be a full name such as sklearn.*, in which * stands for anything"))
    .optional()
    .describe("What pickles may import, for example sklearn.*; others are not opened. Plain Python values always may."),
  authorEmail: z.string().optional(),
  storeTestSet: z
    .enum(["full", "sample", "digest"])
    .optional()
    .describe("How much of the labelled test set a version keeps."),
  server: serverSchema.optional().describe("How models are served."),
};

/** `modelwright.json`: what a project says once for all of its models. Paths are relative to the file. */
export const projectFileSchema = z.strictObject({
  $schema: z.string().optional(),
  ...settingsFields,
  profiles: z
    .record(
      z.string().regex(PROFILE_NAME, "must be a name of letters, digits, - and _"),
      z.strictObject(settingsFields),
    )
    .optional()
    .describe("By name (development, testing, production, …): settings that count instead when the profile is chosen."),
});

export type ProjectFile = z.infer<typeof projectFileSchema>;

export interface Project {
  /** Absolute folder that holds `modelwright.json`. */
  readonly folder: string;
  readonly file: ProjectFile;
}

/**
 * The nearest `modelwright.json` at or above `folder`, with a profile laid over it if one is chosen, or null.
 * @throws Failure `CONFIG_INVALID` with position or JSON pointer; when the profile does not exist, listing those that do.
 */
export async function findProject(folder: string, profile: string | null): Promise<Project | null> {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, PROJECT_FILE);
    const text = await readIfThere(path);
    if (text !== null) return { folder: at, file: parseProjectFile(text, path, profile) };
    if (dirname(at) === at) break;
  }
  if (profile === null) return null;
  throw new Failure("CONFIG_INVALID", {
    message: `There is no profile "${profile}": profiles are kept in a ${PROJECT_FILE}, and there is none at or above ${folder}.`,
    hint: "Work in the project's folder, or name it with --project.",
  });
}

/** The nearest folder at or above `folder` that holds a `.git`, or null. */
export async function findRepository(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(join(at, ".git")).catch(() => null);
    if (found !== null) return at;
    if (dirname(at) === at) return null;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR", "EISDIR")) return null;
    throw new Failure("CONFIG_INVALID", { message: `${path} cannot be read.`, cause: error });
  }
}

function checkProjectFile(document: unknown, where: string): ProjectFile {
  const { value, issues } = check(projectFileSchema, document);
  if (issues !== null) throw schemaFailure("CONFIG_INVALID", where, issues);
  return value;
}

function parseProjectFile(text: string, path: string, profile: string | null): ProjectFile {
  const { value, problems } = parseCommentedJson(text.replace(/^\uFEFF/, ""));
  const [problem] = problems;
  if (problem === undefined) {
    const file = checkProjectFile(value, path);
    if (profile === null) return file;
    // As it was written: defaults that the schema filled in must not count as if the profile had said them.
    const merged = applyProfile(value as JsonObject, profile, path);
    return checkProjectFile(merged, `${path} with the profile ${profile}`);
  }
  throw new Failure("CONFIG_INVALID", {
    message: `${path}:${problem.line}:${problem.column} is not JSON: ${problem.message}`,
    hint: "Comments and trailing commas are allowed; everything else must be JSON.",
  });
}
