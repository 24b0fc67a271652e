import { readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";

import { findFolders } from "../../files/find-folders.ts";
import { Failure } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";
import { DEFINITION_MARKER } from "../../layouts/find-definitions.ts";
import { parseCommentedJson } from "../../layouts/parse-commented-json.ts";
import type { Services } from "../services.ts";

/** What a new definition can be made from. */
export interface Template {
  /** As `--template` takes it; of a repository's own the path below `model_templates/`. */
  readonly name: string;
  /** `repository`: from the project's own `model_templates/`, copied as it is. */
  readonly origin: "shipped" | "repository";
  /** As `model.json` says. */
  readonly language: string | null;
  readonly framework: string | null;
  /** Absolute. */
  readonly folder: string;
}

/** Folder of a repository's own templates. */
export const TEMPLATE_FOLDER = "model_templates";

/** The default first. */
const SHIPPED = ["scikit-learn", "xgboost", "pytorch", "typescript"] as const;
const MAX_DEPTH = 4;

/** The templates that ship with the tool, and those of the project. */
export async function listTemplates(services: Services): Promise<readonly Template[]> {
  const own = join(services.settings.projectRoot, TEMPLATE_FOLDER);
  const { folders } = await findFolders({
    projectRoot: services.settings.projectRoot,
    containing: DEFINITION_MARKER,
    roots: [own],
    maxDepth: MAX_DEPTH,
  });
  const found = [...folders].sort().map((folder) => ({ name: relative(own, folder) || basename(own), folder }));
  // The project's own of the same name is the one that is taken.
  const shipped = SHIPPED.filter((name) => !found.some((one) => one.name === name)).map((name) => ({
    name,
    folder: join(services.folders.templates, name),
  }));
  return Promise.all([
    ...shipped.map((one) => describe(one, "shipped")),
    ...found.map((one) => describe(one, "repository")),
  ]);
}

async function describe(
  { name, folder }: Pick<Template, "name" | "folder">,
  origin: Template["origin"],
): Promise<Template> {
  // A broken template hides no other; making something of it fails.
  const text = await readFile(join(folder, DEFINITION_MARKER), "utf8").catch(() => "");
  const { value } = parseCommentedJson(text);
  const fields = isJsonObject(value) ? value : {};
  const textOf = (field: string): string | null => {
    const found = fields[field];
    return typeof found === "string" ? found : null;
  };
  return { name, origin, folder, language: textOf("language"), framework: textOf("framework") };
}

/**
 * The template of this name: the project's own win, and may be named without the folders that they lie in. Without a
 * name the usual one of the language.
 * @throws Failure `TEMPLATE_NOT_FOUND` with all that there are, `USAGE` for a template in another language.
 */
export function chooseTemplate(
  templates: readonly Template[],
  { name, language }: { readonly name: string | null; readonly language: string | null },
): Template {
  const wanted = name ?? (language === "typescript" ? "typescript" : SHIPPED[0]);
  const own = name === null ? [] : templates.filter(({ origin }) => origin === "repository");
  const exact = own.find((one) => one.name === wanted) ?? templates.find((one) => one.name === wanted);
  const [only, ...others] = own.filter((one) => basename(one.name) === wanted);
  const found = exact ?? (others.length === 0 ? only : undefined);
  if (found === undefined) throw notFound(wanted, templates);
  if (language === null || found.language === null || found.language === language) return found;
  throw new Failure("USAGE", {
    message: `The template ${found.name} is written in ${found.language}, not in ${language}.`,
    hint: "Leave out --language: the template decides it.",
  });
}

function notFound(wanted: string, templates: readonly Template[]): Failure {
  return new Failure("TEMPLATE_NOT_FOUND", {
    message: `There is no template ${JSON.stringify(wanted)}.`,
    hint: `Templates: ${templates.map(({ name }) => name).join(", ")}.`,
    details: { templates: templates.map(({ name }) => name) },
  });
}
