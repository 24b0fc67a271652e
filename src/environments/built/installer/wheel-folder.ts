import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import { Failure } from "../../../kernel/failure.ts";
import { isSourceVariable } from "./pip-variables.ts";
import type { Requirements } from "../../requirements/read-requirements.ts";

/** Options of a requirements file that say where packages are found; others, such as `--pre`, say which. */
const SOURCE = /^\s*(?:-i|-f|--(?:index-url|pypi-url|extra-index-url|no-index|find-links|trusted-host))(?:[\s=]|$)/;

interface Sources {
  readonly requirements: Requirements;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The same requirements, found in one folder of package files only: indexes and other folders are not asked, wherever
 * they are named.
 * @param folder - absolute.
 * @throws Failure `FILE_NOT_FOUND` when there is no such folder.
 */
export async function onlyFromFolder(folder: string, { requirements, variables }: Sources): Promise<Sources> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new Failure("FILE_NOT_FOUND", {
      message: `The folder of package files ${folder} ${found === null ? "does not exist" : "is no folder"}.`,
      hint: 'Check --wheels, or "wheels" in the project file.',
    });
  const withoutSources = (text: string): string =>
    text
      .split("\n")
      .filter((line) => !SOURCE.test(line))
      .join("\n");
  const others = Object.entries(variables).filter(([name]) => !isSourceVariable(name));
  return {
    requirements: {
      ...requirements,
      text: withoutSources(requirements.text),
      indexOptions: requirements.indexOptions.filter((option) => !SOURCE.test(option)),
    },
    // As an address: pip takes a list of folders that are divided by spaces.
    variables: { ...Object.fromEntries(others), PIP_NO_INDEX: "1", PIP_FIND_LINKS: pathToFileURL(folder).href },
  };
}
