import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

import { Failure } from "../../kernel/failure.ts";
import type { Fault, ModelDefinition, ReadDefinition } from "../../model/definition/model-definition.ts";
import type { Services } from "../services.ts";
import { listDefinitions, readDefinitionFolder, type ListedDefinition } from "./list-definitions.ts";

const SHORTEST_ID_PREFIX = 4;
const SHOWN_MATCHES = 20;

/**
 * The definition that `text` names: a folder, an id (or the beginning of one), a name or a store name.
 * Null picks the only definition there is.
 * @throws Failure `DEFINITION_NOT_FOUND`, `DEFINITION_AMBIGUOUS`, `DEFINITION_INVALID` (with every fault).
 */
export async function pickDefinition(services: Services, text: string | null, cwd: string): Promise<ModelDefinition> {
  const folder = text === null ? null : await definitionFolder(resolve(cwd, text));
  if (folder !== null) {
    return requireValid(await readDefinitionFolder(services, folder, cwd));
  }
  const { definitions } = await listDefinitions(services, null);
  return requireValid(chooseOne(definitions, text).read);
}

/** True when `text` is a path to a definition folder rather than a name or reference. */
export async function isDefinitionFolder(text: string, cwd: string): Promise<boolean> {
  return (await definitionFolder(resolve(cwd, text))) !== null;
}

async function definitionFolder(path: string): Promise<string | null> {
  const found = await stat(join(path, "model.json")).catch(() => null);
  return found?.isFile() === true ? path : null;
}

function chooseOne(found: readonly ListedDefinition[], text: string | null): ListedDefinition {
  const matches = text === null ? found : matching(found, text);
  const [only, ...others] = matches;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw notFound(found, text);
  throw new Failure(text === null ? "USAGE" : "DEFINITION_AMBIGUOUS", {
    message:
      text === null
        ? `There are ${matches.length} model definitions; say which one.`
        : `${matches.length} model definitions are called "${text}".`,
    hint: `Give the path of one of them, or its id:\n${matches.slice(0, SHOWN_MATCHES).map(matchLine).join("\n")}`,
  });
}

function matchLine({ path, read }: ListedDefinition): string {
  const { id, name } = identityOf(read);
  return `${path}  ${name}, id ${id}`;
}

/** The most exact match wins: id, then name, then store name, then the beginning of an id, then the folder's name. */
function matching(found: readonly ListedDefinition[], text: string): readonly ListedDefinition[] {
  const tests: readonly ((identity: Identity) => boolean)[] = [
    (identity) => identity.id === text,
    (identity) => identity.name === text,
    (identity) => identity.storeName === text,
    (identity) => text.length >= SHORTEST_ID_PREFIX && identity.id.startsWith(text),
  ];
  for (const test of tests) {
    const matches = found.filter((candidate) => test(identityOf(candidate.read)));
    if (matches.length > 0) return matches;
  }
  return found.filter(({ path }) => path === text || basename(path) === text);
}

interface Identity {
  readonly id: string;
  readonly name: string;
  readonly storeName: string | null;
}

function identityOf(read: ReadDefinition): Identity {
  if (read.valid) return read.definition;
  return { id: read.partial.id ?? "(no id)", name: read.partial.name, storeName: null };
}

function notFound(found: readonly ListedDefinition[], text: string | null): Failure {
  const names = found.slice(0, 10).map((candidate) => identityOf(candidate.read).name);
  return new Failure("DEFINITION_NOT_FOUND", {
    message: text === null ? "There are no model definitions here." : `There is no model definition "${text}" here.`,
    hint:
      names.length === 0
        ? "Definitions are folders with a model.json under model_definitions/ or models/. `modelwright add <name>` makes one; --project names another project."
        : `There are: ${names.join(", ")}${found.length > 10 ? ", …" : ""}. \`modelwright list\` shows all.`,
  });
}

/** The definition, or a failure that lists every fault. */
export function requireValid(read: ReadDefinition): ModelDefinition {
  if (read.valid) return read.definition;
  throw new Failure("DEFINITION_INVALID", {
    message: `The model definition ${read.partial.name} has ${read.faults.length === 1 ? "a fault" : `${read.faults.length} faults`}:\n${read.faults.map(faultLine).join("\n")}`,
    hint: "Mend what is listed; `modelwright list` checks again.",
    details: { faults: read.faults.map((fault) => ({ ...fault })) },
  });
}

/** One fault as people read it. */
export function faultLine(fault: Fault): string {
  return `  ${fault.where}: ${fault.message} (${fault.code}) → ${fault.remedy}`;
}
