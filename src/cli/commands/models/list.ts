import { resolve } from "node:path";

import { listDefinitions, type ListedDefinition } from "../../../lifecycle/definitions/list-definitions.ts";
import { faultLine } from "../../../lifecycle/definitions/pick-definition.ts";
import type { Fault } from "../../../model/definition/model-definition.ts";
import type { RunCommand } from "../../command.ts";
import { table } from "../../output/text.ts";

/** `list`: every definition, valid or not. Listing an invalid one is no error of the command; `doctor` makes it one. */
export const run: RunCommand = async (context, input) => {
  const path = input.arguments[0];
  const folder = path === undefined ? null : resolve(context.facts.cwd, path);
  const services = await context.services(folder ?? undefined);
  const { definitions, unreadable } = await listDefinitions(services, folder);
  const models = definitions.map(modelJson);
  const notes = unreadable.map(({ path: at, reason }) => `  ${at} could not be read: ${reason}`);
  const text = definitions.length === 0 ? nothingFound(folder ?? services.settings.projectRoot) : render(definitions);
  return { json: { models }, text: [text, ...notes].join("\n") };
};

function modelJson({ read, path }: ListedDefinition) {
  const { id, name, language, layout } = read.valid ? read.definition : read.partial;
  const faults = read.faults.map((fault) => ({ ...fault }));
  const warnings = read.valid ? read.warnings.map((warning) => ({ ...warning })) : [];
  return { name, id, language, layout, path, valid: read.valid, faults, warnings };
}

function render(definitions: readonly ListedDefinition[]): string {
  const rows = definitions.map(({ read, path }) => {
    const { id, name, language } = read.valid ? read.definition : read.partial;
    const state = read.valid ? "ok" : `${read.faults.length} ${read.faults.length === 1 ? "fault" : "faults"}`;
    return [name, language ?? "?", state, path, id ?? ""];
  });
  const faults = definitions.flatMap(({ read }) => read.faults.map(faultLine));
  const warnings = definitions.flatMap(({ read }) => (read.valid ? read.warnings.map(warningLine) : []));
  const lines = table(["MODEL", "LANGUAGE", "STATE", "PATH", "ID"], rows);
  const notes = [...faults, ...warnings];
  return notes.length === 0 ? lines : `${lines}\n\n${notes.join("\n")}`;
}

/** What is odd about a definition that can be used all the same. */
function warningLine({ where, message, remedy }: Fault): string {
  return `  note: ${where}: ${message} → ${remedy}`;
}

function nothingFound(folder: string): string {
  return `No model definitions under ${folder}.\nA definition is a folder with a model.json below model_definitions/ or models/; \`modelwright add <name>\` makes one.`;
}
