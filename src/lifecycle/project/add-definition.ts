import { join } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import { planDefinition, type TextFile } from "../../layouts/plan-definition.ts";
import { storeName } from "../../model/version/model-reference.ts";
import type { Services } from "../services.ts";
import { readTextFiles, writeNewFolder } from "./copy-text-files.ts";

export interface AddRequest {
  readonly name: string;
  readonly description: string | null;
  readonly language: "python" | "typescript";
  /** Absolute folder under which the definition's folder is made; null: the project's `model_definitions/`. */
  readonly parent: string | null;
  readonly newId: string;
}

/** A definition that is about to be written. */
export interface AdditionPlan {
  readonly folder: string;
  readonly name: string;
  readonly storeName: string;
  readonly files: readonly TextFile[];
}

/**
 * Decides the files of a new definition; writes nothing.
 * @throws Failure `USAGE` for a name that cannot be one.
 */
export async function planAddition(services: Services, request: AddRequest): Promise<AdditionPlan> {
  requireUsableName(request.name);
  const template = await readTextFiles(join(services.folders.templates, request.language));
  const name = storeName(request.name);
  const files = planDefinition({
    template,
    id: request.newId,
    name: request.name,
    description: request.description ?? `The model ${request.name}.`,
  });
  const parent = request.parent ?? join(services.settings.projectRoot, "model_definitions");
  return { folder: join(parent, name), name: request.name, storeName: name, files };
}

function requireUsableName(name: string): void {
  if (/\p{L}|\p{N}/u.test(name) && !/[/\\\p{Cc}]/u.test(name)) return;
  throw new Failure("USAGE", {
    message: `"${name}" cannot be the name of a model definition.`,
    hint: "Give a name with letters or digits and without slashes; --dir chooses the folder that it is put into.",
  });
}

/** Writes a planned definition: the whole folder or nothing. */
export async function carryOutAddition(plan: AdditionPlan): Promise<void> {
  await writeNewFolder(plan.folder, plan.files);
}
