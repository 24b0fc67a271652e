import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { isJsonObject } from "../../kernel/json.ts";
import { DEFINITION_MARKER } from "../../layouts/find-definitions.ts";
import { parseCommentedJson } from "../../layouts/parse-commented-json.ts";
import { planDefinition } from "../../layouts/plan-definition.ts";
import { renameDefinition } from "../../layouts/rename-definition.ts";
import { listDefinitions } from "../definitions/list-definitions.ts";
import { storeName } from "../../model/version/model-reference.ts";
import type { Services } from "../services.ts";
import { readFiles, requireNoFolder, writeNewFolder, type NewFile } from "./copy-files.ts";
import { withScaffold } from "./scaffold.ts";
import type { Template } from "./templates.ts";

export interface AddRequest {
  readonly name: string;
  readonly description: string | null;
  readonly template: Template;
  /** True: with folders for notebooks, data and queries. */
  readonly scaffold: boolean;
  /** Absolute folder under which the definition's folder is made; null: the project's `model_definitions/`. */
  readonly parent: string | null;
  readonly newId: string;
}

/** A definition that is about to be written. */
export interface AdditionPlan {
  readonly folder: string;
  readonly name: string;
  readonly storeName: string;
  readonly files: readonly NewFile[];
}

/**
 * Decides the files of a new definition; writes nothing.
 * @throws Failure `USAGE` for a name that cannot be one, `MODEL_NAME_TAKEN` when the project has a model of that name, `JSON_MALFORMED` for a template whose `model.json` is broken.
 */
export async function planAddition(services: Services, request: AddRequest): Promise<AdditionPlan> {
  requireUsableName(request.name);
  const { name, folder } = placeOf(services, request);
  const files = request.template.origin === "shipped" ? await fillIn(request) : await copyAsItIs(request);
  await requireFreeName(services, { name, folder });
  return {
    folder,
    ...{ name: request.name, storeName: name, files: request.scaffold ? withScaffold(files) : files },
  };
}

type Placed = Pick<AddRequest, "name" | "parent">;

interface Place {
  /** As the store has it. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

function placeOf(services: Services, { name, parent }: Placed): Place {
  const stored = storeName(name);
  return { name: stored, folder: join(parent ?? join(services.settings.projectRoot, "model_definitions"), stored) };
}

/**
 * Whether a definition can be made under this name, before anything else about it is decided.
 * @throws Failure `USAGE`, `MODEL_NAME_TAKEN`, `TARGET_EXISTS`.
 */
export async function requireAvailable(services: Services, request: Placed): Promise<void> {
  requireUsableName(request.name);
  const place = placeOf(services, request);
  await requireFreeName(services, place);
  await requireNoFolder(place.folder);
}

/** Two definitions of one name could not both be published under it. A folder that is there already is told as such, later. */
async function requireFreeName(services: Services, { name, folder }: Place): Promise<void> {
  const { definitions } = await listDefinitions(services, null);
  const namesake = definitions.find(
    (found) => found.read.valid && found.read.definition.storeName === name && found.folder !== folder,
  );
  if (namesake === undefined) return;
  throw new Failure("MODEL_NAME_TAKEN", {
    message: `The model in ${namesake.path} is called "${name}" in the store already.`,
    hint: "Choose another name; --dir says only where the definition is put.",
    details: { model: name, path: namesake.path },
  });
}

/** One of the tool's own templates, which have places for what is new. */
async function fillIn({ template, newId, name, description }: AddRequest): Promise<readonly NewFile[]> {
  const files = await readFiles(template.folder);
  const texts = files.map(({ path, content }) => ({ path, text: content.toString("utf8") }));
  const sentence = description ?? `The model ${name}.`;
  const planned = planDefinition({ template: texts, id: newId, name, description: sentence });
  return planned.map(({ path, text }) => ({ path, content: text }));
}

/** A repository's own template, of which only `model.json` is told the new identity. */
async function copyAsItIs({ template, newId, name, description }: AddRequest): Promise<readonly NewFile[]> {
  const files = await readFiles(template.folder);
  return files.map((file) => {
    if (file.path !== DEFINITION_MARKER) return file;
    const text = file.content.toString("utf8");
    requireJson(template, text);
    return { ...file, content: renameDefinition(text, { id: newId, name, description }) };
  });
}

/** What is broken is copied broken, and its fault would be looked for in the copy. */
function requireJson({ name, folder }: Template, text: string): void {
  const { value, problems } = parseCommentedJson(text);
  const [problem] = problems;
  if (problem === undefined && isJsonObject(value)) return;
  const place = problem === undefined ? "" : `:${problem.line}:${problem.column}`;
  throw new Failure("JSON_MALFORMED", {
    message: `The model.json of the template ${name} cannot be used: ${problem?.message ?? "it must be an object"}.`,
    hint: `Mend ${join(folder, DEFINITION_MARKER)}${place}.`,
  });
}

/** Whether a definition can be called so: its folder is named after it. */
export function isUsableName(name: string): boolean {
  return /\p{L}|\p{N}/u.test(name) && !/[/\\\p{Cc}]/u.test(name);
}

function requireUsableName(name: string): void {
  if (isUsableName(name)) return;
  throw new Failure("USAGE", {
    message: `"${name}" cannot be the name of a model definition.`,
    hint: "Give a name with letters or digits and without slashes; --dir chooses the folder that it is put into.",
  });
}

/** Writes a planned definition: the whole folder or nothing. */
export async function carryOutAddition(plan: AdditionPlan): Promise<void> {
  await writeNewFolder(plan.folder, plan.files);
}
