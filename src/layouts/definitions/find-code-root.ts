import type { Language } from "../../model/definition/model-definition.ts";
import { CODE_FOLDER, isBeside, joinPath } from "./definition-paths.ts";
import type { Reading } from "./reading.ts";

// A Python package may lack __init__.py: its modules are then found by name.
const ENTRY_FILES: Readonly<Record<Language, readonly string[]>> = {
  python: ["__init__.py", "training.py"],
  pyspark: ["__init__.py", "training.py"],
  R: ["training.R"],
  sql: ["training.sql"],
  typescript: ["index.ts"],
};

/**
 * The folder that holds `model_modules/`, relative to the definition: one directly below it (the trainer framework's,
 * `DOCKER/` in old ones), else the definition itself as the empty string. Null after a fault was reported.
 * @param language - null when it is not known; the entry file is then not looked for.
 */
export function findCodeRoot(reading: Reading, language: Language | null): string | null {
  const below = foldersWithCode(reading);
  if (below.length > 1) {
    reading.fault("CODE_AMBIGUOUS", "", {
      message: `More than one folder holds ${CODE_FOLDER}: ${below.join(", ")}.`,
      remedy: "Keep one of them in this definition and move the others to definitions of their own.",
    });
    return null;
  }
  const codeRoot = below[0] ?? "";
  const codeFolder = joinPath(codeRoot, CODE_FOLDER);
  if (!reading.hasFolder(codeFolder)) {
    reading.fault("CODE_MISSING", codeFolder, {
      message: `The definition has no ${CODE_FOLDER} folder.`,
      remedy: `Put the code into ${CODE_FOLDER}/ beside config.json. Where that is a link, it must not lead out of the repository.`,
    });
    return null;
  }
  if (language !== null) checkEntryFile(reading, codeFolder, language);
  return codeRoot;
}

function foldersWithCode(reading: Reading): string[] {
  const found = new Set<string>();
  for (const { path } of reading.snapshot.entries) {
    const [folder = "", next, file] = path.split("/");
    if (next === CODE_FOLDER && file !== undefined && folder !== CODE_FOLDER && !isBeside(folder)) found.add(folder);
  }
  return [...found].sort();
}

function checkEntryFile(reading: Reading, codeFolder: string, language: Language): void {
  const names = ENTRY_FILES[language];
  if (names.some((name) => reading.paths.has(`${codeFolder}/${name}`))) return;
  reading.fault("CODE_MISSING", `${codeFolder}/${names[0] ?? ""}`, {
    message: `${codeFolder} has no ${names.join(" or ")}, where the code of a model in ${language} begins.`,
    remedy: "Add the file, or correct the language in model.json.",
  });
}
