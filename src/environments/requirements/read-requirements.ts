import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";

import { messageOf } from "../../kernel/failure.ts";
import type { RequirementsFile } from "../../model/definition/model-definition.ts";
import { parseRequirementLines, type RequirementLine } from "./parse-requirement-lines.ts";

/** A single PEP 508 requirement, and whether it only limits what others may bring. */
export interface PackageRequirement {
  readonly text: string;
  readonly isConstraint: boolean;
}

/** The requirements of a model with everything that their files include. */
export interface Requirements {
  /** Of the files, for messages. */
  readonly paths: readonly string[];
  /** For pip: the files' own lines, without comments. */
  readonly text: string;
  /** True when they name all that is to be installed, as lock files do: nothing is added to it. */
  readonly isClosure: boolean;
  /** True when there is nothing to install. */
  readonly isEmpty: boolean;
  /** Text of every file that is included, so that a change in one is noticed. */
  readonly includedTexts: readonly string[];
  readonly packages: readonly PackageRequirement[];
  /** Lines that say where and how packages are looked for. */
  readonly indexOptions: readonly string[];
  /** Included files that cannot be read, as sentences. */
  readonly unreadable: readonly string[];
  /** What the files ask of Python itself; see `RequirementsFile.requiresPython`. */
  readonly pythons: readonly PythonRequirement[];
}

export interface PythonRequirement {
  /** Of the file, for messages. */
  readonly path: string;
  readonly requirement: string;
}

interface Reading {
  readonly includedTexts: string[];
  readonly packages: PackageRequirement[];
  readonly indexOptions: string[];
  readonly unreadable: string[];
  /** Files that were visited; they may include each other. */
  readonly seen: Set<string>;
  /** How many lines ask for something that is not a plain package: a local folder, a file at an address. */
  otherCount: number;
}

interface Place {
  /** For messages. */
  readonly path: string;
  /** Absolute folder that relative paths begin in, or null where it is not known. */
  readonly folder: string | null;
  readonly isConstraint: boolean;
}

/** Reads what requirements files ask for. Layouts leave no relative paths in them, so other files are named absolutely. */
export async function readRequirements(files: readonly RequirementsFile[]): Promise<Requirements> {
  const found = { includedTexts: [], packages: [], indexOptions: [], unreadable: [] };
  const reading: Reading = { ...found, seen: new Set(), otherCount: 0 };
  const lines = files.flatMap((file) => parseRequirementLines(file.text).map((line) => ({ line, path: file.path })));
  for (const { line, path } of lines) await take(reading, line, { path, folder: null, isConstraint: false });
  const text = lines.map(({ line }) => `${line.text}\n`).join("");
  const { includedTexts, packages, indexOptions, unreadable, otherCount } = reading;
  const isEmpty = otherCount + unreadable.length === 0 && packages.every((one) => one.isConstraint);
  const pythons = files.flatMap(({ path, requiresPython: requirement }) =>
    requirement === undefined ? [] : { path, requirement },
  );
  return {
    paths: files.map((file) => file.path),
    text,
    isClosure: files.length > 0 && files.every((file) => file.isClosure === true),
    isEmpty,
    includedTexts,
    packages,
    indexOptions,
    unreadable,
    pythons,
  };
}

async function take(reading: Reading, line: RequirementLine, place: Place): Promise<void> {
  switch (line.kind) {
    case "package":
      reading.packages.push({ text: line.requirement, isConstraint: place.isConstraint });
      return;
    case "indexOption":
      reading.indexOptions.push(absoluteFindLinks(line.text, place.folder));
      return;
    case "include":
    case "constraints":
      return takeFile(reading, line.path, {
        ...place,
        isConstraint: place.isConstraint || line.kind === "constraints",
      });
    case "other":
      reading.otherCount += 1;
      return;
    default:
      line satisfies never;
  }
}

async function takeFile(reading: Reading, target: string, from: Place): Promise<void> {
  // An address: pip fetches it, and reads it again only with --upgrade.
  if (/^[a-z]+:\/\//.test(target)) {
    reading.otherCount += 1;
    return;
  }
  const path = from.folder === null ? target : resolve(from.folder, target);
  const visit = `${from.isConstraint} ${path}`;
  if (reading.seen.has(visit)) return;
  reading.seen.add(visit);
  try {
    if (!isAbsolute(path)) throw new Error("it is not known which folder it is in");
    const text = await readFile(path, "utf8");
    reading.includedTexts.push(text);
    const place = { path, folder: dirname(path), isConstraint: from.isConstraint };
    for (const line of parseRequirementLines(text)) await take(reading, line, place);
  } catch (error) {
    reading.unreadable.push(`${from.path} includes ${target}, which cannot be read: ${messageOf(error)}`);
  }
}

function absoluteFindLinks(option: string, folder: string | null): string {
  const [, before, target] = /^((?:-f|--find-links)(?:\s*=\s*|\s+))(\S+)$/.exec(option) ?? [];
  if (folder === null || before === undefined || target === undefined || target.includes(":")) return option;
  return before + resolve(folder, target);
}
