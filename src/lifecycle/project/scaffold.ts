import type { NewFile } from "./copy-files.ts";

/** Folders for the work around a model, each with a word about what belongs there. */
const FOLDERS: Readonly<Record<string, string>> = {
  notebooks:
    "# Notebooks\n\nExplorations and how the model came about. They are not kept with versions of the model.\n",
  data: "# Data\n\nCrosswalks, code lists and other small data that the model is developed with. Not kept with versions of the model.\n",
  queries: "# Queries\n\nThe SQL that the training data come from. Kept with every version of the model.\n",
};

/** The files with the folders of a project around them; what a template brings itself stays as it is. */
export function withScaffold(files: readonly NewFile[]): readonly NewFile[] {
  const readmes = Object.entries(FOLDERS).map(([folder, text]) => ({ path: `${folder}/README.md`, content: text }));
  return [...files, ...readmes.filter(({ path }) => !files.some((file) => file.path === path))];
}
