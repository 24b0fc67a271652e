import type { Language, ModelDefinition, RequirementsFile } from "../../model/definition/model-definition.ts";
import { CODE_FOLDER, joinPath } from "./definition-paths.ts";
import { expandRequirements } from "./expand-requirements.ts";
import type { Reading } from "./reading.ts";

type Requirements = ModelDefinition["requirements"];

const UNREAD_FILES = ["pyproject.toml", "environment.yml", "environment.yaml"];

/**
 * The requirements files of a definition: beside the code, in the code root or beside `model.json`, the first place
 * that has any. `requirements_train.txt` and `requirements_predict.txt` stand for themselves, not beside
 * `requirements.txt`.
 */
export function readRequirements(reading: Reading, codeRoot: string, language: Language): Requirements {
  const places = [...new Set([joinPath(codeRoot, CODE_FOLDER), codeRoot, ""])];
  if (language === "R") return readBoth(reading, places, ["requirements.R"], ["requirements.R"]);
  // SQL needs no packages, and Node resolves a TypeScript model's from its package.json.
  if (language === "sql" || language === "typescript") return { train: [], predict: [] };
  const found = readBoth(
    reading,
    places,
    ["requirements_train.txt", "requirements.txt", "requirements_predict.txt"],
    ["requirements_predict.txt", "requirements.txt", "requirements_train.txt"],
  );
  if (found.train.length === 0) warnOfUnreadFile(reading, places);
  return found;
}

/** @param train - names in order of preference; one file of the first place that has any is taken. */
function readBoth(
  reading: Reading,
  places: readonly string[],
  train: readonly string[],
  predict: readonly string[],
): Requirements {
  const paths = (names: readonly string[]): string[] => {
    const inPlaces = places.map((place) => names.map((name) => joinPath(place, name)));
    return inPlaces.flatMap((candidates) => candidates.find((path) => reading.paths.has(path)) ?? []).slice(0, 1);
  };
  const [trainPaths, predictPaths] = [paths(train), paths(predict)];
  const files = new Map([...trainPaths, ...predictPaths].map((path) => [path, readFile(reading, path)]));
  const pick = (picked: readonly string[]): RequirementsFile[] => picked.flatMap((path) => files.get(path) ?? []);
  return { train: pick(trainPaths), predict: pick(predictPaths) };
}

function readFile(reading: Reading, path: string): RequirementsFile[] {
  const text = reading.snapshot.texts.get(path);
  if (text !== undefined) return [{ path, text: expandRequirements(reading.snapshot, path) }];
  reading.fault("FILE_NOT_FOUND", path, {
    message: `${path} cannot be read: ${reading.reasonUnreadable(path)}.`,
    remedy: "Make it a readable text file in UTF-8.",
  });
  return [];
}

function warnOfUnreadFile(reading: Reading, places: readonly string[]): void {
  const unread = places.flatMap((place) => UNREAD_FILES.map((name) => joinPath(place, name)));
  const path = unread.find((candidate) => reading.paths.has(candidate));
  if (path === undefined) return;
  reading.warn("REQUIREMENTS_IGNORED", path, {
    message: `${path} is not read: no packages are installed for this model.`,
    remedy: "List the packages in model_modules/requirements.txt, or use an environment that has them with --python.",
  });
}
