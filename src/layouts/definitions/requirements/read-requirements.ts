import { posix } from "node:path";

import type { Language, ModelDefinition, RequirementsFile } from "../../../model/definition/model-definition.ts";
import { CODE_FOLDER, joinPath } from "../definition-paths.ts";
import type { Reading } from "../reading.ts";
import { expandRequirements } from "./expand-requirements.ts";
import type { PackageFile, PackageSource } from "./package-file.ts";

type Requirements = ModelDefinition["requirements"];

const NONE: Requirements = { train: [], predict: [] };

const PYPROJECT = "pyproject.toml";

/** Files that list packages in formats of their own, the preferred one first. Parsers are loaded when such a file is there. */
const FORMATS: readonly {
  readonly names: readonly string[];
  readonly load: () => Promise<(source: PackageSource) => PackageFile | null>;
}[] = [
  {
    names: [PYPROJECT],
    load: async () => (await import("./pyproject/read-pyproject.ts")).readPyproject,
  },
  {
    names: ["environment.yml", "environment.yaml"],
    load: async () => (await import("./conda/read-conda-environment.ts")).readCondaEnvironment,
  },
];

/**
 * The requirements of a definition: beside the code, in the code root or beside `model.json`, the first place
 * that has any. Requirements files win over `pyproject.toml`, and that over `environment.yml`.
 * What a `pyproject.toml` asks of Python counts in any case.
 * `requirements_train.txt` and `requirements_predict.txt` stand for themselves, not beside `requirements.txt`.
 */
export async function readRequirements(reading: Reading, codeRoot: string, language: Language): Promise<Requirements> {
  const places = [...new Set([joinPath(codeRoot, CODE_FOLDER), codeRoot, ""])];
  if (language === "R") return readBoth(reading, places, { train: ["requirements.R"], predict: ["requirements.R"] });
  // SQL needs no packages, and Node resolves a TypeScript model's from its package.json.
  if (language === "sql" || language === "typescript") return NONE;
  const found = readBoth(reading, places, {
    train: ["requirements_train.txt", "requirements.txt", "requirements_predict.txt"],
    predict: ["requirements_predict.txt", "requirements.txt", "requirements_train.txt"],
  });
  return withPython(reading, places, found.train.length > 0 ? found : await readPackageFile(reading, places));
}

/**
 * A `pyproject.toml` says which Pythons a project is for also where the packages are listed in another file, or nowhere.
 * Nothing is added where they come from a file that says so itself.
 */
async function withPython(reading: Reading, places: readonly string[], found: Requirements): Promise<Requirements> {
  if (found.train.some(({ requiresPython }) => requiresPython !== undefined)) return found;
  for (const path of places.map((place) => joinPath(place, PYPROJECT))) {
    const text = reading.snapshot.texts.get(path);
    if (text === undefined) continue;
    const requiresPython = (await import("./pyproject/python-of-pyproject.ts")).pythonOfPyproject(text);
    if (requiresPython === null) continue;
    const file: RequirementsFile = { path, text: "", requiresPython };
    return { train: [...found.train, file], predict: [...found.predict, file] };
  }
  return found;
}

/** Names of files in order of preference; one file of the first place that has any is taken. */
interface Preferences {
  readonly train: readonly string[];
  readonly predict: readonly string[];
}

function readBoth(reading: Reading, places: readonly string[], preferences: Preferences): Requirements {
  const paths = (names: readonly string[]): string[] => {
    const inPlaces = places.map((place) => names.map((name) => joinPath(place, name)));
    return inPlaces.flatMap((candidates) => candidates.find((path) => reading.paths.has(path)) ?? []).slice(0, 1);
  };
  const [trainPaths, predictPaths] = [paths(preferences.train), paths(preferences.predict)];
  const files = new Map([...trainPaths, ...predictPaths].map((path) => [path, readFile(reading, path)]));
  const pick = (picked: readonly string[]): RequirementsFile[] => picked.flatMap((path) => files.get(path) ?? []);
  return { train: pick(trainPaths), predict: pick(predictPaths) };
}

function readFile(reading: Reading, path: string): RequirementsFile[] {
  return textOf(reading, path) === null ? [] : [{ path, text: expandRequirements(reading.snapshot, path) }];
}

function textOf(reading: Reading, path: string): string | null {
  const text = reading.snapshot.texts.get(path);
  if (text !== undefined) return text;
  reading.fault("FILE_NOT_FOUND", path, {
    message: `${path} cannot be read: ${reading.reasonUnreadable(path)}.`,
    remedy: "Make it a readable text file in UTF-8.",
  });
  return null;
}

/** The first file that names packages; one that holds nothing but settings of tools is passed over. */
async function readPackageFile(reading: Reading, places: readonly string[]): Promise<Requirements> {
  for (const { names, load } of FORMATS) {
    const candidates = places.flatMap((place) => names.map((name) => joinPath(place, name)));
    for (const path of candidates.filter((candidate) => reading.paths.has(candidate))) {
      const text = textOf(reading, path);
      const read = await load();
      const file = text === null ? null : read({ reading, path, text });
      if (file !== null) return requirementsOf(path, await lockedFile(reading, path, file));
    }
  }
  return NONE;
}

/** What a lock file beside a `pyproject.toml` pins, where there is one. */
async function lockedFile(reading: Reading, path: string, file: PackageFile): Promise<PackageFile> {
  const lockPath = ["uv.lock", "poetry.lock"].map((name) => posix.join(posix.dirname(path), name));
  const found = posix.basename(path) === PYPROJECT ? lockPath.find((one) => reading.paths.has(one)) : undefined;
  const text = found === undefined ? null : textOf(reading, found);
  if (found === undefined || text === null) return file;
  const { readLockFile } = await import("./locks/read-lock-file.ts");
  return readLockFile({ reading, path: found, text }, file) ?? file;
}

function requirementsOf(path: string, { train, predict, requiresPython, lockPath }: PackageFile): Requirements {
  const fileOf = (lines: readonly string[]): readonly RequirementsFile[] => [
    {
      path: lockPath ?? path,
      text: lines.map((line) => `${line}\n`).join(""),
      ...(requiresPython === null ? {} : { requiresPython }),
      ...(lockPath === undefined ? {} : { isClosure: true }),
    },
  ];
  return { train: fileOf(train), predict: fileOf(predict) };
}
